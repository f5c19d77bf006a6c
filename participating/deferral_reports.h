#pragma once

#include <optional>

#include "base/surroundings.h"
#include "cpim/message.h"
#include "imdn/notification.h"
#include "participating/deferral_queue.h"
#include "sip/message.h"

// What the sender of something deferred is told about it. RFC 5438 8
namespace convene::participating {

// The CPIM headers that its sender has written, From the real one: of a message itself, of a large
// one's content, or a file's wrapper. Nothing: there are none.
std::optional<cpim::Message> deferred_original(const DeferredMessage& message);

// A SIP MESSAGE from the user, by the hops that want to see it, or to who sent it. `route`: how it
// leaves; empty: to its Request-URI. Nothing when nobody asked for such a report.
struct DeferralReport {
  imdn::Disposition disposition = imdn::Disposition::delivery;
  imdn::Status status = imdn::Status::failed;
};
std::optional<sip::Message> make_deferral_report(const DeferredMessage& message,
                                                 const DeferralReport& report,
                                                 std::string_view route, Surroundings world,
                                                 TimePoint now);

}  // namespace convene::participating
