#include <utility>

#include "base/text.h"
#include "client/core.h"
#include "sip/name_addr.h"

// Conversation 6.10: a session between two becomes one of a group. R1.11, R2.2, R2.12
namespace convene::client {

namespace {

constexpr std::string_view unreserved_marks = "-_.!~*'()";

// <urn:uuid:...> as the value of a GRUU's gr. RFC 5627 3.1
std::string bare(std::string_view instance) {
  if (instance.starts_with('<') && instance.ends_with('>')) {
    instance = instance.substr(1, instance.size() - 2);
  }
  return std::string{instance};
}

}  // namespace

Result<GroupId> Client::extend_to_group(GroupId one_to_one, NewGroup wanted, TimePoint now,
                                        Output& out) {
  const auto* session = core_->find(one_to_one);
  if (!session) return fail(Fault::not_found, "no such session");
  if (session->is_group) return fail(Fault::unsupported, "a group already");
  if (session->state != SessionState::active) return fail(Fault::out_of_order, "it is not up");
  if (session->replaced_by) return fail(Fault::out_of_order, "it is becoming a group already");
  if (!TRY(sip::parse_uri(session->peer)).is_sip()) {
    return fail(Fault::unsupported, "whom we talk to has no SIP address");
  }
  wanted.members.insert(wanted.members.begin(), session->peer);
  return core_->begin_group(std::move(wanted), one_to_one, now, out);
}

// The entry of who is in the session already: the very device that is in it, and what its new
// session replaces. Flow F12.1
std::string Client::Core::replacing_entry(const GroupSession& one_to_one) const {
  auto uri = *sip::parse_uri(one_to_one.peer);
  uri.headers.clear();
  if (const auto instance = bare(one_to_one.capabilities.instance); !instance.empty()) {
    uri.params.set("gr", instance);
  }
  return sip::to_text(uri) +
         "?Session-Replaces=" + percent_encode(one_to_one.ids.contribution, unreserved_marks);
}

// It did not come about, or is over: the session between two stays what it is.
void Client::Core::forget_extension(GroupId group) {
  for (auto& [id, session] : sessions) {
    if (session.replaced_by == group) session.replaced_by.reset();
  }
}

}  // namespace convene::client
