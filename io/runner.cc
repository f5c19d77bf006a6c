#include "io/runner.h"

#include <list>

#include "io/alive.h"
#include "io/database.h"
#include "io/deferral_store.h"
#include "io/document_fetches.h"
#include "io/group_repository.h"
#include "io/listener.h"
#include "io/message_store.h"
#include "io/sip_datagrams.h"
#include "io/sockets.h"
#include "io/turn.h"

namespace convene::io {

namespace {

constexpr std::uint16_t no_port = 9;  // RFC 4145 4.1: the discard port of those that do not listen

// What other machines know a bound address by.
sip::HostPort reachable(const SocketAddress& bound) {
  auto address = host_port_of(bound);
  if (is_wildcard(bound)) address.host = primary_address(bound.family());
  return address;
}

Result<SocketAddress> numeric(const sip::HostPort& address) {
  const auto found = numeric_address(address.host, address.port);
  if (!found) return fail(Fault::malformed, address.host + ": not a numeric address");
  return *found;
}

Error at(const sip::HostPort& address, Error error) {
  error.detail = address.host + " port " + std::to_string(address.port) + ": " + error.detail;
  return error;
}

}  // namespace

class Runner::Impl {
 public:
  Impl(Loop& loop, node::Node& node, FileBodyStore* bodies, Log& log, RunnerSettings given)
      : settings{std::move(given)},
        log_{log},
        turn{loop, node, bodies},
        lingering{loop, settings.linger},
        datagrams{turn, log},
        streams{turn, lingering, log, settings.streams},
        connections{turn, lingering, log, settings.connections},
        documents{turn} {
    turn.perform = [this](node::Effect& effect) {
      std::visit([&](auto& verb) { perform(verb); }, effect);
    };
    turn.end = [this] { end_turn(); };
    lingering.when_empty = [this] { check_stopped(); };
  }

  Result<> bind() {
    TRY(reload_tls());
    for (const auto& wanted : settings.udp) TRY(bind_udp(wanted));
    for (const auto& wanted : settings.tcp) {
      TRY(listen(wanted, addresses.sip.tcp,
                 [this](FileDescriptor socket, const SocketAddress& remote) {
                   streams.accepted(std::move(socket), remote, sip::Transport::tcp);
                 }));
    }
    for (const auto& wanted : settings.tls) {
      TRY(listen(wanted, addresses.sip.tls,
                 [this](FileDescriptor socket, const SocketAddress& remote) {
                   streams.accepted(std::move(socket), remote, sip::Transport::tls);
                 }));
    }
    std::optional<sip::HostPort> msrp;
    std::optional<sip::HostPort> msrps;
    std::optional<sip::HostPort> participating_msrps;
    TRY(listen_msrp(settings.msrp, msrp, MsrpConnections::At::focus, msrp::Security::none));
    TRY(listen_msrp(settings.msrps, msrps, MsrpConnections::At::focus,
                    msrp::Security::certificate));
    TRY(listen_msrp(settings.participating_msrp, addresses.participating_msrp,
                    MsrpConnections::At::participating, msrp::Security::none));
    TRY(listen_msrp(settings.participating_msrps, participating_msrps,
                    MsrpConnections::At::participating, msrp::Security::certificate));
    announce(msrp);
    return load_media_tls(msrps, participating_msrps);
  }

  // RFC 4975 14.4: what our SDP will say of us.
  Result<> load_media_tls(const std::optional<sip::HostPort>& bound,
                          const std::optional<sip::HostPort>& bound_participating) {
    if (!settings.media_tls) {
      if (!settings.msrps.empty() || bound_participating)
        return fail(Fault::not_found, "MSRP over TLS is not set up");
      return {};
    }
    auto tls = TRY(Tls::load(*settings.media_tls));
    if (!tls.can_serve()) return fail(Fault::not_found, "MSRP over TLS needs a certificate");
    const auto reached =
        settings.announced_msrps.value_or(bound.value_or(sip::HostPort{own_host(), no_port}));
    const auto fingerprint = fingerprint_of(tls.certificate());
    addresses.msrps = {.host = reached.host, .port = reached.port, .fingerprint = fingerprint};
    if (bound_participating) {
      const auto at = settings.announced_participating_msrps.value_or(*bound_participating);
      addresses.participating_msrps = {
          .host = at.host, .port = at.port, .fingerprint = fingerprint};
    }
    connections.use(std::make_shared<const Tls>(std::move(tls)));
    return {};
  }

  Result<> reload_tls() {
    if (!settings.tls_files) {
      if (!settings.tls.empty()) return fail(Fault::not_found, "TLS needs a certificate");
      return {};
    }
    auto tls = TRY(Tls::load(*settings.tls_files));
    if (!settings.tls.empty() && !tls.can_serve())
      return fail(Fault::not_found, "TLS needs a certificate");
    streams.use(std::make_shared<const Tls>(std::move(tls)));
    return {};
  }

  void stop(Task then) {
    asked_to_stop_ = std::move(then);
    is_stopping_ = true;
    listeners_.clear();
    datagrams.close();
    turn.stop();
    turn.end_later();  // what was said last leaves first
  }

  RunnerSettings settings;
  node::Addresses addresses;
  std::function<void()> application;
  Database* database = nullptr;
  MessageStore* history = nullptr;
  DeferralStore* deferrals = nullptr;

 private:
  Log& log_;

 public:
  Turn turn;
  Lingering lingering;
  SipDatagrams datagrams;
  SipStreams streams;
  MsrpConnections connections;
  DocumentFetches documents;

 private:
  Result<> bind_udp(const sip::HostPort& wanted) {
    const auto address = TRY(numeric(wanted));
    auto socket = bind_datagrams(address, settings.datagram_buffer_octets);
    if (!socket) return std::unexpected(at(wanted, socket.error()));
    if (!addresses.sip.udp) addresses.sip.udp = reachable(local_address(socket->get()));
    datagrams.add(std::move(*socket));
    return {};
  }

  Result<> listen(const sip::HostPort& wanted, std::optional<sip::HostPort>& first,
                  Listener::Accepted accepted) {
    const auto address = TRY(numeric(wanted));
    auto socket = listen_streams(address);
    if (!socket) return std::unexpected(at(wanted, socket.error()));
    if (!first) first = reachable(local_address(socket->get()));
    listeners_.emplace_back(turn.loop(), std::move(*socket), log_, std::move(accepted));
    return {};
  }

  Result<> listen_msrp(const std::vector<sip::HostPort>& all, std::optional<sip::HostPort>& first,
                       MsrpConnections::At at, msrp::Security security) {
    for (const auto& wanted : all) {
      TRY(listen(wanted, first,
                 [this, at, security](FileDescriptor socket, const SocketAddress& remote) {
                   connections.accepted(std::move(socket), remote, at, security);
                 }));
    }
    return {};
  }

  void announce(const std::optional<sip::HostPort>& msrp) {
    const auto& announced = settings.announced;
    if (announced.udp) addresses.sip.udp = announced.udp;
    if (announced.tcp) addresses.sip.tcp = announced.tcp;
    if (announced.tls) addresses.sip.tls = announced.tls;
    addresses.msrp =
        settings.announced_msrp.value_or(msrp.value_or(sip::HostPort{own_host(), no_port}));
    if (addresses.participating_msrp && settings.announced_participating_msrp)
      addresses.participating_msrp = settings.announced_participating_msrp;
  }

  std::string own_host() const {
    for (const auto& known : {addresses.sip.udp, addresses.sip.tcp, addresses.sip.tls}) {
      if (known) return known->host;
    }
    return primary_address(AF_INET);
  }

  void end_turn() {
    if (asked_to_stop_) return close_everything();
    if (application && !is_stopping_) application();
    streams.flush();
    if (!connections.flush()) turn.end_later();
  }

  void close_everything() {
    streams.flush();
    connections.flush();
    streams.close_all();
    connections.close_all();
    documents.close_all();
    stopped_ = std::exchange(asked_to_stop_, Task{});
    check_stopped();
  }

  void check_stopped() {
    if (stopped_ && lingering.empty()) turn.loop().post(std::exchange(stopped_, Task{}));
  }

  void perform(node::SendDatagram& verb) { datagrams.send(verb.remote, std::move(verb.octets)); }
  void perform(node::OpenStream& verb) { streams.open(verb.flow, verb.transport, verb.remote); }
  void perform(node::SendStream& verb) { streams.send(verb.flow, std::move(verb.octets)); }
  void perform(node::CloseStream& verb) { streams.close(verb.flow); }
  void perform(msrp::Connect& verb) { connections.connect(verb); }
  void perform(msrp::WantWrite& verb) { connections.want_write(verb.connection); }
  void perform(msrp::Write& verb) { connections.write(verb.connection, std::move(verb.pieces)); }
  void perform(msrp::Close& verb) { connections.close(verb.connection); }
  void perform(controlling::StoreGroup& verb) {
    const auto id = verb.id;
    auto told = alive_.guard([this, id](const Result<>& done) {
      turn.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
        node.stored(id, done.has_value(), now, out);
      });
    });
    if (!database)
      return turn.loop().post([told = std::move(told)]() mutable { told(no_database()); });
    database->write(
        [record = std::move(verb.record)](Sqlite& file) { return store_group(file, record); },
        std::move(told));
  }
  void perform(controlling::ForgetGroup& verb) {
    if (!database) return;
    database->write(
        [focus = std::move(verb.focus)](Sqlite& file) { return forget_group(file, focus); }, {});
  }
  void perform(participating::StoreDeferred& verb) {
    auto told = alive_.guard([this, id = verb.id](const Result<>& done) {
      turn.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
        node.deferred(id, done.has_value(), now, out);
      });
    });
    if (!deferrals)
      return turn.loop().post([told = std::move(told)]() mutable { told(no_database()); });
    deferrals->store(std::move(verb), std::move(told));
  }
  void perform(participating::FetchDeferred& verb) {
    if (!deferrals) return;
    deferrals->fetch(
        verb.id,
        alive_.guard([this, id = verb.id](const Result<participating::DeferredMessage>& message) {
          turn.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
            node.deferred_fetched(id, message, now, out);
          });
        }));
  }
  void perform(participating::ForgetDeferred& verb) {
    if (deferrals) deferrals->forget(verb.id);
  }
  static Result<> no_database() { return fail(Fault::closed, "no database"); }
  void perform(controlling::FetchDocument& verb) { documents.fetch(verb); }

  void perform(store::Ask& verb) {
    const auto id = verb.id;
    auto told = alive_.guard([this, id](const store::Answer& answer) {
      turn.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
        node.store_answered(id, answer, now, out);
      });
    });
    if (!history)
      return turn.loop().post([told = std::move(told)]() mutable { told(no_history()); });
    auto* const write = std::get_if<store::Write>(&verb.request);
    if (!write) return history->ask(std::move(verb.request), std::move(told));
    history->keep(std::move(*write), alive_.guard([this, id] {
      turn.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
        node.store_kept(id, now, out);
      });
    }),
                  std::move(told));
  }
  static store::Answer no_history() { return fail(Fault::closed, "no message store"); }

  std::list<Listener> listeners_;
  Alive alive_;
  bool is_stopping_ = false;
  Task asked_to_stop_;
  Task stopped_;  // to be called once nothing lingers
};

Runner::Runner(Loop& loop, node::Node& node, FileBodyStore* bodies, Log& log,
               RunnerSettings settings)
    : impl_{std::make_unique<Impl>(loop, node, bodies, log, std::move(settings))} {}
Runner::~Runner() = default;

Result<> Runner::start() {
  TRY(impl_->bind());
  impl_->turn.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    node.start(addresses(), now, out);
  });
  return {};
}

const node::Addresses& Runner::addresses() const { return impl_->addresses; }

void Runner::perform(const std::function<void(node::Node&, TimePoint, node::Effects&)>& call) {
  impl_->turn.tell(call);
}
void Runner::after_turn(std::function<void()> application) {
  impl_->application = std::move(application);
}
Result<> Runner::reload_tls() { return impl_->reload_tls(); }
void Runner::keep_state_in(Database* database) { impl_->database = database; }
void Runner::keep_history_in(MessageStore* history) { impl_->history = history; }
void Runner::keep_deferred_in(DeferralStore* deferrals) { impl_->deferrals = deferrals; }
void Runner::trace(WireTap* tap) { impl_->turn.tap = tap; }
void Runner::stop(Task stopped) { impl_->stop(std::move(stopped)); }
std::size_t Runner::connections() const {
  return impl_->streams.size() + impl_->connections.size();
}

}  // namespace convene::io
