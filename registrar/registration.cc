#include <algorithm>

#include "base/text.h"
#include "registrar/registrar.h"
#include "sip/fields.h"

// RFC 3261 10.3: what a registrar does with a REGISTER.
namespace convene::registrar {

namespace {

std::chrono::seconds asked_expiry(const sip::Message& request, const sip::NameAddr& contact,
                                  std::chrono::seconds otherwise) {
  if (const auto own = contact.params.value("expires")) {
    const auto seconds = sip::parse_delta_seconds(*own);
    return seconds ? std::chrono::seconds{*seconds} : otherwise;
  }
  const auto seconds = sip::parse_delta_seconds(request.header(sip::Name::expires));
  return seconds ? std::chrono::seconds{*seconds} : otherwise;
}

}  // namespace

void Registrar::register_arrived(const sip::RequestArrived& arrived, TimePoint now, Output& out) {
  const auto& [transaction, request, source] = arrived;

  // (1) The Request-URI names our domain. (5) The To names whom it is about.
  const auto domain = sip::parse_uri(request.uri());
  const auto to = sip::parse_name_addr(request.header(sip::Name::to));
  if (!domain || !to) return answer(transaction, request, 400, now, out);
  if (!iequals(domain->host, settings_.domain) && !is_own(*domain))
    return answer(transaction, request, 404, now, out);
  const auto address = sip::address_of_record(to->uri);
  if (to->uri.is_sip() && !iequals(to->uri.host, settings_.domain))
    return answer(transaction, request, 404, now, out);
  if (is_service(to->uri)) return answer(transaction, request, 403, now, out);

  // (3), (4) Who asks, and may it?
  auto verdict = authentication_.identify(request, source, address, location_,
                                          Authentication::At::registrar, now);
  if (verdict.refusal) return respond(transaction, std::move(*verdict.refusal), now, out);
  if (verdict.address != address) return answer(transaction, request, 403, now, out);
  if (location_.users() >= settings_.max_users) return answer(transaction, request, 503, now, out);

  // (6), (7) Contacts.
  if (const auto bound = bind_contacts(request, source, address, now); !bound) {
    surroundings_.log.info("registrar", bound.error().detail, {{"user", masked(address)}});
    if (bound.error().fault == Fault::unsupported) {
      auto brief = make_response(request, 423, random_token(surroundings_.random, 8));
      brief.add(sip::Name::min_expires, std::to_string(settings_.min_expires.count()));
      return respond(transaction, std::move(brief), now, out);
    }
    const bool is_old = bound.error().fault == Fault::out_of_order;
    return answer(transaction, request,
                  is_old                                    ? 500
                  : bound.error().fault == Fault::too_large ? 403
                                                            : 400,
                  now, out);
  }

  // (8) All current bindings.
  auto ok = make_response(request, 200, random_token(surroundings_.random, 8));
  const auto bindings = location_.bindings(address, now);
  for (const auto& binding : bindings) {
    auto contact = binding.contact;
    const auto left = std::chrono::ceil<std::chrono::seconds>(binding.expires - now);
    contact.params.set("expires", std::to_string(left.count()));
    ok.add(sip::Name::contact, to_text(contact));
  }
  surroundings_.log.info(
      "registrar", "registered",
      {{"user", masked(address)}, {"contacts", std::to_string(bindings.size())}});
  respond(transaction, std::move(ok), now, out);
  if (!bindings.empty()) out.registered.push_back(address);
}

// Fault::unsupported: 423 Interval Too Brief.
Result<> Registrar::bind_contacts(const sip::Message& request, const sip::Source& source,
                                  std::string_view address_of_record, TimePoint now) {
  const auto cseq = TRY(sip::parse_cseq(request.header(sip::Name::cseq)));
  const auto contacts = request.values(sip::Name::contact);

  if (std::ranges::any_of(contacts, [](std::string_view c) { return trim(c) == "*"; })) {
    const auto expires = sip::parse_delta_seconds(request.header(sip::Name::expires));
    if (contacts.size() != 1 || !expires || *expires != 0)
      return fail(Fault::malformed, "Contact * without Expires 0");
    location_.remove_all(address_of_record);
    return {};
  }

  std::vector<Binding> wanted;
  for (const auto text : contacts) {
    auto contact = TRY(sip::parse_name_addr(text));
    const auto expires = asked_expiry(request, contact, settings_.default_expires);
    if (expires.count() > 0 && expires < settings_.min_expires)
      return fail(Fault::unsupported, "expires too soon");
    contact.params.remove("expires");
    wanted.push_back({.contact = std::move(contact),
                      .call_id = std::string{request.header(sip::Name::call_id)},
                      .cseq = cseq.number,
                      .expires = now + std::min(expires, settings_.max_expires),
                      .source = source});
  }
  for (auto& binding : wanted) TRY(location_.update(address_of_record, std::move(binding), now));
  return {};
}

}  // namespace convene::registrar
