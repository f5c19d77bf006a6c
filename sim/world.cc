#include "sim/world.h"

#include <cassert>
#include <stdexcept>
#include <utility>

#include "sim/core.h"
#include "sim/datagrams.h"
#include "sim/streams.h"

namespace convene::sim {

namespace {

constexpr std::uint16_t no_port = 9;  // RFC 4145 4.1: the discard port of those that do not listen

node::Addresses addresses_of(const HostSettings& settings) {
  const sip::HostPort sip{settings.address, settings.sip_port};
  const sip::HostPort tls{settings.address, static_cast<std::uint16_t>(settings.sip_port + 1)};
  const auto port = settings.msrp_port;
  node::Addresses addresses{.sip = {.udp = sip, .tcp = sip, .tls = tls},
                            .msrp = {settings.address, settings.accepts_streams ? port : no_port}};
  const auto secure = [&](std::uint16_t plain) {
    return msrp::SecureAddress{
        .host = settings.address,
        .port = settings.accepts_streams ? static_cast<std::uint16_t>(plain + 1) : no_port,
        .fingerprint = fingerprint_of(certificate_of(settings.address))};
  };
  if (settings.has_certificate) addresses.msrps = secure(port);
  if (settings.accepts_streams) {
    addresses.participating_msrp = {settings.address, settings.participating_msrp_port};
    if (settings.has_certificate)
      addresses.participating_msrps = secure(settings.participating_msrp_port);
  }
  return addresses;
}

}  // namespace

class World::Impl {
 public:
  explicit Impl(WorldSettings settings) : core{settings}, datagrams{core}, streams{core} {
    core.perform = [this](Host& host, node::Effect& effect) {
      std::visit([&](auto& verb) { perform(host, verb); }, effect);
    };
    core.crash = [this](Host& host, Death death) { crash(host, death); };
  }

  void start(Host& host) {
    ++host.incarnation;
    host.is_dark = false;
    host.effects_until_crash.reset();
    host.random = std::make_unique<SeededRandom>(core.seed_for(host));
    host.bodies = std::make_unique<MemoryBodyStore>(host.settings.quota);
    host.history.drain();
    host.node = host.factory({.surroundings = {*host.random, *host.log, core.calendar},
                              .bodies = *host.bodies,
                              .disk = host.disk});
    core.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
      node.start(addresses_of(host.settings), now, out);
    });
  }

  void crash(Host& host, Death death) {
    if (!host.node) return;
    if (host.wake) core.queue.cancel(*host.wake);
    host.wake.reset();
    streams.host_died(host, death);
    host.is_dark = death == Death::silent;
    host.node.reset();
  }

  // Takes the next event, unless it is later than `latest`.
  bool step(TimePoint latest) {
    const auto next = core.queue.next();
    if (!next || *next > latest) return false;
    auto [when, action] = core.queue.take();
    core.now = when;
    ++core.counters.events;
    action();
    return true;
  }

  bool is_quiet(Duration quiet) const {
    std::size_t timers = 0;
    for (const auto& [name, host] : core.hosts) {
      if (host.wake && host.wake->when <= core.now + quiet) return false;
      timers += host.wake ? 1 : 0;
    }
    return core.queue.size() == timers;
  }

  Core core;
  DocumentServer document_server;
  Datagrams datagrams;
  Streams streams;

 private:
  void perform(Host& host, node::SendDatagram& verb) {
    datagrams.send(host, verb.remote, std::move(verb.octets));
  }
  void perform(Host& host, node::OpenStream& verb) {
    assert(verb.transport != sip::Transport::udp);
    const auto kind =
        verb.transport == sip::Transport::tls ? Streams::Kind::sip_tls : Streams::Kind::sip_tcp;
    streams.open(host, kind, verb.flow.value, verb.remote.host, verb.remote.port);
  }
  void perform(Host& host, node::SendStream& verb) {
    streams.send(host, verb.flow, std::move(verb.octets));
  }
  void perform(Host& host, node::CloseStream& verb) { streams.close(host, verb.flow); }
  void perform(Host& host, msrp::Connect& verb) {
    const auto kind =
        verb.security == msrp::Security::none ? Streams::Kind::msrp : Streams::Kind::msrps;
    streams.open(host, kind, verb.connection.value, verb.host, verb.port);
  }
  void perform(Host& host, msrp::WantWrite& verb) { streams.want_write(host, verb.connection); }
  void perform(Host& host, msrp::Write& verb) {
    streams.write(host, verb.connection, std::move(verb.pieces));
  }
  void perform(Host& host, controlling::FetchDocument& verb) {
    const auto answer = document_server ? document_server(verb)
                                        : controlling::FetchedDocument{.why = "no XDM server"};
    core.after(core.settings.link.delay,
               [this, &host, id = verb.id, answer, incarnation = host.incarnation] {
                 if (host.incarnation != incarnation) return;
                 core.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
                   node.document_fetched(id, answer, now, out);
                 });
               });
  }
  void perform(Host& host, msrp::Close& verb) { streams.close(host, verb.connection); }

  // A commit, if the node still lives then; told at once, unless it dies between the two.
  void perform(Host& host, controlling::StoreGroup& verb) {
    commit(host, [this, &host, verb = std::move(verb)] {
      const bool is_stored = host.disk.fault == Disk::Fault::none;
      if (is_stored) host.disk.groups.insert_or_assign(verb.record.focus, verb.record);
      core.perform_step(host, [&] {
        core.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
          node.stored(verb.id, is_stored, now, out);
        });
      });
    });
  }
  void perform(Host& host, controlling::ForgetGroup& verb) {
    commit(host, [&host, verb = std::move(verb)] {
      if (host.disk.fault == Disk::Fault::none) host.disk.groups.erase(verb.focus);
    });
  }

  void perform(Host& host, participating::StoreDeferred& verb) {
    commit(host, [this, &host, verb = std::move(verb)] {
      const bool is_stored = host.disk.fault == Disk::Fault::none;
      if (is_stored) host.disk.deferred.insert_or_assign(verb.id, verb.message);
      if (const auto& content = verb.message.content; is_stored && content)
        host.disk.deferred_contents.insert_or_assign(
            verb.id, std::string{host.bodies->octets(content->body)});
      core.perform_step(host, [&] {
        core.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
          node.deferred(verb.id, is_stored, now, out);
        });
      });
    });
  }
  void perform(Host& host, participating::FetchDeferred& verb) {
    commit(host, [this, &host, id = verb.id] {
      const auto found = host.disk.deferred.find(id);
      auto message = Result<participating::DeferredMessage>{fail(Fault::not_found, "erased")};
      if (found != host.disk.deferred.end()) message = found->second;
      if (message && message->content)
        message->content->body = host.bodies->adopt(host.disk.deferred_contents.at(id));
      core.perform_step(host, [&] {
        core.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
          node.deferred_fetched(id, message, now, out);
        });
      });
    });
  }
  void perform(Host& host, participating::ForgetDeferred& verb) {
    commit(host, [&host, id = verb.id] {
      if (host.disk.fault != Disk::Fault::none) return;
      host.disk.deferred.erase(id);
      host.disk.deferred_contents.erase(id);
    });
  }

  // Durable here first, as groups are; then the store itself is asked.
  void perform(Host& host, store::Ask& verb) {
    if (host.history.fault == History::Fault::disowned)
      return answer_later(host, verb.id,
                          [] { return store::Answer{fail(Fault::closed, "no message store")}; });
    auto* const write = std::get_if<store::Write>(&verb.request);
    if (write == nullptr)
      return answer_later(host, verb.id, [&host, request = std::move(verb.request)] {
        return host.history.answer(request);
      });
    commit(host, [this, &host, id = verb.id, write = std::move(*write)] {
      if (host.disk.fault != Disk::Fault::none)
        return answer(host, id, fail(Fault::too_large, "the disk is full"));
      const auto kept = host.history.keep(write, *host.bodies);
      if (!kept) return answer(host, id, std::unexpected(kept.error()));
      core.perform_step(host, [&] {
        core.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
          node.store_kept(id, now, out);
        });
      });
      answer_later(host, id, [&host, entry = *kept] { return host.history.answer(*entry); });
    });
  }
  void answer_later(Host& host, store::RequestId id, std::function<store::Answer()> ask) {
    const auto life = host.incarnation;
    core.after(host.history.delay, [this, &host, life, id, ask = std::move(ask)] {
      const bool lives = host.node && host.incarnation == life;
      if (lives && host.history.fault != History::Fault::hangs) answer(host, id, ask());
    });
  }
  void answer(Host& host, store::RequestId id, const store::Answer& what) {
    core.perform_step(host, [&] {
      core.tell(host, [&](node::Node& node, TimePoint now, node::Effects& out) {
        node.store_answered(id, what, now, out);
      });
    });
  }
  template <class Work>
  void commit(Host& host, Work work) {
    const auto life = host.incarnation;
    core.after(host.disk.delay, [this, &host, life, work = std::move(work)] {
      const bool lives = host.node && host.incarnation == life;
      if (lives && host.disk.fault != Disk::Fault::hangs) core.perform_step(host, work);
    });
  }
};

World::World(WorldSettings settings) : impl_{std::make_unique<Impl>(settings)} {}
World::~World() = default;

void World::serve_documents(DocumentServer server) { impl_->document_server = std::move(server); }

void World::add(std::string name, HostSettings settings, Factory factory) {
  auto& core = impl_->core;
  if (core.find(name) || core.find(settings.address))
    throw std::invalid_argument(name + ": name or address is taken");
  core.names[name] = name;
  core.names[settings.address] = name;
  auto& host = core.hosts[name];
  host.log =
      std::make_unique<HostLog>(name, core.start, core.now, core.settings.log_octets, core.log);
  host.name = std::move(name);
  host.number = core.hosts.size();
  host.settings = std::move(settings);
  host.factory = std::move(factory);
  impl_->start(host);
}

void World::add(std::string name, std::string address, Factory factory) {
  HostSettings settings;
  settings.address = std::move(address);
  add(std::move(name), std::move(settings), std::move(factory));
}

void World::name(std::string dns_name, std::string_view node) {
  impl_->core.names[std::move(dns_name)] = impl_->core.host(node).name;
}

bool World::is_up(std::string_view node) const { return impl_->core.host(node).node != nullptr; }

node::Node& World::node(std::string_view node) {
  auto& host = impl_->core.host(node);
  if (!host.node) throw std::logic_error(host.name + " is down");
  return *host.node;
}

Disk& World::disk(std::string_view node) { return impl_->core.host(node).disk; }
History& World::history(std::string_view node) { return impl_->core.host(node).history; }
MemoryBodyStore& World::bodies(std::string_view node) { return *impl_->core.host(node).bodies; }

void World::call(std::string_view name, const Call& f) {
  node(name);
  impl_->core.tell(impl_->core.host(name), f);
}

void World::after_input(std::string_view node, Call application) {
  impl_->core.host(node).application = std::move(application);
}

void World::crash(std::string_view node, Death death) {
  impl_->crash(impl_->core.host(node), death);
}

void World::crash_at_effect(std::string_view node, std::size_t n) {
  impl_->core.host(node).effects_until_crash = n;
}

void World::restart(std::string_view node) {
  auto& host = impl_->core.host(node);
  impl_->crash(host, Death::reset);
  impl_->start(host);
}

void World::set_link(Link link) {
  impl_->core.settings.link = link;
  impl_->core.links.clear();
}

void World::set_link(std::string_view a, std::string_view b, Link link) {
  impl_->core.set_link(impl_->core.host(a), impl_->core.host(b), link);
}

Link World::link(std::string_view a, std::string_view b) const {
  return impl_->core.link(impl_->core.host(a), impl_->core.host(b));
}

void World::cut(std::string_view a, std::string_view b) {
  auto changed = link(a, b);
  changed.is_cut = true;
  set_link(a, b, changed);
}

void World::heal(std::string_view a, std::string_view b) {
  auto changed = link(a, b);
  changed.is_cut = false;
  set_link(a, b, changed);
}

void World::cut_off(std::string_view node) {
  for (const auto& [name, host] : impl_->core.hosts) {
    if (name != node) cut(node, name);
  }
}

void World::bring_back(std::string_view node) {
  for (const auto& [name, host] : impl_->core.hosts) {
    if (name != node) heal(node, name);
  }
}

void World::refuse_streams(std::string_view node, bool refuses) {
  impl_->core.host(node).refuses_streams = refuses;
}
void World::stop_reading(std::string_view node) { impl_->core.host(node).is_reading = false; }

void World::resume_reading(std::string_view node) {
  auto& host = impl_->core.host(node);
  host.is_reading = true;
  impl_->streams.host_reads_again(host);
}

void World::reset_streams(std::string_view a, std::string_view b) {
  impl_->streams.reset(impl_->core.host(a), impl_->core.host(b));
}

TimePoint World::now() const { return impl_->core.now; }
WallTime World::wall() const { return impl_->core.calendar.at(now()); }
TimePoint World::start() const { return impl_->core.start; }

void World::run_until(TimePoint time) {
  while (impl_->step(time)) {
  }
  impl_->core.now = std::max(impl_->core.now, time);
}

bool World::run_until(const std::function<bool()>& predicate, Duration patience) {
  const auto latest = now() + patience;
  while (!predicate()) {
    if (!impl_->step(latest)) {
      impl_->core.now = latest;
      return predicate();
    }
  }
  return true;
}

bool World::settle(Duration quiet, Duration patience) {
  const auto latest = now() + patience;
  while (!impl_->is_quiet(quiet)) {
    if (!impl_->step(latest)) return false;
  }
  return true;
}

std::uint64_t World::seed() const { return impl_->core.settings.seed; }
const Counters& World::counters() const { return impl_->core.counters; }
std::size_t World::open_streams() const { return impl_->streams.size(); }
const std::vector<Sent>& World::wire() const { return impl_->core.wire; }
void World::clear_wire() { impl_->core.wire.clear(); }
const std::string& World::log() const { return impl_->core.log; }

}  // namespace convene::sim
