#include "sip/response_path.h"

#include <string>

#include "base/text.h"

namespace convene::sip {

Result<Via> top_via(const Message& message) {
  const auto vias = message.values(Name::via);
  if (vias.empty()) return fail(Fault::malformed, "no Via");
  return parse_via(vias.front());
}

void note_source(Message& request, Via& via, const Source& source) {
  const bool wants_port = via.params.has("rport");
  if (!wants_port && iequals(via.sent_by.host, source.address.host)) return;
  via.params.set("received", source.address.host);
  if (wants_port) via.params.set("rport", std::to_string(source.address.port));
  request.remove_first_value(Name::via);
  request.add_first(Name::via, to_text(via));
}

Destination answer_destination(const Via& via, const Source& source) {
  auto destination = response_destination(source);
  if (is_reliable(source.transport)) return destination;
  const auto maddr = via.params.value("maddr");
  if (maddr) destination.address.host = *maddr;
  if (maddr || !via.params.has("rport")) {
    destination.address.port = via.sent_by.port != 0 ? via.sent_by.port : std::uint16_t{5060};
  }
  return destination;
}

}  // namespace convene::sip
