#include "trace/directory.h"

#include "base/text.h"
#include "cpm/capabilities.h"
#include "mime/multipart.h"
#include "sdp/msrp_attributes.h"
#include "sip/name_addr.h"
#include "trace/wire_summary.h"

namespace convene::trace {
namespace {

using sip::Name;

// Whom a message is from: the From of a request, the To of a response.
std::string author_of(const sip::Message& message) {
  if (cpm::capabilities_of(message).is_focus) return "focus";
  const auto address =
      sip::parse_name_addr(message.header(message.is_request() ? Name::from : Name::to));
  return address ? user_of(to_text(address->uri)) : std::string{};
}

std::string without_params(std::string_view uri) {
  return to_lower(uri.substr(0, uri.find_first_of(";?")));
}

}  // namespace

Directory::Directory(std::span<const Passage> passages) {
  for (const auto& passage : passages) {
    if (!passage.from.node.empty()) node_at_[passage.from.address] = passage.from.node;
    if (!passage.to.node.empty()) node_at_[passage.to.address] = passage.to.node;
  }
  for (const auto& passage : passages) learn(passage);
}

void Directory::learn(const Passage& passage) {
  if (!passage.message) return;
  const auto& message = *passage.message;
  const bool comes_from_its_author = !message.is_request() || message.values(Name::via).size() == 1;
  if (passage.from.node.empty() && comes_from_its_author) {
    users_at_[passage.from.address].insert(author_of(message));
  }
  learn_conversation(message);
  learn_paths(message);
}

void Directory::learn_conversation(const sip::Message& message) {
  const auto call = message.header(Name::call_id);
  if (const auto id = message.header(Name::conversation_id); !id.empty()) {
    conversation_of_call_.try_emplace(std::string{call}, id);
  }
  if (message.is_request()) {
    const auto group = conversation_of_focus_.find(without_params(message.uri()));
    if (group != conversation_of_focus_.end())
      conversation_of_call_.try_emplace(std::string{call}, group->second);
  }
  const auto known = conversation_of_call_.find(call);
  if (known == conversation_of_call_.end() || !cpm::capabilities_of(message).is_focus) return;
  if (const auto contact = sip::parse_name_addr(message.header(Name::contact))) {
    conversation_of_focus_.try_emplace(without_params(to_text(contact->uri)), known->second);
  }
}

void Directory::learn_paths(const sip::Message& message) {
  const auto parts = mime::leaves_of(message.header(Name::content_type), message.body());
  if (!parts || message.body().empty()) return;
  const auto* const sdp = mime::find_by_type(*parts, "application/sdp");
  if (!sdp) return;
  const auto session = sdp::parse_session_description(sdp->body);
  if (!session) return;
  for (const auto& media : session->media) {
    for (const auto& uri : sdp::path_of(media)) {
      const std::string id{session_id_of(uri)};
      user_of_session_.try_emplace(id, author_of(message));
      call_of_session_.try_emplace(id, message.header(Name::call_id));
    }
  }
}

std::string Directory::name_of(const End& end, std::string_view session_id) const {
  if (!end.node.empty()) return end.node;
  if (const auto node = node_at_.find(end.address); node != node_at_.end()) return node->second;
  if (const auto user = user_of_session_.find(session_id); user != user_of_session_.end())
    return user->second;
  const auto users = users_at_.find(end.address);
  if (users != users_at_.end() && users->second.size() == 1 && !users->second.begin()->empty()) {
    return *users->second.begin();
  }
  return end.address;
}

std::string Directory::sender_of(const Passage& passage) const {
  return name_of(passage.from, passage.frame ? session_id_of(passage.frame->from_path) : "");
}

std::string Directory::receiver_of(const Passage& passage) const {
  return name_of(passage.to, passage.frame ? session_id_of(passage.frame->to_path) : "");
}

std::string Directory::call_of(const Passage& passage) const {
  if (passage.message) return std::string{passage.message->header(Name::call_id)};
  if (!passage.frame) return {};
  for (const auto path : {passage.frame->to_path, passage.frame->from_path}) {
    const auto call = call_of_session_.find(session_id_of(path));
    if (call != call_of_session_.end()) return call->second;
  }
  return {};
}

std::string Directory::conversation_of(const Passage& passage) const {
  const auto conversation = conversation_of_call_.find(call_of(passage));
  return conversation == conversation_of_call_.end() ? std::string{} : conversation->second;
}

}  // namespace convene::trace
