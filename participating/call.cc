#include "participating/call.h"

#include <algorithm>

namespace convene::participating {

Pairing* Call::pairing_at(Side side, std::string_view tag) {
  const auto found = std::ranges::find_if(pairings, [&](const Pairing& pairing) {
    return (side == Side::caller ? pairing.tag_to_caller : pairing.callee_tag) == tag;
  });
  return found == pairings.end() ? nullptr : &*found;
}

bool Call::makes_dialogs() const {
  return method == "INVITE" || method == "SUBSCRIBE" || method == "REFER";
}

Side Call::served_side() const {
  return served.session_case == SessionCase::originating ? Side::caller : Side::callee;
}

}  // namespace convene::participating
