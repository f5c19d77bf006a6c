#pragma once

#include <map>
#include <string>

#include "controlling/audience.h"
#include "controlling/group_session.h"
#include "controlling/invitation.h"
#include "controlling/turn.h"
#include "cpim/message.h"

namespace convene::controlling {

// A standalone message in pager mode that goes to several: one SIP MESSAGE to each. Kept only as
// long as its sender wants to know of copies that fail, or one may have to go by way of the ISF.
// CPM 9.1.1, RFC 5365
class PagerMessage {
 public:
  PagerMessage(Invitation invitation, Audience audience, cpim::Message content);

  void send(Turn& turn, MessageId id);  // every copy
  void answered(Turn& turn, MessageId id, const sip::ResponseReceived& answer);
  bool is_over() const { return waiting_.empty(); }  // nothing more to report: forget it

 private:
  struct Copy {
    std::size_t member = 0;        // of the audience
    bool by_interworking = false;  // CPM 6.5
  };
  void send(Turn& turn, MessageId id, const Copy& copy);
  sip::Message copy_for(Turn& turn, const Member& member) const;

  Invitation invitation_;
  Audience audience_;
  cpim::Message content_;  // without its body once the copies have left, if none may leave again
  bool is_watched_ = false;
  std::map<sip::RequestId, Copy> waiting_;  // without an answer
};

// Whether a MESSAGE may go to `audience`. 413 over max_pager_octets, 415 without CPIM, 403 when its
// CPIM From is somebody else. Conversation 13, 17
cpm::Granted<PagerMessage> page_for(const PeerRequest& request, Audience audience,
                                    const MessagePolicy& policy);

}  // namespace convene::controlling
