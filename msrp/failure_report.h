#pragma once

namespace convene::msrp {

// Which answers the sender of a SEND wants. RFC 4975 7.1.2.
enum class FailureReport { yes, partial, no };

// Whether a SEND is answered with this status. RFC 4975 7.2.
constexpr bool wants_answer(FailureReport report, int status) {
  switch (report) {
    case FailureReport::yes: return true;
    case FailureReport::partial: return status != 200;
    case FailureReport::no: return false;
  }
  return true;
}

}  // namespace convene::msrp
