#include <cstdlib>
#include <fstream>
#include <iterator>

#include "io/file_body_store.h"
#include "io/loop.h"
#include "io/runner.h"
#include "io/test_directory.h"
#include "io/trace_writer.h"
#include "tests/stage.h"

namespace convene::tests {

namespace {

// One node on sockets of this machine, on free ports, with its wire traced.
struct Running {
  SeededRandom random;
  io::FileBodyStore bodies;
  std::unique_ptr<node::Node> node = {};
  std::unique_ptr<io::TraceWriter> trace = {};
  std::unique_ptr<io::Runner> runner = {};
};

class SocketStage final : public Stage {
 public:
  explicit SocketStage(StageSettings settings) : Stage{std::move(settings)} {
    auto& pf = add("pf", Listens::to_sip, [&](Running&, Surroundings surroundings) {
      return std::make_unique<PfNode>(pf_settings(), surroundings);
    });
    pf_ = pf.runner->addresses().sip.tcp.value();
    auto& cf = add("cf", Listens::to_all, [&](Running& one, Surroundings surroundings) {
      return std::make_unique<node::ServerNode>(server_settings(pf_), surroundings, one.bodies);
    });
    dynamic_cast<PfNode&>(*pf.node).set_focus(cf.runner->addresses().sip.tcp.value());
  }

  bool wait(const std::function<bool()>& predicate) override {
    return loop_.run_until(predicate, std::chrono::seconds{60});
  }

  // What each node received, in the order in which it did: the octets are whole there. Who sent it
  // is known by the address of that node's end.
  std::vector<Seen> take_seen() override {
    std::ifstream file{trace_file(), std::ios::binary};
    file.seekg(taken_);
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::string_view rest = text;
    std::vector<Seen> all;
    while (const auto record = trace::take_record(rest)) {
      node_at_[record->local] = record->node;
      if (record->direction == trace::Direction::in)
        all.push_back(
            {.from = node_at_[record->remote], .to = record->node, .octets = record->octets});
    }
    taken_ += static_cast<std::streamoff>(text.size() - rest.size());
    return all;
  }

  std::string log() override { return log_.text(); }
  const node::ServerNode& server() override {
    return dynamic_cast<const node::ServerNode&>(*running_.at("cf")->node);
  }

 protected:
  void add_client(const std::string& name) override {
    const auto listens = clients_listen() ? Listens::to_all : Listens::to_sip;
    auto& client = add(name, listens, [&](Running& one, Surroundings surroundings) {
      return std::make_unique<HeldClient>(client_settings(name, pf_), surroundings, one.bodies);
    });
    auto& node = dynamic_cast<HeldClient&>(*client.node);
    client.runner->after_turn([this, name, &node] { take_events(name, node); });
  }

  void perform(const std::string& name, const Call& call) override {
    auto& one = *running_.at(name);
    auto& client = dynamic_cast<HeldClient&>(*one.node);
    one.runner->perform(
        [&](node::Node&, TimePoint now, node::Effects& out) { call(client, now, out); });
    take_events(name, client);
  }

  msrp::BodyStore& bodies(const std::string& name) override { return running_.at(name)->bodies; }

 private:
  enum class Listens { to_sip, to_all };

  std::string trace_file() const { return directory_ / "trace.txt"; }

  template <class Make>
  Running& add(const std::string& name, Listens listens, Make make) {
    auto& one = *running_
                     .emplace(name, std::make_unique<Running>(
                                        SeededRandom{running_.size() + 1},
                                        io::FileBodyStore{directory_ / name, {.free_floor = 0}}))
                     .first->second;
    one.node = make(one, Surroundings{.random = one.random, .log = log_, .calendar = calendar_});
    io::RunnerSettings settings;
    settings.tcp = {{.host = "127.0.0.1", .port = 0}};
    if (listens == Listens::to_all) settings.msrp = settings.tcp;
    one.runner = std::make_unique<io::Runner>(loop_, *one.node, &one.bodies, log_, settings);
    one.trace = io::TraceWriter::open(trace_file(), name).value();
    one.runner->trace(one.trace.get());
    if (!one.runner->start()) std::abort();
    return one;
  }

  io::TestDirectory directory_;
  KeptLog log_;
  Calendar calendar_ = io::make_calendar();
  io::Loop loop_;
  std::map<std::string, std::unique_ptr<Running>> running_;
  sip::HostPort pf_;
  std::map<std::string, std::string> node_at_;  // by address
  std::streamoff taken_ = 0;                    // octets of the trace
};

}  // namespace

std::unique_ptr<Stage> make_socket_stage(StageSettings settings) {
  return std::make_unique<SocketStage>(std::move(settings));
}

}  // namespace convene::tests
