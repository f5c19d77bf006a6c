#pragma once

#include <filesystem>
#include <string>

#include "cpm/flow_messages.h"
#include "store/file_transfer_history.h"
#include "store/session_info.h"

namespace convene::store {

// For tests: what the flows F6 store for Alice.
inline ObjectHeaders alices_headers() {
  ObjectHeaders headers;
  headers.from = "sip:alice@example.com";
  headers.to = "sip:grp-8d21@cf.example.com";
  headers.date = "Sat, 22 Nov 2025 10:05:00 +0000";
  headers.ids.conversation = "f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30";
  headers.ids.contribution = "5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f";
  headers.asserted_service = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.session";
  return headers;
}

inline ObjectHeaders session_headers() {
  auto headers = alices_headers();
  headers.subject = "Trail Sunday";
  headers.accept_contact = {
      "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session\""};
  headers.imdn_message_id = "si-4f1d9c";
  return headers;
}

inline SessionInfo trail_session() {
  return {.type = SessionType::ad_hoc, .invited_participants = {"sip:grp-8d21@cf.example.com"}};
}

inline ObjectHeaders transfer_headers() {
  auto headers = alices_headers();
  headers.accept_contact = {
      "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.filetransfer\""};
  headers.imdn_message_id = "f-9QmZt41kLw";
  return headers;
}

inline FileTransferHistory trail_transfer(Piece file) {
  FileObject plan{.content_id = "part1@store.example.com",
                  .sdp =
                      "a=sendonly\r\n"
                      "a=file-selector:name:\"plan.txt\" type:text/plain size:65 "
                      "hash:sha-1:06:30:56:28:9A:2C:6D:69:D6:E4:C3:04:7C:6C:CB:15:2E:B8:E6:4E"
                      "\r\na=file-disposition:attachment"};
  plan.content = FileObject::Content{.type = "text/plain", .file = std::move(file)};
  return {.type = SessionType::ad_hoc,
          .invited_participants = {"sip:bob@example.com", "sip:carol@example.com"},
          .files = {plan}};
}

inline const std::string plan =
    "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";

}  // namespace convene::store
