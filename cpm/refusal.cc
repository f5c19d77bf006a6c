#include "cpm/refusal.h"

#include "sip/fields.h"

namespace convene::cpm {

namespace {

int status_of(Fault fault) {
  switch (fault) {
    case Fault::malformed:
    case Fault::out_of_order: return 400;
    case Fault::too_large: return 413;
    case Fault::unsupported: return 415;
    case Fault::not_found: return 404;
    case Fault::timed_out: return 408;
    case Fault::closed: return 503;
  }
  return 500;
}

}  // namespace

Refusal refusal_of(const Error& error) {
  return {.status = status_of(error.fault), .warning = {}, .detail = error.detail};
}

void write_warning(sip::Message& response, const Refusal& refusal, std::string_view host) {
  if (refusal.warning.empty()) return;
  response.add(sip::Name::warning, sip::to_text(sip::Warning{.code = refusal.warning_code,
                                                             .agent = std::string{host},
                                                             .text = refusal.warning}));
}

}  // namespace convene::cpm
