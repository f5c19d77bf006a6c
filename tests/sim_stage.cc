#include "sim/world.h"
#include "tests/stage.h"

namespace convene::tests {

namespace {

sip::HostPort address(std::string_view host) { return {std::string{host}, 5060}; }

class SimStage final : public Stage {
 public:
  explicit SimStage(StageSettings settings) : Stage{std::move(settings)} {
    const auto pf = address("10.0.0.2");
    world_.add("cf", "10.0.0.1", [given = server_settings(pf)](sim::Machine machine) {
      return std::make_unique<node::ServerNode>(given, machine.surroundings, machine.bodies);
    });
    world_.add("pf", pf.host, [given = pf_settings()](sim::Machine machine) {
      return std::make_unique<PfNode>(given, machine.surroundings);
    });
    world_.get<PfNode>("pf").set_focus(address("10.0.0.1"));
  }

  bool wait(const std::function<bool()>& predicate) override {
    return world_.run_until(predicate, std::chrono::minutes{2});
  }

  std::vector<Seen> take_seen() override {
    std::vector<Seen> all;
    for (const auto& sent : world_.wire())
      all.push_back({.from = sent.from, .to = sent.to, .octets = sent.octets});
    world_.clear_wire();
    return all;
  }

  std::string log() override { return world_.log(); }
  const node::ServerNode& server() override { return world_.get<node::ServerNode>("cf"); }

 protected:
  void add_client(const std::string& name) override {
    const sim::HostSettings host{.address = "10.0.1." + std::to_string(++clients_),
                                 .accepts_streams = clients_listen()};
    const auto settings = client_settings(name, address("10.0.0.2"));
    world_.add(name, host, [settings](sim::Machine machine) {
      return std::make_unique<HeldClient>(settings, machine.surroundings, machine.bodies);
    });
    world_.after_input(name, [this, name](node::Node& node, TimePoint, node::Effects&) {
      take_events(name, dynamic_cast<HeldClient&>(node));
    });
  }

  void perform(const std::string& name, const Call& call) override {
    world_.perform<HeldClient>(name, call);
  }

  msrp::BodyStore& bodies(const std::string& name) override { return world_.bodies(name); }

 private:
  sim::World world_;
  int clients_ = 0;
};

}  // namespace

std::unique_ptr<Stage> make_sim_stage(StageSettings settings) {
  return std::make_unique<SimStage>(std::move(settings));
}

}  // namespace convene::tests
