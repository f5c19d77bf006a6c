#include "controlling/report_ledger.h"

#include <gtest/gtest.h>

namespace convene::controlling {
namespace {

using imdn::Disposition;
using imdn::Status;
using Fate = ReportLedger::Fate;

cpim::Message asking(std::string_view id, const cpim::DispositionNotification& wants) {
  cpim::Message message;
  cpim::set_from(message, {.display = "", .uri = "sip:alice@example.com"});
  if (!id.empty()) cpim::set_imdn_message_id(message, id);
  cpim::set_disposition_notification(message, wants);
  cpim::set_content(message, "text/plain", "hello");
  return message;
}

constexpr cpim::DispositionNotification all_kinds{
    .positive_delivery = true, .negative_delivery = true, .processing = false, .display = true};

class ReportLedgerTest : public ::testing::Test {
 protected:
  ReportLedgerTest() {
    EXPECT_TRUE(ledger.remember("sip:alice@example.com", asking("m1", all_kinds), 10));
    ledger.copy_begins(m1, "sip:bob@example.com");
  }
  Fate delivered(std::string_view who) {
    return ledger.reported(m1, who, Disposition::delivery, Status::delivered);
  }

  ReportKey m1{.sender = "sip:alice@example.com", .message_id = "m1"};
  ReportLedger ledger;
};

// RFC 5438 12.2, reliability: abuse
TEST_F(ReportLedgerTest, lets_a_report_pass_only_of_who_was_sent_the_message) {
  EXPECT_EQ(delivered("sip:carol@example.com"), Fate::unknown);
  EXPECT_EQ(delivered("sip:bob@example.com"), Fate::pass);
}

TEST_F(ReportLedgerTest, knows_messages_by_their_sender_too) {
  const ReportKey of_carol{.sender = "sip:carol@example.com", .message_id = "m1"};

  EXPECT_EQ(
      ledger.reported(of_carol, "sip:bob@example.com", Disposition::delivery, Status::delivered),
      Fate::unknown);
}

// RFC 5438 7.2.1: at most one of each kind
TEST_F(ReportLedgerTest, lets_each_kind_pass_once) {
  EXPECT_EQ(delivered("sip:bob@example.com"), Fate::pass);
  EXPECT_EQ(delivered("sip:bob@example.com"), Fate::repeated);
  EXPECT_EQ(ledger.reported(m1, "sip:bob@example.com", Disposition::display, Status::displayed),
            Fate::pass);
  EXPECT_EQ(ledger.reported(m1, "sip:bob@example.com", Disposition::display, Status::error),
            Fate::repeated);
}

// RFC 5438 7.2.1: only what was asked for
TEST_F(ReportLedgerTest, drops_what_nobody_asked_for) {
  EXPECT_EQ(ledger.reported(m1, "sip:bob@example.com", Disposition::processing, Status::processed),
            Fate::not_asked);
}

TEST_F(ReportLedgerTest, lets_a_delivery_follow_a_failure_but_not_the_other_way_round) {
  ledger.copy_begins(m1, "sip:carol@example.com");
  EXPECT_EQ(ledger.reported(m1, "sip:bob@example.com", Disposition::delivery, Status::failed),
            Fate::pass);
  EXPECT_EQ(delivered("sip:bob@example.com"), Fate::pass);

  EXPECT_EQ(delivered("sip:carol@example.com"), Fate::pass);
  EXPECT_EQ(ledger.reported(m1, "sip:carol@example.com", Disposition::delivery, Status::failed),
            Fate::repeated);
}

TEST_F(ReportLedgerTest, remembers_nothing_that_asks_for_nothing) {
  EXPECT_FALSE(ledger.remember("sip:bob@example.com", asking("m2", {}), 10));
  EXPECT_FALSE(ledger.remember("sip:bob@example.com", asking("", all_kinds), 10));
  EXPECT_EQ(ledger.size(), 1U);
}

TEST_F(ReportLedgerTest, forgets_the_oldest) {
  EXPECT_TRUE(ledger.remember("sip:bob@example.com", asking("m2", all_kinds), 2));
  EXPECT_TRUE(ledger.remember("sip:bob@example.com", asking("m3", all_kinds), 2));

  EXPECT_EQ(ledger.size(), 2U);
  EXPECT_EQ(delivered("sip:bob@example.com"), Fate::unknown);
}

// RFC 5438 8: an intermediary may report failure
TEST_F(ReportLedgerTest, reports_failure_once_no_copy_of_a_recipient_is_left) {
  ledger.copy_begins(m1, "sip:bob@example.com");  // his second device

  EXPECT_EQ(ledger.copy_failed(m1, "sip:bob@example.com"), nullptr);
  const auto* original = ledger.copy_failed(m1, "sip:bob@example.com");

  ASSERT_NE(original, nullptr);
  EXPECT_EQ(cpim::imdn_message_id(*original), "m1");
  EXPECT_EQ(original->body, "");
  EXPECT_EQ(ledger.copy_failed(m1, "sip:bob@example.com"), nullptr) << "once";
}

TEST_F(ReportLedgerTest, reports_no_failure_when_another_device_has_it) {
  ledger.copy_begins(m1, "sip:bob@example.com");
  ledger.copy_arrived(m1, "sip:bob@example.com");

  EXPECT_EQ(ledger.copy_failed(m1, "sip:bob@example.com"), nullptr);
}

TEST_F(ReportLedgerTest, reports_no_failure_that_was_not_asked_for) {
  const ReportKey m2{.sender = "sip:alice@example.com", .message_id = "m2"};
  EXPECT_TRUE(ledger.remember(m2.sender, asking("m2", {.positive_delivery = true}), 10));
  ledger.copy_begins(m2, "sip:bob@example.com");

  EXPECT_EQ(ledger.copy_failed(m2, "sip:bob@example.com"), nullptr);
}

TEST_F(ReportLedgerTest, reports_no_failure_after_the_recipient_said_that_it_has_it) {
  EXPECT_EQ(delivered("sip:bob@example.com"), Fate::pass);

  EXPECT_EQ(ledger.copy_failed(m1, "sip:bob@example.com"), nullptr);
}

}  // namespace
}  // namespace convene::controlling
