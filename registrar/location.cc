#include "registrar/location.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace convene::registrar {

namespace {

bool is_same_device(const Binding& a, const Binding& b) {
  const auto instance = a.contact.params.value("+sip.instance");
  if (instance && instance == b.contact.params.value("+sip.instance")) return true;
  return sip::are_equivalent(a.contact.uri, b.contact.uri);
}

// What tells contacts apart in the index; equivalent URIs share it.
std::string contact_key(const sip::Uri& uri) {
  return uri.user + "@" + sip::to_text(sip::HostPort{.host = to_lower(uri.host), .port = uri.port});
}

}  // namespace

// RFC 5626 5.3: the connection that the device opened is the way back to it while it stands; then,
// and over UDP, its Contact says where it listens.
sip::Destination Binding::destination() const {
  const auto there = sip::destination_of(contact.uri);
  const auto address = there ? there->address : source.address;
  if (!is_reliable(source.transport))
    return {
        .transport = there ? there->transport : source.transport, .address = address, .flow = {}};
  return {.transport = source.transport, .address = address, .flow = source.flow};
}

// RFC 3261 10.3 (7)
Result<> Location::update(std::string_view address_of_record, Binding binding, TimePoint now) {
  auto& bindings = users_[std::string{address_of_record}];
  const auto same =
      std::ranges::find_if(bindings, [&](const Binding& b) { return is_same_device(b, binding); });

  if (same != bindings.end()) {
    if (same->call_id == binding.call_id && same->cseq >= binding.cseq)
      return fail(Fault::out_of_order, "REGISTER with an old CSeq");
    bindings.erase(same);
  }
  if (binding.expires > now) {
    if (bindings.size() >= max_bindings_per_user)
      return fail(Fault::too_large, "too many contacts");
    expiries_.emplace(binding.expires, address_of_record);
    user_of_contact_.insert_or_assign(contact_key(binding.contact.uri),
                                      std::string{address_of_record});
    bindings.insert(bindings.begin(), std::move(binding));
  }
  if (bindings.empty()) users_.erase(std::string{address_of_record});
  return {};
}

void Location::remove_all(std::string_view address_of_record) {
  if (const auto found = users_.find(address_of_record); found != users_.end()) users_.erase(found);
}

std::vector<Binding> Location::bindings(std::string_view address_of_record, TimePoint now) const {
  std::vector<Binding> alive;
  const auto found = users_.find(address_of_record);
  if (found == users_.end()) return alive;
  std::ranges::copy_if(found->second, std::back_inserter(alive),
                       [&](const Binding& b) { return b.expires > now; });
  return alive;
}

std::optional<Location::Owner> Location::owner_of(const sip::Uri& contact, TimePoint now) const {
  const auto user = user_of_contact_.find(contact_key(contact));
  if (user == user_of_contact_.end()) return std::nullopt;
  for (auto& binding : bindings(user->second, now)) {
    if (contact_key(binding.contact.uri) == user->first)
      return Owner{.address_of_record = user->second, .binding = std::move(binding)};
  }
  return std::nullopt;
}

std::optional<std::string> Location::registered_over(const sip::Source& source,
                                                     std::string_view address_of_record,
                                                     TimePoint now) const {
  for (const auto& binding : bindings(address_of_record, now)) {
    const bool same_way = is_reliable(source.transport)
                              ? binding.source.flow == source.flow
                              : binding.source.transport == source.transport &&
                                    binding.source.address == source.address;
    if (same_way) return std::string{address_of_record};
  }
  return std::nullopt;
}

void Location::expire(TimePoint now) {
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    const auto due = expiries_.extract(expiries_.begin());
    const auto user = users_.find(due.mapped());
    if (user == users_.end()) continue;
    for (const auto& binding : user->second) {
      if (binding.expires <= now) user_of_contact_.erase(contact_key(binding.contact.uri));
    }
    std::erase_if(user->second, [&](const Binding& b) { return b.expires <= now; });
    if (user->second.empty()) users_.erase(user);
  }
}

Deadline Location::deadline() const {
  if (expiries_.empty()) return {};
  return expiries_.begin()->first;
}

}  // namespace convene::registrar
