#include "controlling/sip_request.h"

#include "base/random.h"

namespace convene::controlling {

using sip::Name;

sip::Message begin_request(std::string_view method, std::string_view uri, std::string_view from,
                           std::string_view to, std::string_view call_id) {
  auto request = sip::Message::request(method, uri);
  request.add(Name::max_forwards, "70");
  request.add(Name::from, from);
  request.add(Name::to, to);
  request.add(Name::call_id, call_id);
  request.add(Name::cseq, "1 " + std::string{method});
  return request;
}

sip::Message begin_ok(Turn& turn, const sip::Message& request) {
  auto response = turn.agent.respond_to(request, 200);
  response.copy(Name::record_route, request);
  return response;
}

std::string new_call_id(Turn& turn) { return random_hex(turn.world.random, 16); }

}  // namespace convene::controlling
