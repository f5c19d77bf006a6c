#include "io/log_sink.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "io/test_directory.h"

namespace convene::io {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct LogSinkTest : testing::Test {
  std::string written() const { return read_file(path); }
  TestDirectory directory;
  std::string path = directory / "convened.log";
  LogFile file = LogFile::open(path).value();
};

TEST_F(LogSinkTest, writes_a_line_with_the_time) {
  TextLog log{Level::info, file};

  log.info("controlling", "a group begins", {{"group", "g1"}});

  EXPECT_THAT(written(), EndsWith("Z info  controlling  a group begins  group=g1\n"));
  EXPECT_THAT(written(), StartsWith("20"));
}

TEST_F(LogSinkTest, drops_what_is_below_the_level) {
  TextLog text{Level::warning, file};
  JsonLog json{Level::warning, file};

  text.info("sip", "nothing to see");
  json.debug("sip", "nothing to see");

  EXPECT_EQ(written(), "");
}

TEST_F(LogSinkTest, writes_json_that_nobody_can_break_out_of) {
  JsonLog log{Level::info, file};

  log.info("sip", "say \"hi\"\r\n\\ \x1b[31m", {{"subject", "\",\"level\":\"x"}, {"level", "7"}});

  EXPECT_THAT(written(), HasSubstr(R"("text":"say \"hi\"\u000d\u000a\\ \u001b[31m")"));
  EXPECT_THAT(written(), HasSubstr(R"("subject":"\",\"level\":\"x","_level":"7"})"));
  EXPECT_EQ(std::ranges::count(written(), '\n'), 1);
}

TEST_F(LogSinkTest, keeps_a_line_bounded_and_json_whole) {
  JsonLog log{Level::info, file};
  const std::string large(100'000, 'x');

  log.info("sip", large, {{"a", large}, {"b", large}, {"c", large}, {"d", large}});

  EXPECT_LE(written().size(), max_log_octets + 1);
  EXPECT_THAT(written(), EndsWith("...\"}\n"));
}

TEST_F(LogSinkTest, goes_on_in_a_new_file_after_a_rotation) {
  TextLog log{Level::info, file};
  log.info("node", "before");
  std::filesystem::rename(path, directory / "convened.log.1");

  ASSERT_TRUE(file.reopen());
  log.info("node", "after");

  EXPECT_THAT(written(), HasSubstr("after"));
  EXPECT_THAT(written(), Not(HasSubstr("before")));
}

TEST(JsonString, keeps_utf8_and_escapes_what_turns_a_terminal) {
  EXPECT_EQ(json_string("Zoë 北京 😀"), "\"Zoë 北京 😀\"");
  EXPECT_EQ(json_string("a\u202Eb\u0085c"), "\"a\\u202eb\\u0085c\"");
  EXPECT_EQ(json_string("\xff\xc3("), "\"\xEF\xBF\xBD\xEF\xBF\xBD(\"");
}

}  // namespace
}  // namespace convene::io
