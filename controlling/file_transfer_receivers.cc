#include <utility>

#include "controlling/file_transfer.h"
#include "controlling/interworking.h"
#include "controlling/participant_leg.h"

namespace convene::controlling {

namespace {

constexpr int not_acceptable = 488;
// Plain MSRP was offered, and TLS may be. RFC 4975 14.4
bool may_be_asked_in_tls(const Turn& turn, const FileTransferTarget& target) {
  return !target.is_secure && usual_security(turn) == Security::plain &&
         security_terms(turn).speaks;
}

constexpr int no_answer = 408, session_gone = 481;  // of MSRP: the connection, not the receiver

}  // namespace

// RFC 4975 14.4: over TLS; G-29: from the first octet on, when it has lost the beginning; CPM 9.1.2
// (6), R1.16: by way of the ISF, when no session has said that it is a CPM user.
bool FileTransfer::may_be_asked_otherwise(const Turn& turn, const sip::Message& refusal,
                                          FileTransferTarget& target) const {
  if (cpm::wants_other_transport(refusal) && may_be_asked_in_tls(turn, target)) {
    return target.is_secure = true;
  }
  if (refusal.status() == not_acceptable && std::exchange(target.begun, 0) > 0) return true;
  if (!plan_.audience || target.by_interworking || !leads_to_interworking(turn, refusal)) {
    return false;
  }
  log(turn, "9.3.1 (6) not a CPM subscriber: inviting by the ISF", target.address);
  return target.by_interworking = true;
}

// G-08: the first acceptance answers the sender. What goes wrong on one leg is that leg's alone.
// F3.5, F3.6
void FileTransfer::receiver_answered(Turn& turn, LegId id, const sip::ResponseReceived& answer) {
  const auto found = legs_.find(id);
  if (found == legs_.end() || answer.response.status() < 200) return;
  auto& leg = found->second;

  if (leg.answered(turn, id_, answer)) {
    log(turn, "9.3.1 accepted", leg.target().address);
    if (!is_answered_) answer_sender(turn);
    feed(turn);
  } else {
    log(turn, "9.3.1 not accepted", leg.target().address, std::to_string(answer.response.status()));
    auto target = leg.target();
    if (may_be_asked_otherwise(turn, answer.response, target)) {
      legs_.erase(found);
      invite(turn, target);
    }
  }
  settle(turn);
}

// Conversation 9.1.2 (7): a receiver's BYE ends its leg only.
void FileTransfer::receiver_ended(Turn& turn, LegId id, std::string_view why) {
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  auto& leg = found->second;
  leg.hung_up();
  log(turn, "9.3.1 a receiver's leg ended", leg.target().address, why);
  leg.end(turn, id_, {});
  settle(turn);
}

// G-07, CPM 9.2.11: who is removed from the group is removed from its files.
void FileTransfer::participant_removed(Turn& turn, std::string_view participant) {
  if (participant == plan_.sender.address) return abort(turn, "its sender was removed");
  for (auto& [id, leg] : legs_) {
    if (leg.target().address != participant || !leg.is_unfinished()) continue;
    log(turn, "9.3.1 a receiver was removed from the group", participant);
    leg.end(turn, id_, {});
    leg.refused();
  }
  std::erase_if(again_, [&](const Again& one) { return one.target.address == participant; });
  settle(turn);
}

// RFC 5547 8.4, R4.2: a receiver closes its m-line; nobody else's.
void FileTransfer::receiver_reinvited(Turn& turn, LegId id, const PeerRequest& request) {
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  auto& leg = found->second;
  if (leg.reinvited(turn, request) == FileTransferLeg::Reinvited::goes_on) return;
  log(turn, "9.3.1 a receiver closed its file", leg.target().address, "port 0");
  leg.end(turn, id_, {});
  leg.refused();
  settle(turn);
}

void FileTransfer::message_sent(Turn& turn, LegId id) {
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  found->second.sent(spool_.size());
  log(turn, "9.3.1 a receiver has the file", found->second.target().address);
  settle(turn);
}

// F11.1: 413 and the like abort this copy; the others go on.
void FileTransfer::message_failed(Turn& turn, LegId id, int status) {
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  if (status == no_answer || status == session_gone) {
    return receiver_media_failed(turn, id, std::to_string(status));
  }
  log(turn, "9.3.1 a receiver stopped its copy", found->second.target().address,
      std::to_string(status));
  found->second.end(turn, id_, {});
  found->second.refused();
  settle(turn);
}

void FileTransfer::message_progressed(LegId id, std::uint64_t confirmed) {
  const auto found = legs_.find(id);
  if (found != legs_.end()) found->second.progressed(confirmed);
}

void FileTransfer::receiver_media_failed(Turn& turn, LegId id, std::string_view why) {
  const auto found = legs_.find(id);
  if (found == legs_.end()) return;
  if (!found->second.is_unfinished()) return;  // has all it needs, or is told already
  log(turn, "9.3.1 a receiver's connection is lost", found->second.target().address, why);
  found->second.end(turn, id_, {});
  broke_off(turn, id);
  settle(turn);
}

}  // namespace convene::controlling
