#include "imap/response.h"

#include <gtest/gtest.h>

namespace convene::imap {
namespace {

Status status(std::string_view text) { return std::get<Status>(parse_response(text).value()); }
Data data(std::string_view text) { return std::get<Data>(parse_response(text).value()); }

// RFC 3501 7.1
TEST(ImapStatus, has_tag_condition_and_words) {
  EXPECT_EQ(status("a7 no Mailbox doesn't exist"),
            (Status{.tag = "a7", .condition = Condition::no, .text = "Mailbox doesn't exist"}));
  EXPECT_EQ(status("* BYE").condition, Condition::bye);
  EXPECT_EQ(status("* PREAUTH hello").tag, "");
}

// RFC 3501 7.1, RFC 4315 3
TEST(ImapStatus, has_a_code) {
  const auto appended = status("a5 OK [APPENDUID 1795366827 1:3] Append completed");
  EXPECT_EQ(appended.code->name, "APPENDUID");
  EXPECT_EQ(appended.code->arguments.at(1).text, "1:3");
  EXPECT_EQ(appended.text, "Append completed");
  EXPECT_TRUE(status("a2 NO [trycreate] Mailbox").has_code("TRYCREATE"));
  EXPECT_EQ(status("* OK [PERMANENTFLAGS (\\Seen \\*)] ok").code->arguments.size(), 1);
}

TEST(ImapStatus, with_a_code_that_cannot_be_read_is_still_an_answer) {
  EXPECT_EQ(status("a1 OK [X (] done").condition, Condition::ok);
  EXPECT_EQ(status("a1 OK [X done").text, "[X done");
}

// RFC 3501 7.2, 7.3
TEST(ImapData, has_a_number_before_or_after_its_name) {
  EXPECT_EQ(data("* 23 EXISTS"), (Data{.name = "EXISTS", .number = 23}));
  EXPECT_EQ(data("* search 2 84").values.size(), 2);
  EXPECT_EQ(data("* CAPABILITY IMAP4rev1 LITERAL+ AUTH=PLAIN").values.at(2).text, "AUTH=PLAIN");
}

// RFC 3501 7.5
TEST(ImapContinuation, may_be_empty) {
  EXPECT_EQ(std::get<Continuation>(parse_response("+").value()).text, "");
  EXPECT_EQ(std::get<Continuation>(parse_response("+ idling").value()).text, "idling");
}

TEST(ImapResponse, that_is_none_is_refused) {
  for (const auto* bad : {"", " ", "*", "* ", "a1 FETCH", "* 12", "* LIST ("})
    EXPECT_FALSE(parse_response(bad)) << bad;
}

}  // namespace
}  // namespace convene::imap
