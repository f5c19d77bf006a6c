#include "cpm/ids.h"

#include <algorithm>

#include "base/hash.h"

namespace convene::cpm {

namespace {

Result<std::string> read_id(const sip::Message& message, sip::Name name) {
  if (message.count(name) > 1) return fail(Fault::malformed, "an id header that is there twice");
  const auto id = message.header(name);
  if (id.size() > max_id_octets) return fail(Fault::too_large, "an id longer than 256");
  if (std::ranges::any_of(id, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    return fail(Fault::malformed, "a control character in an id");
  }
  return std::string{id};
}

void write_id(sip::Message& message, sip::Name name, std::string_view id) {
  if (!id.empty()) message.set(name, id);
}

}  // namespace

Result<Ids> read_ids(const sip::Message& message) {
  Ids ids;
  ids.conversation = TRY(read_id(message, sip::Name::conversation_id));
  ids.contribution = TRY(read_id(message, sip::Name::contribution_id));
  ids.in_reply_to = TRY(read_id(message, sip::Name::in_reply_to_contribution_id));
  return ids;
}

void write_ids(sip::Message& message, const Ids& ids) {
  write_id(message, sip::Name::conversation_id, ids.conversation);
  write_id(message, sip::Name::contribution_id, ids.contribution);
  write_id(message, sip::Name::in_reply_to_contribution_id, ids.in_reply_to);
}

std::string new_conversation_id(Random& random) { return random_uuid(random); }

std::string contribution_id(std::string_view secret, std::string_view call_id) {
  return to_hex(hmac_sha1(secret, call_id).substr(0, 16));
}

}  // namespace convene::cpm
