#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sip/message.h"

namespace convene::participating {

// What is said in a dialog of ours instead of what was said in the other one.
struct Addressing {
  std::string_view call_id;
  std::string_view from_tag;
  std::string_view to_tag;  // empty: none
  std::vector<std::string> routes;
  std::vector<std::string> record_routes;
};

// A request for the other side: method, Request-URI, CSeq, Contact and all that we do not know are
// the peer's, octet for octet; what belongs to the dialog is `addressing`; Max-Forwards is one
// less. G-02
sip::Message onward(const sip::Message& request, const Addressing& addressing);

// A response for who asked: Via, From, Call-ID and CSeq of the request, To with that tag;
// everything else is the peer's.
sip::Message backward(const sip::Message& request, const sip::Message& response,
                      std::string_view to_tag, const std::vector<std::string>& record_routes);

// The values of a list header, as texts of their own.
std::vector<std::string> values_of(const sip::Message& message, sip::Name name);

// The URI of the Contact; empty when there is none that can be read.
std::string contact_of(const sip::Message& message);

// G-02: whether it says which services it offers, as everything that takes part in CPM sessions
// does.
bool has_feature_tags(const sip::Message& message);

}  // namespace convene::participating
