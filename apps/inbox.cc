#include "apps/inbox.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <system_error>
#include <variant>

namespace convene::apps {

void add_save_dir_option(CLI::App& app, std::string& directory) {
  const auto made = [](const std::string& name) {
    std::error_code error;
    std::filesystem::create_directories(name, error);
    return error ? "cannot make " + name + ": " + error.message() : std::string{};
  };
  app.add_option("--save-dir", directory, "where files go; made if it is not there")
      ->check(CLI::Validator{made, "DIR"})
      ->capture_default_str();
}

bool Inbox::told(ConsoleClient& client, const client::Event& event) {
  if (const auto* offered = std::get_if<client::FileOffered>(&event)) {
    names_[offered->transfer] = offered->name;
  } else if (const auto* failed = std::get_if<client::FileFailed>(&event)) {
    names_.erase(failed->transfer);
  } else if (const auto* received = std::get_if<client::FileReceived>(&event)) {
    return save(client, *received);
  }
  return false;
}

bool Inbox::save(ConsoleClient& client, const client::FileReceived& received) {
  const auto name = names_.extract(received.transfer);
  const auto asked_for = client.client().transfer(received.transfer);
  const auto path = client.bodies().save_as(received.body, directory_,
                                            name        ? name.mapped()
                                            : asked_for ? asked_for->name
                                                        : std::string{});
  client.bodies().drop(received.body);
  if (!path) {
    client.output().problem("a file cannot be saved: " + path.error().detail);
    return false;
  }
  client.output().saved(received.transfer, *path);
  return true;
}

}  // namespace convene::apps
