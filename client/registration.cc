#include "client/registration.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "client/core.h"
#include "cpm/service.h"
#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::client {

using namespace std::chrono_literals;
using sip::Name;

namespace {

constexpr std::chrono::seconds first_pause{30};  // RFC 5626 4.5
constexpr std::chrono::seconds longest_pause{1'800};
constexpr std::chrono::seconds shortest_binding{10};

// A user who does not exist, or whose password is wrong, is not helped by asking again.
bool is_hopeless(int status) {
  return status == 401 || status == 403 || status == 404 || status == 407;
}

std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  const auto seconds = sip::parse_delta_seconds(text);
  return seconds ? std::optional{std::chrono::seconds{*seconds}} : std::nullopt;
}

}  // namespace

Duration pause_after(int failures, Random& random) {
  const auto doublings = std::min(failures - 1, 6);
  const auto longest = std::min(first_pause * (1 << doublings), longest_pause);
  const Duration upper{longest};
  const auto half = static_cast<std::uint64_t>(upper.count() / 2);
  return upper / 2 + Duration{static_cast<Duration::rep>(random_below(random, half))};
}

std::chrono::seconds renewal_after(std::chrono::seconds expires) {
  return expires > 1'200s ? expires - 600s : expires / 2;
}

void Client::register_user(TimePoint now, Output& out) {
  auto& registration = core_->registration;
  registration.is_wanted = true;
  registration.expires = core_->settings.registration_expires;
  core_->send_register(now, out);
}

void Client::unregister(TimePoint now, Output& out) {
  auto& registration = core_->registration;
  registration.is_wanted = false;
  registration.expires = 0s;
  core_->send_register(now, out);
}

bool Client::is_registered() const { return core_->registration.is_registered; }

// RFC 3261 10.2: one REGISTER at a time, all with one Call-ID.
void Client::Core::send_register(TimePoint now, Output& out) {
  registration.due.reset();
  if (registration.is_wanted && !can_be_reached()) return;  // RelayReady comes back to it
  if (registration.request) {
    registration.asks_again = true;
    return;
  }
  auto request = make_request("REGISTER", registrar_uri);
  request.remove(Name::route);  // that of a service is for other requests. RFC 3608 6.1
  if (!settings.route.empty()) request.add(Name::route, settings.route);
  request.set(Name::to, own_name_addr());
  if (registration.call_id.empty()) registration.call_id = request.header(Name::call_id);
  request.set(Name::call_id, registration.call_id);
  request.set(Name::cseq,
              sip::to_text(sip::CSeq{.number = ++registration.cseq, .method = "REGISTER"}));
  request.add(Name::contact, registered_contact());
  request.add(Name::expires, std::to_string(registration.expires.count()));
  send(std::move(request), OfRegistration{}, now, out);
}

// RFC 3840 6: what the registrar may tell others that we can do.
std::string Client::Core::registered_contact() const {
  auto address = sip::parse_name_addr(contact({}));
  if (!address) return "<" + contact_uri() + ">";
  auto services = cpm::encoded_urn(cpm::icsi::session) + ',' + cpm::encoded_urn(cpm::icsi::message);
  if (settings.services.file_transfer) {
    services += ',' + cpm::encoded_urn(cpm::icsi::file_transfer);
  }
  address->params.add_quoted(cpm::icsi_tag, services);
  return sip::to_text(*address);
}

void Client::Core::registration_answered(const sip::Message& response, TimePoint now, Output& out) {
  registration.request.reset();
  if (const auto cseq = sip::parse_cseq(response.header(Name::cseq))) {
    registration.cseq = std::max(registration.cseq, cseq->number);  // one more with credentials
  }
  const bool asks_again = std::exchange(registration.asks_again, false);
  if (response.status() < 300) {
    registration_succeeded(response, now, out);
  } else {
    registration_failed(response, now, out);
  }
  if (asks_again) send_register(now, out);
}

// RFC 3261 10.2.4
void Client::Core::registration_succeeded(const sip::Message& response, TimePoint now,
                                          Output& out) {
  registration.failures = 0;
  if (!registration.is_wanted) {
    registration.is_registered = false;
    registration.service_route.clear();
    out.events.emplace_back(Unregistered{});
    return;
  }

  auto expires = seconds_of(response.header(Name::expires)).value_or(registration.expires);
  const auto ours = sip::parse_uri(contact_uri());
  for (const auto value : response.values(Name::contact)) {
    const auto contact = sip::parse_name_addr(value);
    if (!contact || !ours || !are_equivalent(contact->uri, *ours)) continue;
    expires = seconds_of(contact->params.value("expires").value_or("")).value_or(expires);
  }
  expires = std::max(expires, shortest_binding);

  registration.service_route.clear();
  for (const auto route : response.values(Name::service_route)) {
    registration.service_route.emplace_back(route);
  }
  registration.is_registered = true;
  registration.due = now + renewal_after(expires);
  out.events.emplace_back(Registered{expires});
}

void Client::Core::registration_failed(const sip::Message& response, TimePoint now, Output& out) {
  // RFC 3261 10.2.8
  const auto longer = seconds_of(response.header(Name::min_expires));
  if (response.status() == 423 && longer && *longer > registration.expires &&
      registration.is_wanted) {
    registration.expires = *longer;
    return send_register(now, out);
  }

  ++registration.failures;
  registration.is_registered = false;
  if (registration.is_wanted && !is_hopeless(response.status())) {
    auto pause = pause_after(registration.failures, surroundings.random);
    if (const auto asked = seconds_of(split(response.header(Name::retry_after), ' ').front())) {
      pause = std::max(pause, Duration{std::min(*asked, longest_pause)});
    }
    registration.due = now + pause;
  }
  out.events.emplace_back(RegistrationFailed{response.status(), std::string{response.reason()}});
}

// Behind a NAT only the connection of our REGISTER leads to us: when it breaks, a new one is
// needed.
void Client::Core::connection_lost(const sip::Destination& destination, TimePoint now) {
  if (!registration.is_registered || registration.request || !settings.outbound) return;
  if (!is_reliable(destination.transport) || destination.address != settings.outbound->address) {
    return;
  }
  registration.is_registered = false;
  registration.due =
      now + 500ms + Duration{static_cast<Duration::rep>(random_below(surroundings.random, 1'500))};
}

}  // namespace convene::client
