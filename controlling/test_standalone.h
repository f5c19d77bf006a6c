#pragma once
// For tests: standalone messages to the focus.

#include <string>
#include <utility>
#include <vector>

#include "controlling/test_stage.h"
#include "cpm/session_offer.h"
#include "cpm/standalone_message.h"

namespace convene::controlling {

inline constexpr std::string_view factory_uri = "sip:conference-factory@example.com";

inline std::string list_of(const std::string& entries) {
  return "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\" "
         "xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\"><list>" +
         entries + "</list></resource-lists>";
}

inline const std::string to_bob_and_carol =
    "<entry uri=\"sip:bob@example.com\" cp:copyControl=\"to\"/>"
    "<entry uri=\"sip:carol@example.com\" cp:copyControl=\"bcc\"/>";

// As a client writes it, without ids of its device.
inline std::string standalone_cpim(const std::string& text,
                                   const std::string& from = "sip:alice@example.com") {
  return "From: <" + from +
         ">\r\nTo: <sip:anonymous@anonymous.invalid>\r\n"
         "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m-1\r\n"
         "DateTime: 2025-11-22T10:05:09Z\r\n"
         "imdn.Disposition-Notification: positive-delivery, negative-delivery\r\n"
         "\r\nContent-Type: text/plain\r\n\r\n" +
         text;
}

// A MESSAGE of alice's, with a recipient list of these entries; without one when there are none.
inline sip::Message pager_message(Stage& stage, const std::string& uri, const std::string& cpim,
                                  const std::string& entries) {
  auto message = stage.fresh("f3-14", uri);
  message.set(sip::Name::from, "\"Alice\" <sip:alice@example.com>;tag=a1");
  message.set(sip::Name::to, "<" + uri + ">");
  message.set(sip::Name::p_asserted_identity, "\"Alice\" <sip:alice@example.com>");
  std::vector<mime::Part> parts{{.headers = {{"Content-Type", "message/cpim"}}, .body = cpim}};
  if (!entries.empty()) {
    message.add(sip::Name::require, "recipient-list-message");
    parts.push_back(cpm::recipient_list_part(list_of(entries)));
  }
  cpm::set_parts(message, std::move(parts), stage.random);
  return message;
}

}  // namespace convene::controlling
