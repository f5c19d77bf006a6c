#include "cpm/session_offer.h"
#include "tests/bad_input.h"

// RFC 5547 8.4, R4.2, conversation 14.7: a receiver closes its m-line while the file is under way.
namespace convene::tests {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string line_of(std::string_view sdp, std::string_view name) {
  const auto at = sdp.find(name);
  return std::string{sdp.substr(at, sdp.find("\r\n", at) + 2 - at)};
}

// Mallory takes files, and writes her re-INVITEs herself.
struct ClosedFile : BadInput {
  ClosedFile() { mallory_takes_files = true; }

  std::string answer_to_file(std::string_view offer, std::string_view port) {
    const auto chat = mallory->chat_sdp("file");
    return chat.substr(0, chat.find("m=")) + "m=message " + std::string{port} +
           " TCP/MSRP *\r\na=recvonly\r\na=accept-types:*\r\na=setup:active\r\na=path:" +
           path_in(chat) + "\r\n" + line_of(offer, "a=file-selector") +
           line_of(offer, "a=file-transfer-id");
  }
};

TEST_F(ClosedFile, of_one_receiver_ends_its_copy_only) {
  const auto file = octets_of_file(2'000'000);
  lab->send_file("alice", file);
  const auto invite = mallory->heard("INVITE");
  const auto accepted = answer_to_file(invite.body(), "9");
  mallory->accept(invite, accepted);
  const auto line = mallory->bind(invite.body(), accepted);
  ASSERT_TRUE(lab->wait([&] { return mallory->heard(line).find(" SEND") != std::string::npos; }));

  auto close = mallory->in_accepted("INVITE", invite);
  close.set_body("application/sdp", answer_to_file(invite.body(), "0"));
  const auto ok = mallory->answer_to(close);
  EXPECT_EQ(ok.status(), 200);
  EXPECT_THAT(std::string{ok.body()}, HasSubstr("m=message 0 "));
  mallory->send(mallory->in_accepted("ACK", invite));
  (void)mallory->heard("BYE");

  for (const char* name : {"bob", "carol"}) {
    EXPECT_TRUE(lab->wait([&] { return !lab->files(name).empty(); })) << lab->world().log();
    EXPECT_THAT(lab->files(name), Contains(file)) << name;
  }
  EXPECT_TRUE(lab->wait([&] { return lab->count<client::FileSent>("alice") == 1; }));
}

}  // namespace
}  // namespace convene::tests
