// For peers/dovecot_test.py: an outbox before an IMAP server that goes and comes back.
#include <gmock/gmock.h>

#include <cstdio>

#include "io/outbox.h"
#include "store/message_object.h"
#include "store/test_objects.h"
#include "tests/store_fixture.h"

namespace convene::store {
namespace {

using testing::ElementsAre;

constexpr Duration patience{60'000};

class OutboxBeforeIt : public StoreUnderTest {
 protected:
  void SetUp() override {
    if (outbox == nullptr) GTEST_SKIP() << "no CONVENE_IMAP, or no CONVENE_OUTBOX";
  }

  // Told "kept n" once it is on the disk; whether it is in the store, too.
  bool keep(int number) {
    auto headers = alices_headers();
    headers.imdn_message_id = "m" + std::to_string(number);
    Write write{.account = account, .folder = conversation};
    write.objects = {make_message_object(headers, "Content-Type: text/plain\r\n\r\nHello")};
    bool is_kept = false;
    std::optional<bool> is_written;
    outbox->keep(
        std::move(write), [&] { is_kept = true; },
        [&](const Answer& answer) { is_written = answer.has_value(); });
    EXPECT_TRUE(loop.run_until([&] { return is_written.has_value(); }, patience));
    EXPECT_TRUE(is_kept) << number;
    if (is_kept) say("kept " + std::to_string(number));
    return *is_written;
  }
  static void say(const std::string& what) {
    std::printf("%s\n", what.c_str());
    std::fflush(stdout);
  }
  void drain() {
    EXPECT_TRUE(loop.run_until([&] { return outbox->waiting() == 0; }, patience))
        << outbox->waiting();
  }

  Folder conversation = conversation_folder({}, alices_headers().ids, "");
};

// The other side stops the server once it reads "kept 20", and starts it when it reads "down".
TEST_F(OutboxBeforeIt, goes_on_in_order_when_the_server_is_back) {
  int number = 0;
  while (keep(++number)) {
  }
  for (int more = 0; more < 50; ++more) keep(++number);
  say("down");
  drain();
  keep(++number);
  drain();

  const auto objects = answer<ObjectStates>(
      ListObjects{.account = account, .folder = conversation, .with_headers = true});
  ASSERT_EQ(objects.size(), static_cast<std::size_t>(number)) << "all, and none twice";
  for (int at = 0; at < number; ++at)
    EXPECT_THAT(objects[static_cast<std::size_t>(at)].headers,
                testing::HasSubstr("IMDN-Message-ID: m" + std::to_string(at + 1) + "\r\n"));
}

TEST_F(OutboxBeforeIt, keeps_what_the_server_does_not_take) {
  for (int number = 1; number <= 10; ++number) EXPECT_FALSE(keep(number));
  say("down");
  loop.run();  // until it is killed
}

TEST_F(OutboxBeforeIt, finds_what_an_earlier_process_kept) {
  EXPECT_GT(outbox->waiting(), 0U);
  drain();
}

}  // namespace
}  // namespace convene::store
