#pragma once

#include <functional>
#include <optional>
#include <string>

#include "client/client.h"
#include "io/file_body_store.h"
#include "io/kernel_random.h"
#include "io/runner.h"
#include "node/client_node.h"

namespace convene::apps {

// A client on real sockets of this machine, in this process.
class Member {
 public:
  struct Settings {
    std::string name;  // "alice"
    client::Settings client;
    std::string spool;  // directory of its bodies
    io::RunnerSettings runner = on_loopback();
  };
  static io::RunnerSettings on_loopback();
  Member(Settings settings, io::Loop& loop, Log& log, const Calendar& calendar);

  Result<> start();

  // f(client::Client&, TimePoint now, client::Output&)
  template <class F>
  auto with(F f) {
    using Answer =
        decltype(f(std::declval<client::Client&>(), TimePoint{}, std::declval<client::Output&>()));
    if constexpr (std::is_void_v<Answer>) {
      runner_.perform([&](node::Node&, TimePoint now, node::Effects& out) {
        node_.perform([&](client::Client& c, client::Output& o) { f(c, now, o); }, now, out);
      });
      take_events();
    } else {
      std::optional<Answer> answer;
      runner_.perform([&](node::Node&, TimePoint now, node::Effects& out) {
        answer.emplace(node_.perform(
            [&](client::Client& c, client::Output& o) { return f(c, now, o); }, now, out));
      });
      take_events();
      return std::move(*answer);
    }
  }

  const std::string& name() const { return name_; }
  const client::Client& client() const { return node_.client(); }
  io::FileBodyStore& bodies() { return bodies_; }

  // Is told what happens, from now on.
  void tell(std::function<void(const client::Event&)> listener) { listener_ = std::move(listener); }
  void stop(io::Task stopped) { runner_.stop(std::move(stopped)); }

 private:
  void take_events();

  std::string name_;
  io::KernelRandom random_;
  io::FileBodyStore bodies_;
  node::ClientNode node_;
  io::Runner runner_;
  std::function<void(const client::Event&)> listener_;
};

}  // namespace convene::apps
