#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cpm/service.h"
#include "sip/fields.h"
#include "tests/lab.h"
#include "tests/raw_peer.h"

namespace convene::tests {

using sip::Name;

inline constexpr std::string_view plan_text =
    "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";

// Alice, Bob, Carol and Mallory are in a group; Mallory speaks raw octets. Whatever she did: then
// the others still chat and get files, and when all are gone, nothing is left of her at the server.
struct BadInput : testing::Test {
  void SetUp() override;
  void TearDown() override;

  std::string focus() { return lab->server().snapshot().controlling.groups.at(0).focus; }
  sip::Message file_offer(std::string_view sdp) {
    return mallory->invite(focus(), cpm::icsi::file_transfer, sdp);
  }
  // What Mallory's request is answered with; the log must have a line about it with `logged`.
  int status_of(const sip::Message& request, std::string_view logged = {});
  sip::Message answer_to(const sip::Message& request, std::string_view logged = {});
  // Her chat's MSRP session, and her file's.
  RawPeer::Line bind_chat();
  RawPeer::Line begin_file(std::string_view octets = plan_text);
  // Nothing but the group is at the server any more.
  bool is_over() { return lab->server().snapshot().controlling.transfers.empty(); }

  LabSettings settings;
  bool mallory_takes_files = false;
  std::unique_ptr<Lab> lab;
  std::unique_ptr<RawPeer> mallory;
  sip::Message chat_invite = sip::Message::response(699);  // the focus's to Mallory
  sip::Message file_ok = sip::Message::response(699);      // the focus's to Mallory's offer
};

}  // namespace convene::tests
