#pragma once
// For tests: REFERs to the focus of the flows.

#include <string>
#include <string_view>
#include <vector>

#include "controlling/test_stage.h"
#include "sip/refer.h"

namespace convene::controlling {

// Outside any dialog; `from` is a name of the cast, `refer_to` what stands between <>.
inline sip::Message refer_of(Stage& stage, std::string_view from, std::string_view focus,
                             std::string_view refer_to) {
  const auto address = "<sip:" + std::string{from} + "@example.com>";
  auto refer = sip::Message::request("REFER", focus);
  const auto cover = stage.fresh("f7-1", focus);
  refer.copy(sip::Name::via, cover);
  refer.add(sip::Name::max_forwards, "70");
  refer.add(sip::Name::from, address + ";tag=refer");
  refer.add(sip::Name::to, "<" + std::string{focus} + ">");
  refer.copy(sip::Name::call_id, cover);
  refer.add(sip::Name::cseq, "1 REFER");
  refer.add(sip::Name::contact, "<sip:" + std::string{from} + "@198.51.100.11;transport=tcp>");
  refer.add(sip::Name::p_asserted_identity, address);
  refer.add(sip::Name::refer_to, "<" + std::string{refer_to} + ">");
  return refer;
}

// The same without the implicit subscription. RFC 4488
inline sip::Message silent_refer_of(Stage& stage, std::string_view from, std::string_view focus,
                                    std::string_view refer_to) {
  auto refer = refer_of(stage, from, focus, refer_to);
  refer.add(sip::Name::refer_sub, "false");
  return refer;
}

// With a list. RFC 5368
inline sip::Message multiple_refer_of(Stage& stage, std::string_view from, std::string_view focus,
                                      const std::vector<std::string>& uris) {
  auto refer = silent_refer_of(stage, from, focus, "cid:list-1@example.com");
  refer.add(sip::Name::require, "multiple-refer, norefersub");
  refer.add(sip::Name::content_disposition, "recipient-list");
  refer.add(sip::Name::content_id, "<list-1@example.com>");
  std::string xml =
      R"(<?xml version="1.0"?><resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>)";
  for (const auto& uri : uris) xml += "<entry uri=\"" + uri + "\"/>";
  refer.set_body("application/resource-lists+xml", xml + "</list></resource-lists>");
  return refer;
}

}  // namespace convene::controlling
