#include "tests/bad_input.h"

// A peer that dies, at every stage of a file transfer: the others go on, and nothing is left.
namespace convene::tests {
namespace {

using testing::Contains;

struct DyingSender : BadInput {
  // Nobody is left waiting for her, and nobody has half a file.
  void expect_over() {
    EXPECT_TRUE(lab->wait([&] { return is_over(); }, 10min)) << lab->world().log();
    for (const char* name : {"bob", "carol"}) EXPECT_EQ(lab->count<client::FileReceived>(name), 0U);
  }
  std::string sdp() { return mallory->file_sdp("file", plan_text); }
};

TEST_F(DyingSender, before_the_answer) {
  mallory->send(file_offer(sdp()));
  mallory->die();
  expect_over();
}

TEST_F(DyingSender, before_the_ack) {
  EXPECT_EQ(mallory->answer_to(file_offer(sdp())).status(), 200);
  mallory->die();
  expect_over();
}

TEST_F(DyingSender, before_its_connection) {
  const auto ok = mallory->answer_to(file_offer(sdp()));
  mallory->send(mallory->in_dialog("ACK", ok, 1));
  lab->world().run_for(1s);
  mallory->die(sim::Death::silent);
  expect_over();
}

// Between the connection and the first SEND, which would say whose it is. RFC 4975 5.4
TEST_F(DyingSender, during_the_binding) {
  const auto ok = mallory->answer_to(file_offer(sdp()));
  mallory->send(mallory->in_dialog("ACK", ok, 1));
  (void)mallory->connect_msrp(path_in(ok.body()), path_in(sdp()));
  mallory->die();
  expect_over();
}

TEST_F(DyingSender, in_the_middle_of_a_chunk) {
  const auto line = begin_file();
  mallory->octets(line, "MSRP half SEND\r\nTo-Path: " + line.to + "\r\nFrom-Path: " + line.from +
                            "\r\nMessage-ID: file\r\nByte-Range: 1-65/65\r\n"
                            "Content-Type: text/plain\r\n\r\n" +
                            std::string{plan_text.substr(0, 30)});
  lab->world().run_for(1s);
  mallory->die();
  expect_over();
}

TEST_F(DyingSender, between_two_chunks) {
  const auto line = begin_file();
  mallory->send(line, "1-40/65", "file", plan_text.substr(0, 40), '+');
  lab->world().run_for(1s);
  mallory->die();
  expect_over();
}

// No reset tells it: EndpointSettings::stall_timeout does.
TEST_F(DyingSender, without_a_word) {
  const auto line = begin_file();
  mallory->send(line, "1-40/65", "file", plan_text.substr(0, 40), '+');
  lab->world().run_for(1s);
  mallory->die(sim::Death::silent);
  expect_over();
}

// It has done its part.
TEST_F(DyingSender, after_the_last_octet) {
  const auto line = begin_file();
  EXPECT_EQ(mallory->status_of(line, mallory->send(line, "1-65/65", "file", plan_text)), 200);
  mallory->die();
  EXPECT_TRUE(lab->wait([&] {
    return lab->count<client::FileReceived>("bob") == 1 &&
           lab->count<client::FileReceived>("carol") == 1;
  })) << lab->world().log();
  EXPECT_TRUE(lab->wait([&] { return is_over(); }, 10min)) << lab->world().log();
}

struct DyingReceiver : BadInput {
  DyingReceiver() { mallory_takes_files = true; }

  sip::Message offered() {
    lab->send_file("bob", file);
    return mallory->heard("INVITE");
  }
  // The other two have it, and its sender is told so.
  void expect_received() {
    EXPECT_TRUE(lab->wait([&] {
      return lab->files("alice").size() == 1 && lab->files("carol").size() == 1;
    })) << lab->world().log();
    EXPECT_THAT(lab->files("alice"), Contains(file));
    EXPECT_TRUE(lab->wait([&] { return lab->count<client::FileSent>("bob") == 1; }, 10min));
    EXPECT_TRUE(lab->wait([&] { return is_over(); }, 10min)) << lab->world().log();
  }
  std::string answer_to_offer(const sip::Message& invite) {
    auto sdp = std::string{invite.body()};
    sdp = sdp.substr(sdp.find("v=0"));
    const auto line = [&](std::string_view name) {
      const auto at = sdp.find(name);
      return sdp.substr(at, sdp.find("\r\n", at) + 2 - at);
    };
    return "v=0\r\no=- 1 1 IN IP4 10.9.0.9\r\ns=-\r\nc=IN IP4 10.9.0.9\r\nt=0 0\r\n"
           "m=message 9 TCP/MSRP *\r\na=recvonly\r\na=accept-types:*\r\na=setup:active\r\n"
           "a=path:msrp://10.9.0.9:9/receiver;tcp\r\n" +
           line("a=file-selector") + line("a=file-transfer-id");
  }
  std::string file = octets_of_file(300'000);
};

TEST_F(DyingReceiver, before_its_answer) {
  (void)offered();
  mallory->die();
  expect_received();
}

TEST_F(DyingReceiver, without_any_answer) {
  (void)offered();
  mallory->die(sim::Death::silent);
  expect_received();
}

TEST_F(DyingReceiver, before_its_connection) {
  const auto invite = offered();
  mallory->accept(invite, answer_to_offer(invite));
  mallory->die();
  expect_received();
}

TEST_F(DyingReceiver, in_the_middle_of_the_file) {
  const auto invite = offered();
  const auto sdp = answer_to_offer(invite);
  mallory->accept(invite, sdp);
  const auto line = mallory->bind(invite.body(), sdp);
  EXPECT_TRUE(lab->wait([&] { return mallory->heard(line).size() > 1'000; }, 10s));
  mallory->die();
  expect_received();
}

// It never answers a SEND, and never reads.
TEST_F(DyingReceiver, without_a_word) {
  const auto invite = offered();
  const auto sdp = answer_to_offer(invite);
  mallory->accept(invite, sdp);
  (void)mallory->bind(invite.body(), sdp);
  mallory->die(sim::Death::silent);
  expect_received();
}

}  // namespace
}  // namespace convene::tests
