#include "participating/test_history.h"

namespace convene::participating {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct FileTransferClosing : HistoryTest {
  // To bob alone, as in flow F8, in a conversation of its own.
  void send_to_bob(std::string_view contribution) {
    invite = of_flow("f3-1", alice_calls);
    invite.set_uri("sip:bob@example.com");
    invite.set(sip::Name::contribution_id, contribution);
    ok = establish(invite, "f3-5");
  }
};

// The text after its IMDN-Message-ID, which is drawn for a Session Info Object.
std::string without_drawn_id(std::string text) {
  const auto at = text.find("IMDN-Message-ID: si-");
  return at == std::string::npos ? text : text.erase(at, text.find("\r\n", at) - at);
}

// R5.0, R5.1b2, R5.1c, R6.2; flow F6
TEST_F(FileTransferClosing, goes_as_in_the_flow) {
  send_plan();
  EXPECT_THAT(asks, IsEmpty());

  // F6.1, F6.3: the BYE goes on at once, in the other dialog
  alice_hangs_up();
  const auto onward = last_request("BYE");
  EXPECT_EQ(onward.header(sip::Name::cseq), "2 BYE");
  EXPECT_NE(onward.header(sip::Name::call_id), invite.header(sip::Name::call_id));

  // F6.2a, F6.2b
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_EQ(write(0).account, "alice");
  EXPECT_EQ(to_text(write(0).folder),
            "Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30/5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f");
  ASSERT_TRUE(write(0).session_info);
  EXPECT_THAT(write(0).session_info->flags, ElementsAre("\\Seen", "created-by-ft"));
  ASSERT_THAT(write(0).objects, SizeIs(1));

  // F6.4: after the other side's 200 and the store's answer
  answer(onward, 200);
  EXPECT_FALSE(last_response("BYE"));
  store_has(asks[0], {.uid_validity = 7, .session_info = 1, .objects = {2}});
  ASSERT_TRUE(last_response("BYE"));
  EXPECT_EQ(last_response("BYE")->status(), 200);
  EXPECT_EQ(uid_in_last_response(), "1");
  EXPECT_EQ(last_response("BYE")->header(sip::Name::call_id), invite.header(sip::Name::call_id));
  EXPECT_EQ(function->snapshot().calls, 0U);
}

// R5.1b2, flow F6.2a: all but what nobody tells, the subject of a session that is not known.
TEST_F(FileTransferClosing, makes_the_session_info_object_of_the_flow) {
  send_plan();
  alice_hangs_up();
  auto expected = cpm::flow_text("f6-2a");
  const std::string subject = "Subject: Trail Sunday\r\n";
  expected.erase(expected.find(subject), subject.size());
  EXPECT_EQ(without_drawn_id(store::text_of(*write(0).session_info)), without_drawn_id(expected));
}

// R5.1b, flow F6.2b: the object describes the file, and does not have it.
TEST_F(FileTransferClosing, makes_the_file_transfer_history_object_of_the_flow) {
  send_plan();
  alice_hangs_up();
  const auto expected = read({.pieces = {cpm::flow_text("f6-2b")}});
  const auto made = read(write(0).objects.at(0));
  EXPECT_EQ(made.headers, expected.headers);
  auto history = std::get<store::FileTransferHistory>(expected.content);
  history.files.at(0).content.reset();
  history.files.at(0).content_id = "part1@pf-a.example.com";
  history.invited_participants = {"sip:grp-8d21@cf.example.com"};  // the roster is not known
  EXPECT_EQ(std::get<store::FileTransferHistory>(made.content), history);
}

// R5.1b: the session that was begun here is known by its focus, and by its ids.
TEST_F(FileTransferClosing, is_stored_in_the_folder_of_its_session) {
  establish(of_flow("f1-1", alice_calls), "f1-3");
  asks.clear();
  send_plan();
  alice_hangs_up();
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_EQ(read(*write(0).session_info).headers.subject, "Trail Sunday");
}

// G-12: whose client draws a Contribution-ID for each file.
TEST_F(FileTransferClosing, is_found_by_the_focus_when_its_ids_are_its_own) {
  establish(of_flow("f1-1", alice_calls), "f1-3");
  asks.clear();
  invite = of_flow("f3-1", alice_calls);
  invite.set(sip::Name::contribution_id, "of-the-file");
  ok = establish(invite, "f3-7");
  alice_hangs_up();
  EXPECT_THAT(to_text(write(0).folder), testing::EndsWith("/5e3c7d10a2b94c6f8e1d2a3b4c5d6e7f"));
  EXPECT_EQ(read(write(0).objects.at(0)).headers.ids.contribution, "of-the-file");
}

// R5.1a, A12
TEST_F(FileTransferClosing, without_session_is_stored_in_the_conversation) {
  send_to_bob("of-the-file");
  alice_hangs_up();
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_EQ(to_text(write(0).folder), "Default/f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30");
  EXPECT_FALSE(write(0).session_info);
  const auto made = read(write(0).objects.at(0));
  EXPECT_EQ(std::get<store::FileTransferHistory>(made.content).type,
            store::SessionType::one_to_one);
  EXPECT_EQ(made.headers.to, "sip:bob@example.com");

  answer(last_request("BYE"), 200);
  store_has(asks[0], {.uid_validity = 7, .session_info = {}, .objects = {5}});
  EXPECT_EQ(uid_in_last_response(), "5");
}

// R5.1
TEST_F(FileTransferClosing, stores_nothing_for_who_does_not_want_it) {
  make({}, false);
  send_plan();
  alice_hangs_up();
  answer(last_request("BYE"), 200);
  EXPECT_THAT(asks, IsEmpty());
  EXPECT_EQ(uid_in_last_response(), "");
}

// A11: the receiver's history is kept, too, and whoever hangs up first does not learn its UID.
TEST_F(FileTransferClosing, stores_for_the_receiver_whoever_hangs_up) {
  invite = of_flow("f3-2", bob_is_called);
  ok = establish(invite, "f3-5");
  receive(bye_of_caller(invite, ok));
  ASSERT_THAT(asks, SizeIs(1));
  EXPECT_EQ(write(0).account, "bob");
  const auto headers = read(write(0).objects.at(0)).headers;
  EXPECT_EQ(headers.direction, store::Direction::received);
  EXPECT_EQ(headers.from, "sip:alice@example.com");
  EXPECT_EQ(headers.to, "sip:bob@example.com");

  answer(last_request("BYE"), 200);
  EXPECT_EQ(uid_in_last_response(), "") << "it is not bob's BYE";
}

// What was refused was not transferred. RFC 3264 6
TEST_F(FileTransferClosing, leaves_out_files_that_were_refused) {
  invite = of_flow("f9-1", alice_calls);
  receive(invite);
  auto response = sip::make_response(last_request("INVITE"), 200, "far");
  const auto model = cpm::flow("f9-2");
  response.copy(sip::Name::contact, model);
  std::string body{model.body()};
  const auto line = body.rfind("m=message ");
  const auto port = line + std::string_view{"m=message "}.size();
  body.replace(port, body.find(' ', port) - port, "0");
  response.set_body("application/sdp", body);
  receive(std::move(response));
  ok = *last_response("INVITE");
  alice_hangs_up();
  const auto made = read(write(0).objects.at(0));
  EXPECT_THAT(std::get<store::FileTransferHistory>(made.content).files, SizeIs(1));
}

// The peer's words cannot end the part that describes them.
TEST_F(FileTransferClosing, chooses_another_boundary_when_a_name_holds_it) {
  invite = of_flow("f3-1", alice_calls);
  std::string body{invite.body()};
  body.replace(body.find("plan.txt"), 8, "--cpm.txt");
  invite.set_body(invite.header(sip::Name::content_type), body);
  ok = establish(invite, "f3-7");
  alice_hangs_up();
  const auto made = read(write(0).objects.at(0));
  EXPECT_THAT(std::get<store::FileTransferHistory>(made.content).files.at(0).sdp,
              HasSubstr("--cpm.txt"));
}

}  // namespace
}  // namespace convene::participating
