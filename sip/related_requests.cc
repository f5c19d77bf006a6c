#include "sip/related_requests.h"

#include <string>

#include "sip/fields.h"
#include "sip/name_addr.h"

namespace convene::sip {

namespace {

// What ACK and CANCEL share: Request-URI, one Via, Call-ID, From, Route and the number of CSeq.
Message related(const Message& request, std::string_view method, const Message& to_from) {
  auto related = Message::request(method, request.uri());
  const auto vias = request.values(Name::via);
  if (!vias.empty()) related.add(Name::via, vias.front());
  related.add(Name::max_forwards, "70");
  related.copy(Name::route, request);
  related.copy(Name::from, request);
  related.copy(Name::to, to_from);
  related.copy(Name::call_id, request);
  const auto cseq = parse_cseq(request.header(Name::cseq));
  related.add(Name::cseq, to_text(CSeq{cseq ? cseq->number : 0, std::string{method}}));
  return related;
}

}  // namespace

// RFC 3261 17.1.1.3: the To header is the response's; RFC 3261 22.1: with the credentials of the
// INVITE.
Message make_ack_to_failure(const Message& invite, const Message& response) {
  auto ack = related(invite, "ACK", response);
  ack.copy(Name::authorization, invite);
  ack.copy(Name::proxy_authorization, invite);
  return ack;
}

// RFC 3261 13.2.2.4
Message make_ack_to_success(const Message& invite, const Message& response) {
  auto ack = related(invite, "ACK", response);
  ack.remove(Name::via);
  if (const auto contact = parse_name_addr(response.header(Name::contact))) {
    ack.set_uri(to_text(contact->uri));
  }
  return ack;
}

// RFC 3261 9.1
Message make_cancel(const Message& request) { return related(request, "CANCEL", request); }

}  // namespace convene::sip
