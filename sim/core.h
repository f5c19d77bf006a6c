#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sim/event_queue.h"
#include "sim/world.h"

namespace convene::sim {

// What stands for the octets of a host's certificate.
inline std::string certificate_of(const std::string& address) {
  return "the certificate of " + address;
}

constexpr Duration look_up_delay{1};  // of a name

// Puts the moment and the node's name before each line of the world's log.
class HostLog final : public Log {
 public:
  HostLog(std::string name, TimePoint start, const TimePoint& now, std::size_t most,
          std::string& text)
      : name_{std::move(name)}, start_{start}, now_{now}, most_{most}, text_{text} {}
  void write(Level level, std::string_view layer, std::string_view text,
             std::initializer_list<LogField> fields) override;

 private:
  std::string name_;
  TimePoint start_;
  const TimePoint& now_;
  std::size_t most_;  // octets that are kept
  std::string& text_;
};

// One machine with its node. Lives as long as the world; the node comes and goes.
struct Host {
  std::string name;
  std::size_t number = 0;  // in the order they were added
  HostSettings settings;
  Factory factory;
  std::unique_ptr<HostLog> log;

  unsigned incarnation = 0;
  std::unique_ptr<SeededRandom> random;
  std::unique_ptr<MemoryBodyStore> bodies;
  Disk disk;                         // survives
  History history;                   // survives
  std::unique_ptr<node::Node> node;  // nothing while it is down
  World::Call application;

  bool is_dark = false;  // the machine is off: nothing answers, not even a reset
  bool refuses_streams = false;
  bool is_reading = true;
  std::optional<std::size_t> effects_until_crash;

  std::uint64_t last_accepted = 0;  // even: SIP flows and MSRP connections share the counter
  std::optional<EventQueue::Ticket> wake;
  TimePoint last_woken;
  std::size_t wakes_in_a_row = 0;  // without time passing
};

// What the parts of a world share: time, chance, hosts, links, and the way into a node.
class Core {
 public:
  Core(WorldSettings world_settings);

  // Chance. Draws nothing for a probability of 0.
  bool chance(double probability);
  std::uint64_t below(std::uint64_t bound) { return random_below(random, bound); }
  Duration up_to(Duration most);
  std::uint64_t seed_for(
      const Host& host) const;  // of its own chance: other nodes do not change it

  // Hosts.
  Host& host(std::string_view name);             // it must exist
  Host* find(std::string_view name_or_address);  // nothing: nobody has it
  Link link(const Host& a, const Host& b) const;
  void set_link(const Host& a, const Host& b, Link link);
  bool is_reachable(const Host& from, const Host& to) const;

  // One input to a node that is up: input(node, now, effects); its effects are performed, and its
  // timer set.
  template <class Input>
  void tell(Host& host, const Input& input) {
    if (!host.node) return;
    node::Effects effects;
    input(*host.node, now, effects);
    finish(host, effects);
  }

  // One step on the way to a crash at an effect: performed, unless the node dies of it.
  template <class Step>
  void perform_step(Host& host, const Step& step) {
    if (host.effects_until_crash && --*host.effects_until_crash == 0) {
      host.effects_until_crash.reset();
      return crash(host, Death::reset);
    }
    step();
  }

  EventQueue::Ticket after(Duration delay, EventQueue::Action action) {
    return queue.schedule(now + delay, std::move(action));
  }
  void record(const Host& from, std::string to, Protocol protocol, std::string octets,
              bool is_lost = false);

  WorldSettings settings;
  TimePoint start{Duration{3'600'000}};
  TimePoint now = start;
  Calendar calendar;
  EventQueue queue;
  SeededRandom random;
  std::map<std::string, Host, std::less<>> hosts;
  std::map<std::string, std::string, std::less<>>
      names;  // a DNS name or an address: the host's name
  std::map<std::pair<std::size_t, std::size_t>, Link>
      links;  // by numbers in order; others: settings.link
  Counters counters;
  std::vector<Sent> wire;
  std::string log;

  std::function<void(Host&, node::Effect&)> perform;  // set by the world
  std::function<void(Host&, Death)> crash;

 private:
  void finish(Host& host, node::Effects& effects);
  void perform_all(Host& host, node::Effects& effects);
  void set_timer(Host& host);
  void wake(Host& host);
};

}  // namespace convene::sim
