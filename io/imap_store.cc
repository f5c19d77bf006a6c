#include "io/imap_store.h"

#include <utility>

#include "base/ip_address.h"

namespace convene::io {

namespace {

constexpr Duration goodbye_patience{5'000};

bool is_this_machine(const std::string& host) {
  const auto address = parse_ip(host);
  return host == "localhost" || (address && address->is_loopback());
}

store::ImapStoreSettings with_secrecy(store::ImapStoreSettings settings,
                                      const ImapStoreNetwork& network) {
  settings.session.keeps_secrets = network.tls != nullptr || is_this_machine(network.address.host);
  return settings;
}

}  // namespace

ImapStore::ImapStore(Loop& loop, Log& log, store::ImapStoreSettings settings,
                     ImapStoreNetwork network)
    : loop_{loop},
      network_{std::move(network)},
      machine_{with_secrecy(std::move(settings), network_), log},
      lingering_{loop, goodbye_patience},
      timer_{loop} {}

template <class Input>
void ImapStore::tell(Input input) {
  store::ImapStoreEffects effects;
  input(loop_.now(), effects);
  perform(std::move(effects));
  set_timer();
}

void ImapStore::set_timer() {
  const auto next = machine_.deadline();
  if (!next) return timer_.cancel();
  timer_.at(*next, [this] { wake(); });
}

void ImapStore::wake() {
  tell([this](TimePoint now, auto& out) { machine_.wake(now, out); });
}

void ImapStore::ask(store::Request request, Told told) {
  const store::RequestId id{++requests_};
  asked_.emplace(id, std::move(told));
  tell([&](TimePoint now, auto& out) { machine_.ask({id, std::move(request)}, now, out); });
}

void ImapStore::perform(store::ImapStoreEffects effects) {
  const auto link = [this](store::LinkId id) {
    const auto found = links_.find(id);
    return found == links_.end() ? nullptr : found->second.get();
  };
  for (auto& effect : effects) {
    if (auto* send = std::get_if<store::SendOctets>(&effect)) {
      if (auto* to = link(send->link)) to->send(std::move(send->octets));
    } else if (auto* file = std::get_if<store::SendFile>(&effect)) {
      if (auto* to = link(file->link)) to->send(file->file);
    } else if (auto* opened = std::get_if<store::OpenLink>(&effect)) {
      open(opened->link);
    } else if (auto* closed = std::get_if<store::CloseLink>(&effect)) {
      close(closed->link);
    } else if (auto* answered = std::get_if<store::Answered>(&effect)) {
      auto node = asked_.extract(answered->id);
      if (node.empty()) continue;
      loop_.post(alive_.guard(
          [told = std::move(node.mapped()), answer = std::move(answered->answer)]() mutable {
            told(std::move(answer));
          }));
    }
  }
}

void ImapStore::open(store::LinkId id) {
  ImapLink::Handlers handlers{
      .connected =
          [this, id] { tell([&](TimePoint now, auto& out) { machine_.connected(id, now, out); }); },
      .received =
          [this, id](std::string_view octets) {
            tell([&](TimePoint now, auto& out) { machine_.received(id, octets, now, out); });
          },
      .sent = [this, id] { machine_.sent(id, loop_.now()); },
      .closed =
          [this, id](const std::string& why) {
            loop_.post([gone = links_.extract(id)] {});  // not within its own call
            tell([&](TimePoint now, auto& out) { machine_.closed(id, why, now, out); });
          }};
  links_[id] = std::make_unique<ImapLink>(loop_, network_.address, network_.tls, network_.bodies,
                                          std::move(handlers));
}

// Later: it may be the one that is just telling something.
void ImapStore::close(store::LinkId id) {
  auto node = links_.extract(id);
  if (node.empty()) return;
  lingering_.add(node.mapped()->release());
  loop_.post([link = std::move(node.mapped())] {});
}

}  // namespace convene::io
