#pragma once

#include <list>
#include <optional>
#include <string>

#include "base/surroundings.h"
#include "participating/deferred_offer.h"
#include "participating/deferred_sessions.h"
#include "participating/settings.h"
#include "sip/user_agent.h"

namespace convene::participating {

// Brings files and large messages that were taken on behalf of a user to him, now that he has
// registered: an INVITE of our own for each, and its content over MSRP. When he has acknowledged
// all octets it is delivered; what breaks off waits for another time. Conversation 15; flow F4.2
class DeferredPushes {
 public:
  // `settings` and `bodies` outlive it.
  DeferredPushes(const Settings& settings, Surroundings world, msrp::BodyStore& bodies)
      : settings_{settings}, world_{world}, bodies_{bodies} {}

  void push(DeferringTurn& turn, SessionDue due);
  bool answered(DeferringTurn& turn, const sip::ResponseReceived& response);
  bool requested(DeferringTurn& turn, const sip::RequestReceived& request);  // in a dialog
  bool ended(DeferringTurn& turn, const sip::DialogEnded& dialog);
  bool told(DeferringTurn& turn, const msrp::Event& event);

  void wake(DeferringTurn& turn);
  Deadline deadline() const;
  std::size_t size() const { return pushes_.size(); }

 private:
  struct Push {
    DeferralId id;
    DeferredMessage message;  // its content's body is ours
    cpm::FileMedia ours;
    cpm::DescriptionId description;
    std::string contact;
    sip::RequestId invite;
    std::optional<sip::DialogId> dialog;
    std::optional<msrp::SessionKey> session;
    Deadline until;        // for an answer
    bool is_late = false;  // it was cancelled
  };
  using Place = std::list<Push>::iterator;

  std::optional<sip::Message> make_invite(Push& push);
  void begin(DeferringTurn& turn, Place place, const sip::Message& response);
  void send(DeferringTurn& turn, Push& push, const cpm::MsrpMedia& theirs);
  void end(DeferringTurn& turn, Place place, int status);

  const Settings& settings_;
  Surroundings world_;
  msrp::BodyStore& bodies_;
  std::list<Push> pushes_;
};

}  // namespace convene::participating
