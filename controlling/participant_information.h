#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "conference/conference_info.h"
#include "controlling/turn.h"
#include "sip/user_agent.h"

namespace convene::controlling {

// How long a SUBSCRIBE shall last: what it asks for, but no longer than the policy's. RFC
// 6665 4.2.1.1
std::chrono::seconds subscription_duration(const sip::Message& subscribe,
                                           const InformationPolicy& policy);

// The subscriptions to one group's participant information. CPM 9.2.14, RFC 4575.
//
// The first NOTIFY is full and leaves at once; later ones say what changed, at most one per
// policy's 5 s; the last one, which ends the subscription, leaves at once again (G-38).
class ParticipantInformation {
 public:
  // A subscription begins, or is refreshed: a full NOTIFY. Zero seconds end it (a poll, when it was
  // new).
  void subscribed(Turn& turn, sip::DialogId dialog, std::string_view subscriber,
                  std::string_view event, std::chrono::seconds expires,
                  const conference::ConferenceInfo& all);
  void ended(sip::DialogId dialog);  // by the other side: no NOTIFY any more

  // That this user's element is another now; or that it is no longer in the document, and this is
  // the last of it.
  void changed(std::string_view shown_address);
  void left(const conference::User& last);

  // Who was this user is that one now; nobody is told which: everybody gets a full document.
  void renamed(std::string_view old_address, std::string_view new_address);

  // Sends what is due: changes, and the end of subscriptions that ran out. `all` is the full
  // document.
  void tell(Turn& turn, const conference::ConferenceInfo& all);

  // R6.6: ends the subscriptions of one, or of all.
  void terminate(Turn& turn, std::string_view subscriber, const conference::ConferenceInfo& all);
  void terminate_all(Turn& turn, const conference::ConferenceInfo& all);

  const std::string* subscriber_of(sip::DialogId dialog) const;  // nullptr: no such subscription
  std::size_t count() const { return subscriptions_.size(); }
  std::size_t count_of(std::string_view subscriber) const;
  Deadline deadline() const;
  bool is_due(TimePoint now) const { return convene::is_due(deadline(), now); }

 private:
  // Users, by their entity, and what to show of those that are no longer in the document.
  using Changes = std::map<std::string, std::optional<conference::User>, std::less<>>;

  struct Subscription {
    std::string subscriber;  // whose own <user> is marked
    std::string event;       // the Event header as received: it may have an id
    TimePoint expires;
    TimePoint told;  // when the last NOTIFY left
    std::uint32_t next_version = 0;
    Changes changes;        // since then
    bool wants_all = true;  // a full document is due
  };

  static conference::ConferenceInfo document_for(const conference::ConferenceInfo& all,
                                                 const Subscription& subscription);
  void notify(Turn& turn, sip::DialogId dialog, Subscription& subscription, std::string_view state,
              const conference::ConferenceInfo& all);

  std::map<sip::DialogId, Subscription> subscriptions_;
  Duration at_most_every_{5'000};  // the policy's, as last seen
};

}  // namespace convene::controlling
