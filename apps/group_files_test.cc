#include "apps/group_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/test_directory.h"

namespace convene::apps {
namespace {

using testing::HasSubstr;

struct GroupFiles : testing::Test {
  void write(const std::string& name, const std::string& text) {
    io::write_file(directory / name, text);
  }
  io::TestDirectory directory;
  KeptLog log;
};

// Conversation 6.2
TEST_F(GroupFiles, are_the_documents_of_a_directory) {
  write("b.xml", "<list-service uri='sip:b@groups'/>");
  write("a.xml", "<list-service uri='sip:a@groups'/>");
  write("notes.txt", "nothing");
  const auto documents = read_group_files(directory.path(), {}, log);
  ASSERT_TRUE(documents);
  ASSERT_EQ(documents->size(), 2U);
  EXPECT_EQ(documents->at(0).uri, "sip:a@groups");
  EXPECT_EQ(documents->at(1).uri, "sip:b@groups");
}

TEST_F(GroupFiles, that_cannot_be_read_are_left_out) {
  write("a.xml", "<!DOCTYPE x><list-service uri='sip:a@groups'/>");
  write("b.xml", "<list-service uri='sip:b@groups'/>");
  EXPECT_EQ(read_group_files(directory.path(), {}, log)->size(), 1U);
  EXPECT_THAT(log.text(), HasSubstr("a.xml"));
}

TEST_F(GroupFiles, need_their_directory) {
  EXPECT_EQ(read_group_files("/no/such/directory", {}, log).error().fault, Fault::not_found);
}

}  // namespace
}  // namespace convene::apps
