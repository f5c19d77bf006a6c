#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/surroundings.h"
#include "cpm/file_spool.h"
#include "participating/deferred_delivery.h"
#include "participating/deferred_offer.h"
#include "participating/media_relay.h"
#include "participating/served_user.h"
#include "participating/settings.h"
#include "sip/user_agent.h"

namespace convene::participating {

// One input to what takes or pushes sessions: time, and where its consequences go.
struct DeferringTurn {
  TimePoint now;
  sip::UserAgent& agent;
  sip::UserAgentOutput& sip;
  MediaRelay& media;
  MediaOutput& told;
  DeferredDelivery& delivery;
  DeferredDelivery::Turn& messages;
};

// The terminating side's own user agent, for users who cannot be reached: answers the INVITE of a
// file or a large message on their behalf, and takes what comes over MSRP into the spool. Its
// sender hears of success when all of it is durable. What is broken off, or is not what was
// announced, is not kept. Conversation 15, 14; R3.3, G-15, G-16; flow F4.1
class DeferredSessions {
 public:
  // `settings` and `bodies` outlive it.
  DeferredSessions(const Settings& settings, Surroundings world, msrp::BodyStore& bodies)
      : settings_{settings}, world_{world}, bodies_{bodies} {}

  // Whether such an INVITE is taken if the user cannot be reached, as far as anybody can say now.
  bool can_take(const ServedUser& served, const sip::Message& invite,
                const DeferredDelivery& delivery) const;

  // The INVITE that comes next with this Call-ID is for that user.
  void expect(std::string call_id, ServedUser served);
  void invited(DeferringTurn& turn, const sip::RequestReceived& request);
  bool requested(DeferringTurn& turn, const sip::RequestReceived& request);  // in a dialog
  bool acknowledged(DeferringTurn& turn, const sip::Acknowledged& dialog);
  bool ended(DeferringTurn& turn, const sip::DialogEnded& dialog);
  bool told(DeferringTurn& turn, msrp::Event& event);
  bool kept(DeferringTurn& turn, const SessionKept& what);
  void registered(std::string_view user);

  // Whether the session of such a path is one of these.
  bool owns(const msrp::Uri& uri) const;

  void wake(DeferringTurn& turn);
  Deadline deadline() const;
  std::size_t size() const { return taking_.size(); }

 private:
  struct Taking {
    ServedUser served;
    sip::Message invite;
    DeferrableOffer offer;
    cpm::FileMedia answer;
    cpm::DescriptionId description;
    std::string contact;
    LineEnd line;
    std::optional<sip::DialogId> dialog;
    std::optional<msrp::SessionKey> session;  // who connects waits for the ACK
    cpm::FileSpool spool;
    std::optional<msrp::IncomingId> incoming;  // the message that it comes in
    std::uint64_t arrived = 0;                 // octets of that
    std::optional<std::uint64_t> total;
    bool is_whole = false;
    std::optional<DeferralId> id;  // while it is being stored
    bool is_kept = false;
    bool is_here = false;  // the user has registered meanwhile
    Deadline until;        // to begin; to say BYE; for the rest of what a BYE overtook
  };
  using Place = std::list<Taking>::iterator;

  Place find(sip::DialogId dialog);
  Place find(msrp::SessionKey session);
  void open(DeferringTurn& turn, Taking& taking);
  std::uint64_t expected_for(std::string_view user) const;
  std::string answer_of(const Taking& taking) const;
  bool begin(DeferringTurn& turn, Place place, const msrp::MessageBegun& message);
  void grew(DeferringTurn& turn, Place place, const msrp::MessageGrew& message);
  void received(DeferringTurn& turn, Place place, const msrp::MessageReceived& message);
  void store(DeferringTurn& turn, Place place);
  void answer(DeferringTurn& turn, Place place, int status);
  void give_up(DeferringTurn& turn, Place place, int status, std::string_view why);
  void end(DeferringTurn& turn, Place place);

  const Settings& settings_;
  Surroundings world_;
  msrp::BodyStore& bodies_;
  std::map<std::string, ServedUser, std::less<>> expected_;  // by Call-ID
  std::list<Taking> taking_;
};

}  // namespace convene::participating
