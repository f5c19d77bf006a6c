#include <CLI/CLI.hpp>
#include <memory>
#include <variant>

#include "apps/chat_words.h"
#include "apps/commands.h"
#include "apps/exit_status.h"
#include "apps/file_preparation.h"
#include "apps/group_entry.h"
#include "apps/inbox.h"
#include "apps/line_input.h"
#include "apps/run_command.h"
#include "base/text.h"

namespace convene::apps {

namespace {

struct ChatOptions {
  ClientOptions who;
  GroupOptions group;
  std::string directory = ".";
  bool accepts_files = false;
};

constexpr std::string_view help =
    "a line is said to everybody; /send FILE, /accept N, /decline N, /ask NAME, /give N FILE, "
    "/add NAME..., /remove NAME, /who, /nick NAME, /disconnect, /rejoin, /restart, /leave, /quit";
constexpr std::string_view help_away =
    "out of the session, still a member: /rejoin, /restart, /quit";

// Talks in a group: one of its own, one that exists, or the first it is invited to.
class ChatCommand final : public Command {
 public:
  explicit ChatCommand(const ChatOptions& options) : options_{options}, inbox_{options.directory} {}

  void begin(ConsoleClient& client) override {
    const auto& group = options_.group;
    if (!group.members.empty() || !group.focus.empty() || !group.peer.empty()) {
      group_ = enter_group(client, options_.who, options_.group);
      if (!group_) return client.finish(exit_status::not_joined);
    } else {
      client.output().note("waiting for an invitation");
    }
  }

  void told(ConsoleClient& client, const client::Event& event) override {
    inbox_.told(client, event);
    if (const auto* joined = std::get_if<client::Joined>(&event)) {
      if (!group_ || joined->group == extension_) group_ = joined->group;
      if (joined->group == *group_) is_away_ = false;
      if (joined->group == *group_) listen(client);
      latest_ = joined->group;
    } else if (const auto* ended = std::get_if<client::Ended>(&event)) {
      if (ended->reason == client::EndReason::replaced && latest_ != ended->group) {
        group_ = latest_;  // a session between two went on as a group
      } else if (group_ == ended->group) {
        end(client, *ended);
      }
    } else if (const auto* chat = std::get_if<client::ChatReceived>(&event)) {
      if (chat->wants_display_report) displayed(client, *chat);
    } else if (const auto* wanted = std::get_if<client::FileWanted>(&event)) {
      const auto number = std::to_string(wanted->transfer.value);
      client.output().note("/give " + number + " FILE or /decline " + number);
    } else if (const auto* offered = std::get_if<client::FileOffered>(&event)) {
      if (!options_.accepts_files) {
        client.output().note("/accept " + std::to_string(offered->transfer.value) +
                             " or /decline " + std::to_string(offered->transfer.value));
      }
    }
  }

  void ended() override { input_.reset(); }

 private:
  void listen(ConsoleClient& client) {
    if (input_) return;
    client.output().note(help);
    client.output().prompt_with("> ");
    input_ = std::make_unique<LineInput>(
        client.loop(), [&client, this](const std::string& line) { typed(client, line); },
        [&client] { client.finish(exit_status::fine); });
  }

  void end(ConsoleClient& client, const client::Ended& ended) {
    if (may_come_back(client, ended)) {
      is_away_ = true;
      return client.output().note(help_away);
    }
    const bool came_about = input_ != nullptr;
    const bool was_wanted = ended.reason == client::EndReason::left;
    client.finish(came_about || was_wanted ? exit_status::fine : exit_status::not_joined);
  }

  // Conversation 6.4, 6.7: who only went away stays a member, and so do all of a group that was
  // idle.
  bool may_come_back(ConsoleClient& client, const client::Ended& ended) const {
    using enum client::EndReason;
    const auto session = client.client().session(ended.group);
    if (!input_ || !session || !session->is_group) return false;
    const bool was_tried = ended.reason == disconnected || ended.reason == refused;
    return ended.reason == closed || (is_away_ && was_tried);
  }

  void displayed(ConsoleClient& client, const client::ChatReceived& chat) {
    static_cast<void>(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.displayed(chat.group, chat.id, now, o);
    }));
  }

  // One word of the user: a command or something to say.
  void typed(ConsoleClient& client, const std::string& line) {
    client.output().prompt_was_answered();
    const auto word = read_chat_word(line);
    Result<> done;
    switch (word.what) {
      case ChatWord::What::nothing: break;
      case ChatWord::What::say: done = say(client, word.rest); break;
      case ChatWord::What::send: done = send(client, word.rest); break;
      case ChatWord::What::accept: done = accept(client, word.rest); break;
      case ChatWord::What::decline: done = decline(client, word.rest); break;
      case ChatWord::What::ask: done = ask(client, word.rest); break;
      case ChatWord::What::give: done = give(client, word.rest); break;
      case ChatWord::What::add: done = add(client, word.rest); break;
      case ChatWord::What::remove: done = remove(client, word.rest); break;
      case ChatWord::What::nick: done = nick(client, word.rest); break;
      case ChatWord::What::who: who(client); break;
      case ChatWord::What::help: client.output().note(help); break;
      case ChatWord::What::disconnect: done = disconnect(client); break;
      case ChatWord::What::rejoin: done = rejoin(client, word.rest); break;
      case ChatWord::What::restart: done = restart(client, word.rest); break;
      case ChatWord::What::leave: done = leave(client); break;
      case ChatWord::What::quit: return client.finish(exit_status::fine);
      case ChatWord::What::unknown:
        client.output().note("no such command; /help tells them all");
        break;
    }
    if (!done) client.output().problem(done.error().detail);
    client.output().prompt_with("> ");
  }

  Result<> say(ConsoleClient& client, const std::string& text) {
    TRY(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_chat(*group_, {.octets = text}, now, o);
    }));
    return {};
  }

  Result<> send(ConsoleClient& client, const std::string& path) {
    if (path.empty()) return fail(Fault::malformed, "/send wants a file");
    auto file = TRY(prepare_file(client.bodies(), path));
    file.wants = {.positive_delivery = true, .negative_delivery = true};
    const auto name = file.name;
    const auto transfer = TRY(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_file(*group_, std::move(file), now, o);
    }));
    client.output().names(transfer, name);
    return {};
  }

  Result<> accept(ConsoleClient& client, const std::string& number) {
    const client::TransferId transfer{to_number(number).value_or(0)};
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.accept_file(transfer, now, o);
    });
  }

  Result<> decline(ConsoleClient& client, const std::string& number) {
    const client::TransferId transfer{to_number(number).value_or(0)};
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.decline_file(transfer, {}, now, o);
    });
  }

  Result<> ask(ConsoleClient& client, const std::string& name) {
    if (name.empty()) return fail(Fault::malformed, "/ask wants the name of a file");
    const auto transfer = TRY(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.request_file({.group = *group_}, {.name = name}, now, o);
    }));
    client.output().names(transfer, name);
    return {};
  }

  Result<> give(ConsoleClient& client, const std::string& words) {
    const auto end = std::min(words.find(' '), words.size());
    const client::TransferId transfer{to_number(words.substr(0, end)).value_or(0)};
    if (trim(words.substr(end)).empty()) {
      return fail(Fault::malformed, "/give wants a number and a file");
    }
    auto file = TRY(prepare_file(client.bodies(), std::string{trim(words.substr(end))}));
    const auto name = file.name;
    TRY(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.give_file(transfer, std::move(file), now, o);
    }));
    client.output().names(transfer, name);
    return {};
  }

  // Conversation 6.5; 6.10: who talks with one user makes a group of the two and others.
  Result<> add(ConsoleClient& client, const std::string& names) {
    std::vector<std::string> members;
    for (const auto name : split(names, ' ')) {
      if (!name.empty()) members.push_back(address_of(options_.who, std::string{name}));
    }
    if (members.empty()) return fail(Fault::malformed, "/add wants a name");
    const auto session = client.client().session(*group_);
    if (session && session->is_group) {
      return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
        return c.add(*group_, std::move(members), now, o);
      });
    }
    extension_ = TRY(client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.extend_to_group(
          *group_, {.subject = options_.group.subject, .members = std::move(members)}, now, o);
    }));
    return {};
  }

  Result<> remove(ConsoleClient& client, const std::string& name) {
    if (name.empty()) return fail(Fault::malformed, "/remove wants a name");
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.remove(*group_, address_of(options_.who, name), now, o);
    });
  }

  Result<> nick(ConsoleClient& client, const std::string& name) {
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.set_nickname(*group_, name, now, o);
    });
  }

  // Conversation 6.7: goes, and stays a member. Between two there is nothing to come back to.
  Result<> disconnect(ConsoleClient& client) {
    is_away_ = true;
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.disconnect(*group_, now, o);
    });
  }

  // CPM 7.3.1.5
  Result<> rejoin(ConsoleClient& client, const std::string& rest) {
    if (!rest.empty()) return fail(Fault::malformed, "/rejoin stands alone");
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.rejoin(*group_, now, o);
    });
  }

  // Conversation 6.4
  Result<> restart(ConsoleClient& client, const std::string& rest) {
    if (!rest.empty()) return fail(Fault::malformed, "/restart stands alone");
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.restart(*group_, now, o);
    });
  }

  Result<> leave(ConsoleClient& client) {
    return client.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.leave(*group_, now, o);
    });
  }

  void who(ConsoleClient& client) {
    const auto session = client.client().session(*group_);
    if (!session) return;
    client.output().tell(client::RosterChanged{*group_, session->subject, session->roster},
                         client.loop().now());
  }

  const ChatOptions& options_;
  Inbox inbox_;
  std::optional<client::GroupId> group_;
  std::optional<client::GroupId> extension_;  // what /add makes of it
  std::optional<client::GroupId> latest_;     // that we joined
  std::unique_ptr<LineInput> input_;          // set once the session is up
  bool is_away_ = false;                      // out of it, and may come back
};

}  // namespace

RunCommand add_chat_command(CLI::App& app) {
  auto options = std::make_shared<ChatOptions>();
  add_options(app, options->who);
  add_options(app, options->group);
  add_peer_option(app, options->group);
  add_save_dir_option(app, options->directory);
  app.add_flag("--accept-files", options->accepts_files, "accept every file without asking");
  return [options] {
    ChatCommand command{*options};
    const auto adjust = [&](client::Settings& settings) {
      settings.accept_invitations = true;
      settings.accept_files = options->accepts_files;
    };
    return run_command(options->who, command, adjust);
  };
}

}  // namespace convene::apps
