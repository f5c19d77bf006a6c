#include <gmock/gmock.h>

#include <fstream>

#include "apps/xml_files.h"
#include "io/test_directory.h"
#include "participating/preferences.h"

namespace convene::apps {
namespace {

using participating::UserPreferences;

// R5.0: one that cannot be read takes nobody else's away.
TEST(PreferenceFiles, are_the_documents_of_a_directory_but_those_that_cannot_be_read) {
  const io::TestDirectory directory;
  std::ofstream{directory / "a.xml"} << "<user-preferences uri='sip:alice@ims.example'/>";
  std::ofstream{directory / "b.xml"} << "<user-preferences/>";
  std::ofstream{directory / "c.txt"} << "<user-preferences uri='sip:carol@ims.example'/>";
  KeptLog log;
  const auto documents = read_documents<UserPreferences>(
      directory.path(), "a user's preferences", log,
      [](std::string_view text) { return participating::parse_user_preferences(text); });
  ASSERT_TRUE(documents);
  EXPECT_THAT(*documents, testing::ElementsAre(UserPreferences{.uri = "sip:alice@ims.example"}));
  EXPECT_THAT(log.text(), testing::HasSubstr("a user's preferences is left out"));
}

}  // namespace
}  // namespace convene::apps
