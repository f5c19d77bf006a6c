#include "controlling/audience_reports.h"

#include <utility>

#include "controlling/sip_request.h"
#include "cpim/imdn_headers.h"
#include "cpm/content_types.h"
#include "cpm/report.h"
#include "cpm/service.h"

namespace convene::controlling {

using sip::Name;

namespace {

constexpr std::size_t message_id_length = 16;
constexpr std::size_t contribution_octets = 16;

}  // namespace

bool wants_failure_reports(const cpim::Message& original) {
  return cpim::disposition_notification(original).negative_delivery &&
         !cpim::imdn_message_id(original).empty();
}

// Conversation 11
void report_failure(Turn& turn, const Audience& audience, const cpim::Message& original,
                    const std::string& recipient, const std::string& conversation) {
  if (!wants_failure_reports(original)) return;
  const auto& sender = audience.sender.address;
  auto about = original;
  cpim::set_from(about, {.uri = sender});
  const auto report =
      cpm::make_report(about, {.disposition = imdn::Disposition::delivery,
                               .status = imdn::Status::failed,
                               .recipient = {.uri = recipient},
                               .message_id = random_token(turn.world.random, message_id_length),
                               .date_time = turn.date_time()});
  if (!report) return;
  turn.world.log.info("controlling", "9.1 not delivered: reported to the sender",
                      {{"who", masked(recipient)}, {"sender", masked(sender)}});

  const auto& group = audience.group;
  const auto ours = "<" + (group.empty() ? turn.policy.group.factories.front().uri : group) + ">";
  auto message = begin_request("MESSAGE", sender, ours, "<" + sender + ">", new_call_id(turn));
  message.add(Name::accept_contact, cpm::accept_contact(cpm::icsi::message));
  message.add(Name::p_asserted_identity, ours);
  message.add(Name::p_asserted_service, cpm::icsi::message);
  cpm::write_ids(message, {.conversation = conversation,
                           .contribution = random_hex(turn.world.random, contribution_octets),
                           .in_reply_to = {}});
  message.set_body(cpm::cpim_type, cpim::to_text(*report));
  turn.agent.request(std::move(message), turn.now, turn.sip);
}

}  // namespace convene::controlling
