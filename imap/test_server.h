#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "imap/session.h"

namespace convene::imap {

// For tests: a session and the script of its server.
class SessionTest : public testing::Test {
 protected:
  static constexpr std::string_view all_extensions =
      "IMAP4rev1 SASL-IR LITERAL+ UIDPLUS MULTIAPPEND CONDSTORE LIST-STATUS AUTH=PLAIN";

  static SessionSettings settings() {
    SessionSettings settings;
    settings.credentials = {.act_for = "alice@example.com", .user = "cpm-pf", .secret = "pfsecret"};
    settings.keeps_secrets = true;
    return settings;
  }

  void says(std::string_view lines) { session.receive(lines, now, effects); }

  // What was sent since, as text: files are "<id:octets>".
  std::string sent() {
    std::string text;
    for (const auto& effect : effects) {
      const auto* send = std::get_if<Send>(&effect);
      if (send == nullptr) continue;
      if (const auto* octets = std::get_if<std::string>(&send->octets)) text += *octets;
      if (const auto* source = std::get_if<Source>(&send->octets))
        text += "<" + std::to_string(source->id) + ":" + std::to_string(source->octets) + ">";
    }
    std::erase_if(effects, [](const auto& each) { return std::holds_alternative<Send>(each); });
    return text;
  }

  template <class T>
  std::vector<T> take() {
    std::vector<T> found;
    for (auto& effect : effects)
      if (auto* each = std::get_if<T>(&effect)) found.push_back(std::move(*each));
    std::erase_if(effects, [](const auto& each) { return std::holds_alternative<T>(each); });
    return found;
  }

  void log_in(std::string_view capabilities = all_extensions) {
    says("* OK [CAPABILITY " + std::string{capabilities} + "] hello\r\n");
    if (!std::string_view{capabilities}.contains("SASL-IR")) says("+ \r\n");
    says("a1 OK [CAPABILITY " + std::string{capabilities} + "] Logged in\r\n");
    ASSERT_TRUE(session.is_ready());
    effects.clear();
  }

  CommandId submit(Command command) {
    const CommandId id{++ids};
    session.submit(id, std::move(command), now, effects);
    return id;
  }

  static Command append_text(std::string text) {
    return append("F", std::vector{Message{.octets = {{std::move(text)}}}});
  }

  TimePoint now{std::chrono::seconds{1'000}};
  Session session{settings(), now};
  Effects effects;
  std::uint64_t ids = 0;
};

}  // namespace convene::imap
