#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "store/imap_store.h"

namespace convene::store {

// For tests: a store and the script of its server.
class ImapStoreTest : public testing::Test {
 protected:
  static constexpr std::string_view capabilities =
      "IMAP4rev1 SASL-IR LITERAL+ UIDPLUS MULTIAPPEND CONDSTORE LIST-STATUS AUTH=PLAIN";

  static ImapStoreSettings settings() {
    ImapStoreSettings settings;
    settings.session.credentials = {.act_for = "", .user = "cpmpf", .secret = "secret"};
    settings.session.keeps_secrets = true;
    return settings;
  }

  RequestId ask(Request request) {
    const RequestId id{++ids};
    store.ask({id, std::move(request)}, now, effects);
    return id;
  }

  void log_in(LinkId link = {1}, std::string_view known = capabilities) {
    store.connected(link, now, effects);
    says("* OK [CAPABILITY " + std::string{known} + "] hi\r\n", link);
    greeting = sent();
    says("a1 OK [CAPABILITY " + std::string{known} + "] in\r\n", link);
  }

  // Line by line: an answer does not come before its question.
  void says(std::string_view lines, LinkId link = {1}) {
    while (!lines.empty()) {
      const auto size = lines.find("\r\n") + 2;
      store.received(link, lines.substr(0, size), now, effects);
      lines.remove_prefix(size);
    }
  }

  std::string sent() {
    std::string text;
    for (const auto& effect : effects) {
      if (const auto* send = std::get_if<SendOctets>(&effect)) text += send->octets;
      if (const auto* file = std::get_if<SendFile>(&effect))
        text += "<file " + std::to_string(file->file.body.value) + " of " +
                std::to_string(file->file.octets) + ">";
    }
    std::erase_if(effects, [](const auto& each) {
      return std::holds_alternative<SendOctets>(each) || std::holds_alternative<SendFile>(each);
    });
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

  template <class T>
  T answer() {
    auto answers = take<Answered>();
    if (answers.size() != 1 || !answers[0].answer) {
      ADD_FAILURE() << answers.size() << " answers";
      return {};
    }
    return std::get<T>(std::move(*answers[0].answer));
  }

  static Object small(std::string text) { return {.pieces = {std::move(text)}}; }
  static Write write(std::vector<Object> objects) {
    return {.account = "+1555", .folder = {{"Default", "c", "s"}}, .objects = std::move(objects)};
  }
  static Write in_session(std::vector<Object> objects) {
    auto what = write(std::move(objects));
    what.session_info = small("info");
    return what;
  }

  KeptLog log;
  TimePoint now{std::chrono::seconds{1'000}};
  ImapStore store{settings(), log};
  ImapStoreEffects effects;
  std::string greeting;
  std::uint64_t ids = 0;
};

}  // namespace convene::store
