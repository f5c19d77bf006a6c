#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "apps/client_options.h"
#include "apps/command_log.h"
#include "apps/host.h"
#include "apps/member.h"
#include "io/loop.h"
#include "scenario/player.h"
#include "scenario/stage.h"

namespace convene::apps {

struct ScenarioSettings {
  ClientOptions common;  // server (empty: one of our own), domain, factory, password of all clients
  std::string trace;     // of our own server: a file; empty: none
  std::string log;       // of server and clients: a file; empty: none
};

// A scenario on sockets of this machine: its clients, and a server unless there is one already.
class ScenarioStage final : public scenario::Stage {
 public:
  // `folder` is where files may be made and where the scenario's own lie beside it. All of them
  // outlive the stage. Throws std::runtime_error when the log cannot be written.
  ScenarioStage(const ScenarioSettings& settings, std::filesystem::path folder,
                std::filesystem::path beside);

  // Starts our own server, with the settings of the script. Fault::malformed names its line.
  Result<> open(const scenario::Script& script);
  // Plays it to its end: `played` is told each step when it is over.
  void play(scenario::Player& player, const std::function<void(const scenario::Played&)>& played);
  // Everybody signs off; what our own server is left with is wrong: Fault::out_of_order.
  Result<> close();

  std::string ready_line() const { return host_->ready_line(); }  // of our own server
  TimePoint now() const { return loop_.now(); }
  // A copy of what a client has received, in a directory.
  Result<std::string> save(const std::string& name, msrp::BodyId body,
                           const std::filesystem::path& directory, const std::string& file) {
    return members_.at(name)->bodies().save_as(body, directory, file);
  }

  // Is told all that clients tell, with the client's name.
  void tell(std::function<void(const std::string&, const client::Event&)> listener) {
    listener_ = std::move(listener);
  }

  Result<std::string> add(const scenario::ClientDeclaration& client) override;
  void perform(const std::string& name, const Call& call) override;
  const client::Client& client(const std::string& name) override {
    return members_.at(name)->client();
  }
  msrp::BodyStore& bodies(const std::string& name) override { return members_.at(name)->bodies(); }
  Result<client::FileToSend> open_file(const std::string& name, const std::string& path) override;
  std::string words_of(const client::Event& event) const override;

 private:
  ClientOptions options_of(const scenario::ClientDeclaration& client) const;

  ScenarioSettings settings_;
  std::filesystem::path folder_;
  std::filesystem::path beside_;
  io::Loop loop_;
  Calendar calendar_ = io::make_calendar();
  CommandLog log_;
  std::unique_ptr<Host> host_;  // none: the server is another's
  std::map<std::string, std::unique_ptr<Member>> members_;
  scenario::Player* player_ = nullptr;  // while it plays
  std::function<void(const std::string&, const client::Event&)> listener_;
};

}  // namespace convene::apps
