#include "sim/core.h"

#include <algorithm>
#include <stdexcept>

namespace convene::sim {

namespace {

constexpr std::size_t max_wakes_in_a_row = 10'000;

std::pair<std::size_t, std::size_t> in_order(const Host& a, const Host& b) {
  return std::minmax(a.number, b.number);
}

}  // namespace

void HostLog::write(Level level, std::string_view layer, std::string_view text,
                    std::initializer_list<LogField> fields) {
  text_ += std::to_string((now_ - start_).count()) + " ms  " + name_ + "  " +
           log_line(level, layer, text, fields) + "\n";
  if (text_.size() > most_) text_.erase(0, text_.find('\n', text_.size() / 2) + 1);
}

Core::Core(WorldSettings world_settings)
    : settings{world_settings}, calendar{start, settings.wall}, random{settings.seed} {}

bool Core::chance(double probability) {
  constexpr std::uint64_t parts = 1'000'000;
  return probability > 0 &&
         below(parts) < static_cast<std::uint64_t>(probability * static_cast<double>(parts));
}

Duration Core::up_to(Duration most) {
  if (most <= Duration{0}) return Duration{0};
  return Duration{static_cast<Duration::rep>(below(static_cast<std::uint64_t>(most.count()) + 1))};
}

std::uint64_t Core::seed_for(const Host& host) const {
  std::uint64_t hash = 0xcbf2'9ce4'8422'2325;  // FNV-1a
  const auto text =
      host.name + "/" + std::to_string(host.incarnation) + "/" + std::to_string(settings.seed);
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3;
  return hash;
}

Host& Core::host(std::string_view name) {
  const auto found = hosts.find(name);
  if (found == hosts.end())
    throw std::invalid_argument("no node has the name " + std::string{name});
  return found->second;
}

Host* Core::find(std::string_view name_or_address) {
  const auto found = names.find(name_or_address);
  return found == names.end() ? nullptr : &host(found->second);
}

Link Core::link(const Host& a, const Host& b) const {
  const auto found = links.find(in_order(a, b));
  return found == links.end() ? settings.link : found->second;
}

void Core::set_link(const Host& a, const Host& b, Link link) { links[in_order(a, b)] = link; }

bool Core::is_reachable(const Host& from, const Host& to) const {
  return !from.is_dark && !to.is_dark && !link(from, to).is_cut;
}

void Core::finish(Host& host, node::Effects& effects) {
  perform_all(host, effects);
  if (host.node && host.application) {
    effects.clear();
    host.application(*host.node, now, effects);
    perform_all(host, effects);
  }
  host.bodies->sweep();
  if (host.node) set_timer(host);
}

void Core::perform_all(Host& host, node::Effects& effects) {
  for (auto& effect : effects) {
    perform_step(host, [&] { perform(host, effect); });
    if (!host.node) return;
  }
}

void Core::set_timer(Host& host) {
  const auto deadline = host.node->deadline();
  const auto when = deadline ? Deadline{std::max(now, *deadline)} : Deadline{};
  if (host.wake && when && host.wake->when == *when) return;
  if (host.wake) queue.cancel(*host.wake);
  host.wake.reset();
  if (when) host.wake = queue.schedule(*when, [this, &host] { wake(host); });
}

void Core::wake(Host& host) {
  host.wake.reset();
  host.wakes_in_a_row = host.last_woken == now ? host.wakes_in_a_row + 1 : 0;
  host.last_woken = now;
  if (host.wakes_in_a_row > max_wakes_in_a_row) {
    throw std::logic_error("the deadline of " + host.name +
                           " stays in the past, however often it is woken");
  }
  tell(host, [](node::Node& node, TimePoint at, node::Effects& out) { node.wake(at, out); });
}

void Core::record(const Host& from, std::string to, Protocol protocol, std::string octets,
                  bool is_lost) {
  if (!settings.keeps_wire) return;
  wire.push_back({.time = now,
                  .from = from.name,
                  .to = std::move(to),
                  .protocol = protocol,
                  .octets = std::move(octets),
                  .is_lost = is_lost});
}

}  // namespace convene::sim
