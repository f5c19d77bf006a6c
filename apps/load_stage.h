#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/client_options.h"
#include "io/file_body_store.h"
#include "io/kernel_random.h"
#include "io/loop.h"
#include "io/runner.h"
#include "load/forgetful_bodies.h"
#include "load/stage.h"
#include "node/client_node.h"

namespace convene::apps {

struct LoadStageSettings {
  ClientOptions common;  // `user` is what the users' names begin with: load-0, load-1 ...
  std::size_t crowd = 0;
  std::size_t members = 0;  // of a group: the first of each sends its files
  std::uint64_t file_octets = 0;
  std::size_t slow = 0;         // so many of each group, the last ones, read at `slow_rate`
  std::uint64_t slow_rate = 0;  // octets a second
  std::string folder;           // for the file that is sent
};

// A crowd on sockets of this machine, in this process. What its members receive is counted and
// forgotten.
class LoadStage final : public load::Stage {
 public:
  using Listener = std::function<void(std::size_t member, const client::Event&)>;

  // Fault::malformed for options that make no sense; Fault::closed for a socket that cannot be had.
  static Result<std::unique_ptr<LoadStage>> open(const LoadStageSettings& settings, io::Loop& loop,
                                                 Log& log, Listener listener);

  const client::Client& client(std::size_t member) const;
  void stop(const std::function<void()>& stopped);  // called once for each

  std::string address(std::size_t member) const override;
  void perform(std::size_t member, const Call& call) override;
  client::FileToSend file(std::size_t member) override;
  void drop(std::size_t member, msrp::BodyId body) override;

 private:
  struct Member {
    Member(client::Settings settings, Surroundings surroundings, msrp::BodyStore& bodies,
           io::Loop& loop, io::FileBodyStore* files, const io::RunnerSettings& runner_settings)
        : node{std::move(settings), {}, surroundings, bodies},
          runner{loop, node, files, surroundings.log, runner_settings} {}
    node::ClientNode node;
    io::Runner runner;
  };

  LoadStage(const LoadStageSettings& settings, io::Loop& loop, Log& log, Listener listener);
  Result<> make_file();
  Result<> add(std::size_t member);
  void take_events(std::size_t member);

  LoadStageSettings settings_;
  io::Loop& loop_;
  Log& log_;
  Listener listener_;
  Calendar calendar_ = io::make_calendar();
  io::KernelRandom random_;
  client::FileToSend file_;
  std::optional<io::FileBodyStore> files_;  // of those who send; none: no files
  std::optional<load::ForgetfulBodies> received_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace convene::apps
