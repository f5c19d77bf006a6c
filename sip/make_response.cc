#include <string>

#include "sip/tag.h"
#include "sip/transaction_layer.h"

namespace convene::sip {

// RFC 3261 8.2.6
Message make_response(const Message& request, int status, std::string_view to_tag,
                      std::string_view reason) {
  auto response = Message::response(status, reason);
  response.copy(Name::via, request);
  response.copy(Name::from, request);
  const auto to = request.header(Name::to);
  if (status > 100 && !to_tag.empty() && !to.empty() && tag_of(to).empty()) {
    response.add(Name::to, std::string{to} + ";tag=" + std::string{to_tag});
  } else {
    response.copy(Name::to, request);
  }
  response.copy(Name::call_id, request);
  response.copy(Name::cseq, request);
  if (status == 100) {
    if (const auto timestamp = request.header("Timestamp"); !timestamp.empty()) {
      response.add("Timestamp", timestamp);
    }
  }
  return response;
}

}  // namespace convene::sip
