#include "tests/flow_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cpm/flow_messages.h"

// The matcher has to fail: what it lets pass, nobody sees.
namespace convene::tests {
namespace {

using cpm::flow_text;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

// The text with `what` changed everywhere, and a right Content-Length.
std::string changed(std::string text, std::string_view what, std::string_view by) {
  auto at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  for (; at != text.npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
  constexpr std::string_view header = "\r\nContent-Length: ";
  const auto body = text.find("\r\n\r\n") + 4;
  const auto length = text.find(header);
  if (text.starts_with("MSRP") || length > body) return text;
  const auto value = length + header.size();
  const auto size = std::to_string(text.size() - body);
  return text.replace(value, text.find('\r', value) - value, size);
}

// A flow against itself with one text changed everywhere: the facts that differ.
std::vector<std::string> facts_that_differ(const std::string& flow, std::string_view what,
                                           std::string_view by) {
  FlowMatch match;
  std::vector<std::string> facts;
  for (const auto& difference :
       match.compare(flow, flow_text(flow), changed(flow_text(flow), what, by)))
    facts.push_back(difference.fact);
  return facts;
}

const std::vector<std::string> all_labels{
    "f1-1",  "f1-2",  "f1-3",  "f1-4", "f1-5", "f1-6",  "f1-10", "f1-11", "f1-12",
    "f1-13", "f2-1",  "f2-3",  "f2-4", "f3-1", "f3-2",  "f3-4",  "f3-5",  "f3-8",
    "f3-11", "f3-13", "f3-14", "f5-1", "f5-3", "f11-1", "f11-2", "f11-3", "f11-4"};

TEST(FlowMatch, finds_each_flow_equal_to_itself) {
  FlowMatch match;
  for (const auto& label : all_labels) {
    EXPECT_THAT(match.compare(label, flow_text(label), flow_text(label)), IsEmpty()) << label;
    const auto facts = facts_of(flow_text(label)).value();
    for (const auto& fact : facts)
      EXPECT_FALSE(fact.name.ends_with("unreadable")) << label << " " << fact.value;
  }
}

TEST(FlowMatch, lets_identifiers_hosts_and_lengths_be_other_ones) {
  EXPECT_THAT(facts_that_differ("f1-5", "cfb1", "other"), IsEmpty());
  EXPECT_THAT(facts_that_differ("f1-5", "192.0.2.20", "127.0.0.1"), IsEmpty());
  EXPECT_THAT(facts_that_differ("f1-5", "2855", "40123"), IsEmpty());
  EXPECT_THAT(facts_that_differ("f1-5", "grp-8d21", "grp-77"), IsEmpty());
  EXPECT_THAT(facts_that_differ("f2-1", "1-319/319", "1-301/301"), IsEmpty());
}

TEST(FlowMatch, sees_a_changed_feature_tag) {
  EXPECT_THAT(facts_that_differ("f1-6", "rcs.ftthumb", "rcs.fthttp"),
              ElementsAre("Contact +g.3gpp.iari-ref"));
  EXPECT_THAT(facts_that_differ("f1-5", ";isfocus", ""), ElementsAre("Contact isfocus"));
}

TEST(FlowMatch, sees_a_missing_header_and_one_too_many) {
  EXPECT_THAT(facts_that_differ("f1-5", "Subject: Trail Sunday\r\n", ""), ElementsAre("Subject"));
  EXPECT_THAT(facts_that_differ("f3-11", "Failure-Report: yes\r\n", ""),
              ElementsAre("Failure-Report"));
  FlowMatch match;
  const auto more = changed(flow_text("f1-5"), "Subject:", "Priority: urgent\r\nSubject:");
  EXPECT_THAT(match.compare("f1-5", flow_text("f1-5"), more),
              ElementsAre(Field(&Difference::fact, "Priority")));
}

TEST(FlowMatch, takes_what_is_a_set_in_any_order) {
  EXPECT_THAT(facts_that_differ("f1-1", "INVITE, ACK,", "ACK, INVITE,"), IsEmpty());
  EXPECT_THAT(facts_that_differ("f1-1", "INVITE, ACK,", "INVITE,"), ElementsAre("Allow"));
  EXPECT_THAT(facts_that_differ("f1-1", "a=setup:active\r\n", ""),
              ElementsAre("part 1 sdp m1 a=setup"));
  EXPECT_THAT(facts_that_differ("f2-1", "positive-delivery, display", "display, positive-delivery"),
              IsEmpty());
}

TEST(FlowMatch, sees_changes_in_every_kind_of_body) {
  EXPECT_THAT(facts_that_differ("f1-1", "sip:erin@", "sip:eric@"),
              ElementsAre("part 2 list entry sip:erin@example.com",
                          "part 2 list entry sip:eric@example.com"));
  EXPECT_THAT(facts_that_differ("f1-13", "pending", "connected"),
              ElementsAre("conference user sip:erin@example.com endpoint sip:erin@example.com "
                          "status"));
  EXPECT_THAT(facts_that_differ("f3-1", "Content-Disposition: icon", "Content-Disposition: inline"),
              ElementsAre("part 3 Content-Disposition"));
  EXPECT_THAT(facts_that_differ("f3-1", "size:65", "size:66"),
              ElementsAre("part 1 sdp m1 a=file-selector"));
  EXPECT_THAT(facts_that_differ("f3-14", "<delivered/>", "<failed/>"),
              ElementsAre("cpim content imdn status"));
  EXPECT_THAT(facts_that_differ("f3-8", "af01+", "af01#"), ElementsAre("end of chunk"));
  EXPECT_THAT(facts_that_differ("f3-8", "1-40/65", "1-40/*"), ElementsAre("Byte-Range"));
  EXPECT_THAT(facts_that_differ("f3-8", "Trail", "Train"), ElementsAre("body"));
}

// The same identifier of a flow is the same one of ours, in all its messages.
TEST(FlowMatch, binds_an_identifier_once) {
  FlowMatch match;
  const std::string theirs = "f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30";
  const auto ours = [&](const char* flow, std::string_view id) {
    return match.compare(flow, flow_text(flow), changed(flow_text(flow), theirs, id));
  };
  EXPECT_THAT(ours("f1-5", "one"), IsEmpty());
  EXPECT_THAT(ours("f1-6", "two"), ElementsAre(Field(&Difference::fact, "Conversation-ID")));
  EXPECT_EQ(match.bindings().seen_for("", "Conversation-ID", theirs), "one");
}

// And one of ours does not stand for two: a Contribution-ID that is the Conversation-ID's twin, a
// file-transfer-id used again.
TEST(FlowMatch, does_not_let_one_of_ours_stand_for_two) {
  FlowMatch match;
  const auto bob = changed(flow_text("f3-2"), "Zk21bobQ0w8e7r6t5y4u3i2o1p0a9s8d7", "same");
  const auto carol = changed(flow_text("f3-3"), "Zk21carolw8e7r6t5y4u3i2o1p0a9s8d7", "same");
  EXPECT_THAT(match.compare("f3-2", flow_text("f3-2"), bob), IsEmpty());
  EXPECT_THAT(match.compare("f3-3", flow_text("f3-3"), carol),
              ElementsAre(Field(&Difference::fact, "sdp m1 a=file-transfer-id")));
}

// Each leg has dialogs of its own.
TEST(FlowMatch, binds_tags_for_each_leg) {
  FlowMatch match;
  const auto at_pf = changed(flow_text("f1-2"), "tag=pa1t", "tag=al1");
  EXPECT_THAT(match.compare("f1-1", flow_text("f1-1"), flow_text("f1-1"), "alice-pf"), IsEmpty());
  EXPECT_THAT(match.compare("f1-2", flow_text("f1-2"), at_pf, "cf-pf"), IsEmpty());
}

TEST(FlowMatch, allows_a_variant_as_it_is_written_and_no_other) {
  const std::array variants{Variant{.flows = "f1-5 f3-1",
                                    .fact = "Subject",
                                    .flow_says = "Trail Sunday",
                                    .we_say = "nothing",
                                    .why = "a test"}};
  FlowMatch match{variants};
  const auto text = flow_text("f1-5");
  EXPECT_THAT(match.compare("f1-5", text, changed(text, "Subject: Trail Sunday\r\n", "")),
              IsEmpty());
  EXPECT_THAT(match.stale("f1-5"), IsEmpty());
  EXPECT_THAT(match.stale("f3-1"), ElementsAre("Subject"));
  EXPECT_EQ(match.compare("f1-5", text, changed(text, "Subject: Trail", "Subject: T")).size(), 1U);
  EXPECT_EQ(match.compare("f1-2", text, changed(text, "Subject: Trail Sunday\r\n", "")).size(), 1U);
}

TEST(FlowMatch, shows_a_difference_with_flow_fact_and_both_values) {
  FlowMatch match;
  const auto text = flow_text("f1-5");
  const auto found = match.compare("f1-5", text, changed(text, "grp-8d21@cf", "grp-1@other"));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(to_text(found.front()),
            "f1-5  From\n    flow: <sip:{group grp-8d21}@cf.example.com>\n"
            "    seen: <sip:grp-1@other.example.com>\n");
}

}  // namespace
}  // namespace convene::tests
