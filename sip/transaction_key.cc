#include "sip/transaction_key.h"

#include "base/text.h"
#include "sip/tag.h"

namespace convene::sip {

namespace {

// No part can hold a line end, so none can pretend to be two.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const auto part : parts) key.append(part).append(1, '\n');
  return key;
}

}  // namespace

std::string client_key(std::string_view branch, std::string_view method) {
  return joined({branch, method});
}

// RFC 3261 17.2.3
std::string server_key(const Message& request, const Via& via, std::string_view method) {
  const auto branch = via.branch();
  if (branch.starts_with(magic_cookie)) {
    return joined({branch, to_lower(to_text(via.sent_by)), method});
  }

  // The To tag is left out: the ACK's is that of our response, and the rest tells transactions
  // apart well enough.
  const auto cseq = parse_cseq(request.header(Name::cseq));
  auto as_sent = via;
  as_sent.params.remove("received");
  as_sent.params.remove("rport");
  return joined({"RFC 2543", request.uri(), tag_of(request.header(Name::from)),
                 request.header(Name::call_id), cseq ? std::to_string(cseq->number) : "",
                 to_text(as_sent), method});
}

std::string merge_key(const Message& request) {
  if (!tag_of(request.header(Name::to)).empty()) return {};
  return joined({tag_of(request.header(Name::from)), request.header(Name::call_id),
                 request.header(Name::cseq)});
}

}  // namespace convene::sip
