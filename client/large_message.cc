#include "client/large_message.h"

#include <utility>

#include "client/core.h"
#include "cpm/large_message_offer.h"
#include "cpm/service.h"
#include "cpm/session_offer.h"

// CPM 7.2.1.2, conversation 13: a message that is too large for pager mode, sent.
namespace convene::client {

using sip::Name;

LargeMessage* Client::Core::find(MessageId id) {
  const auto found = large_messages.find(id);
  return found == large_messages.end() ? nullptr : &found->second;
}

Result<> Client::Core::has_room_for_message() const {
  TRY(can_offer());
  if (large_messages.size() >= settings.max_messages) {
    return fail(Fault::out_of_order, "too many messages under way");
  }
  return {};
}

// CPM 7.2.1.2; to several: as a session to a list, RFC 5366.
void Client::Core::send_large(const StandaloneMessage& message, std::string octets,
                              std::string imdn_id, TimePoint now, Output& out) {
  const MessageId id{++last_number};
  auto& large = large_messages[id];
  large.imdn_id = std::move(imdn_id);
  large.octets = std::move(octets);
  large.give_up = now + settings.invitation_timeout;
  large.ours =
      cpm::large_message_line(new_media(offered_setup(), offers_tls()), sdp::Direction::sendonly,
                              {message.content_type.substr(0, message.content_type.find(';'))});

  auto invite =
      make_invite(target_of(message), cpm::icsi::large_message, cpm::icsi::large_message, {});
  cpm::write_ids(invite, ids_of(message, invite));
  invite.add(Name::supported, "timer");
  invite.add(Name::allow, allowed_methods);
  cpm::write_file_transfer_offer(invite, {.description = {}, .files = {large.ours}},
                                 new_description_id(), surroundings.random);
  large.description = invite.body();
  write_recipients(invite, message, "recipient-list-invite");
  send(std::move(invite), id, now, out);
}

void Client::Core::large_answered(MessageId id, const sip::Message& response,
                                  std::optional<sip::DialogId> dialog, TimePoint now, Output& out) {
  auto* large = find(id);
  if (!large) {
    if (dialog) bye(*dialog, {}, now, out);
    return;
  }
  large->invite.reset();
  if (response.status() >= 300 || !dialog) return fail_large(id, response.status(), now, out);
  large->dialog = dialog;
  dialogs.emplace(*dialog, id);

  const auto answers =
      cpm::read_file_transfer_answer(response, {large->ours}, settings.address_rule);
  if (!answers) return fail_large(id, 488, now, out);
  const auto& theirs = answers->front()->media;
  const auto setup =
      cpm::setup_after_answer(large->ours.media.setup.value_or(sdp::Setup::active), theirs.setup);
  if (!setup || theirs.is_secure != large->ours.media.is_secure)
    return fail_large(id, 488, now, out);
  if (theirs.max_size && large->octets.size() > *theirs.max_size) {
    return fail_large(id, 413, now, out);
  }
  large->theirs = theirs;
  large->give_up.reset();

  msrp::OutgoingMessage message{.message_id = {},
                                .content_type = "message/cpim",
                                .prefix = {},
                                .octets = std::exchange(large->octets, {}),
                                .body = {}};
  message.total = message.octets.size();
  message.lane = msrp::OutgoingMessage::Lane::file;
  const auto key = open({.ours = large->ours.media,
                         .theirs = *large->theirs,
                         .setup = *setup,
                         .receive = {.max_octets = 0, .expected_octets = {}},
                         .max_chunk = settings.max_chunk},
                        id, now, out);
  if (auto* one = find(id)) one->media = key;
  msrp::Output media_output;
  endpoint.send(key, std::move(message), now, media_output);
  settle(std::move(media_output), now, out);
}

// Conversation 13: every octet was acknowledged, so the sender hangs up.
void Client::Core::large_sent(MessageId id, TimePoint now, Output& out) {
  const auto* large = find(id);
  if (!large || !large->is_ours) return;
  out.events.emplace_back(ChatSent{.group = {}, .id = large->imdn_id});
  end_large(id, now, out);
}

// Sending it is told; of one that did not arrive whole there is nothing to tell.
void Client::Core::fail_large(MessageId id, int status, TimePoint now, Output& out) {
  const auto* large = find(id);
  if (!large) return;
  if (large->is_ours) {
    out.events.emplace_back(ChatFailed{.group = {}, .id = large->imdn_id, .status = status});
  }
  end_large(id, now, out);
}

void Client::Core::end_large(MessageId id, TimePoint now, Output& out) {
  auto node = large_messages.extract(id);
  if (!node) return;
  auto& large = node.mapped();
  if (large.invite) {
    requests.erase(*large.invite);
    sip::UserAgentOutput agent_output;
    agent->cancel(*large.invite, now, agent_output);
    settle(std::move(agent_output), now, out);
  }
  close(large.media, now, out);
  if (large.dialog) bye(*large.dialog, {}, now, out);
}

void Client::Core::large_closed(MessageId id, TimePoint now, Output& out) {
  auto* large = find(id);
  if (!large) return;
  large->dialog.reset();
  fail_large(id, 0, now, out);
}

void Client::Core::wake_message(MessageId id, TimePoint now, Output& out) {
  const auto* large = find(id);
  if (large && is_due(large->give_up, now)) fail_large(id, 408, now, out);
}

}  // namespace convene::client
