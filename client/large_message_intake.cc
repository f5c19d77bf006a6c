#include <utility>

#include "client/core.h"
#include "cpm/ids.h"
#include "cpm/large_message_offer.h"
#include "cpm/service.h"
#include "mime/content_type.h"

// CPM 7.2.2, conversation 13: a message in large message mode arrives. It is taken without asking.
namespace convene::client {

void Client::Core::large_offered(const sip::RequestReceived& event, TimePoint now, Output& out) {
  const auto& invite = event.request;
  const auto refuse_with = [&](const cpm::Refusal& refusal) {
    refuse(event.transaction, invite, refusal, now, out);
  };
  if (large_messages.size() >= settings.max_messages) {
    return refuse_with(refusal(480, "too many messages"));
  }
  const auto offer = cpm::read_large_message_offer(invite, settings.address_rule);
  if (!offer) return refuse_with(offer.error());
  if (const auto ids = cpm::read_ids(invite); !ids) {
    return refuse_with(cpm::refusal_of(ids.error()));
  }
  std::size_t index = 0;
  while (!offer->files[index]) ++index;
  const auto& offered = *offer->files[index];
  const auto setup = answered_setup(offered.media);
  if (!setup) return refuse_with(setup.error());

  const MessageId id{++last_number};
  auto& large = large_messages[id];
  large.is_ours = false;
  large.request = invite;
  large.theirs = offered.media;
  large.give_up = now + settings.invitation_timeout;
  auto ours = cpm::large_message_line(new_media(*setup, offered.media.is_secure),
                                      sdp::Direction::recvonly, {"*"})
                  .media;
  ours.max_size = settings.max_message_octets;
  large.ours = cpm::answer_for(offered, std::move(ours));
  std::vector<std::optional<cpm::FileMedia>> answers(offer->files.size());
  answers[index] = large.ours;
  large.description = sdp::to_text(cpm::answer_files(*offer, new_description_id(), answers));

  const auto dialog =
      respond(event.transaction,
              make_acceptance(invite, cpm::icsi::large_message, large.description), now, out);
  if (!dialog) return end_large(id, now, out);
  large.dialog = dialog;
  dialogs.emplace(*dialog, id);
  if (*setup == sdp::Setup::passive) open_large(id, msrp::Setup::passive, now, out);
}

void Client::Core::large_acknowledged(MessageId id, TimePoint now, Output& out) {
  const auto* large = find(id);
  const bool waits = large && !large->is_ours && !large->media;
  if (waits) open_large(id, msrp::Setup::active, now, out);
}

void Client::Core::open_large(MessageId id, msrp::Setup setup, TimePoint now, Output& out) {
  auto& large = *find(id);
  const auto key = open({.ours = large.ours.media,
                         .theirs = *large.theirs,
                         .setup = setup,
                         .receive = {.into = msrp::Receive::Into::memory,
                                     .max_octets = settings.max_message_octets,
                                     .expected_octets = {}},
                         .hold_answers = true,
                         .max_chunk = settings.max_chunk},
                        id, now, out);
  if (auto* one = find(id)) one->media = key;
}

// What is no CPIM gets 415, what cannot be read 400. Its sender hangs up; if not, we do.
void Client::Core::large_received(MessageId id, const msrp::MessageReceived& event, TimePoint now,
                                  Output& out) {
  const auto answer_with = [&](int status) {
    msrp::Output media_output;
    endpoint.answer(event.message, status, now, media_output);
    settle(std::move(media_output), now, out);
  };
  if (event.octets.empty()) return answer_with(200);
  const auto type = mime::parse_content_type(event.content_type);
  if (!type || type->type != "message/cpim") return answer_with(415);
  auto content = cpim::parse_message(event.octets);
  if (!content) return answer_with(400);
  answer_with(200);

  auto* large = find(id);
  if (!large || !large->request) return;  // one INVITE, one message
  const auto request = *std::exchange(large->request, std::nullopt);
  large->give_up = now + settings.bye_patience;
  take_standalone(request, *std::move(content), now, out);
}

}  // namespace convene::client
