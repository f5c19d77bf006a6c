#include "groups/recipient_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::groups {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Entry entry(std::string uri, CopyControl control, bool anonymize = false) {
  return {.uri = std::move(uri), .copy_control = control, .anonymize = anonymize};
}

// RFC 5364 4
TEST(RecipientHistory, names_to_and_cc_and_never_bcc) {
  const auto history = history_of(
      {.entries = {entry("sip:carol@b", CopyControl::cc), entry("sip:bob@b", CopyControl::to),
                   entry("sip:dave@b", CopyControl::bcc)}});
  EXPECT_THAT(history.entries, ElementsAre(entry("sip:bob@b", CopyControl::to),
                                           entry("sip:carol@b", CopyControl::cc)));
}

// RFC 5364 4: anonymize
TEST(RecipientHistory, counts_who_wants_to_be_anonymous) {
  const auto history = history_of({.entries = {entry("sip:bob@b", CopyControl::to, true),
                                               entry("sip:carol@b", CopyControl::to, true),
                                               entry("sip:dave@b", CopyControl::bcc, true)}});
  EXPECT_THAT(history.entries, ElementsAre(Entry{.uri = "sip:anonymous@anonymous.invalid",
                                                 .copy_control = CopyControl::to,
                                                 .count = 2}));
}

TEST(RecipientHistory, says_nothing_of_what_only_the_exploder_needs) {
  const auto history =
      history_of({.entries = {entry("sip:bob@b?Session-Replaces=1", CopyControl::to)}});
  EXPECT_THAT(history.entries, ElementsAre(entry("sip:bob@b", CopyControl::to)));
  EXPECT_THAT(history_of({}).entries, IsEmpty());
}

}  // namespace
}  // namespace convene::groups
