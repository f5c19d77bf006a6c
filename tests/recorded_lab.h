#pragma once

#include "cpim/message.h"
#include "store/stored_object.h"
#include "tests/lab.h"

namespace convene::tests {

// The cast, with Participating Functions that record everything, and a look into the users'
// histories.
struct RecordedLab : testing::Test {
  static LabSettings recording() {
    LabSettings settings;
    settings.participating.emplace();
    settings.participating->preferences.offline_storage = true;
    settings.participating->history.has_store = true;
    return settings;
  }
  void begin(LabSettings settings = recording()) {
    lab.emplace(std::move(settings));
    lab->add_cast();
  }
  sim::History& history() { return lab->world().history("cf"); }
  const sim::History::Account& account(const std::string& user) { return history().accounts[user]; }
  // The only folder of a user with so many names in its path.
  const sim::History::FolderContent& folder(const std::string& user, std::size_t depth) {
    static const sim::History::FolderContent none;
    const sim::History::FolderContent* found = nullptr;
    for (const auto& [name, content] : account(user)) {
      if (name.path.size() != depth) continue;
      EXPECT_EQ(found, nullptr) << "several folders";
      found = &content;
    }
    EXPECT_NE(found, nullptr) << "no folder\n" << lab->world().log();
    return found != nullptr ? *found : none;
  }
  const sim::History::FolderContent& session_of(const std::string& user) { return folder(user, 3); }
  static store::StoredObject read(const sim::History::Kept& kept) {
    auto object = store::parse_object(kept.text);
    EXPECT_TRUE(object);
    return object ? *std::move(object) : store::StoredObject{};
  }
  template <class Content>
  std::vector<sim::History::Kept> objects(const sim::History::FolderContent& folder) {
    std::vector<sim::History::Kept> found;
    for (const auto& kept : folder.objects)
      if (std::holds_alternative<Content>(read(kept).content)) found.push_back(kept);
    return found;
  }
  // The texts of the messages in the folder of a user's session; reports are none.
  std::vector<std::string> said(const std::string& user) {
    std::vector<std::string> texts;
    for (const auto& kept : objects<store::StoredMessage>(session_of(user))) {
      const auto message =
          cpim::parse_message(std::get<store::StoredMessage>(read(kept).content).cpim);
      if (message && cpim::content_type_of(*message) == "text/plain")
        texts.push_back(message->body);
    }
    return texts;
  }
  void leave(const std::string& name) {
    EXPECT_TRUE(lab->with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(lab->group_of(name), now, o);
    }));
  }

  std::optional<Lab> lab;
};

}  // namespace convene::tests
