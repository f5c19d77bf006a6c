#include "store/folder.h"

#include <gtest/gtest.h>

#include <set>

namespace convene::store {
namespace {

const cpm::Ids ids{.conversation = "f1b7c2a4-9c1e", .contribution = "5e3c7d10", .in_reply_to = ""};

// R5.1a, R5.1b
TEST(Folder, is_named_after_conversation_and_contribution) {
  EXPECT_EQ(to_text(conversation_folder({}, ids, "")), "Default/f1b7c2a4-9c1e");
  EXPECT_EQ(to_text(session_folder({}, ids, "tel:+15550100002")), "Default/f1b7c2a4-9c1e/5e3c7d10");
}

// G-35
TEST(Folder, of_two_may_be_named_after_the_other_one) {
  const FolderRules rules{.root = "cpmdefault", .one_to_one = FolderNaming::other_party};
  EXPECT_EQ(to_text(conversation_folder(rules, ids, "tel:+15550100002")),
            "cpmdefault/tel:+15550100002");
  EXPECT_EQ(to_text(session_folder(rules, ids, "")), "cpmdefault/f1b7c2a4-9c1e/5e3c7d10");
}

TEST(FolderName, leaves_ids_as_they_are_sent) {
  for (const auto* id : {"f81d4fae-7dec@host.example", "tel:+15550100002", "a;b=c,d", "+1555"})
    EXPECT_EQ(folder_name(id), id);
}

TEST(FolderName, hides_what_a_store_would_misread) {
  for (const std::string id : {"", "a/b", "..", "~root", "a%b", "a*", "a\\b", "a\"b", "-a", "é",
                               "dbox-Mails", "inbox", "x=61", "h=", "a b", "a\r\nb"}) {
    const auto name = folder_name(id);
    EXPECT_TRUE(name.starts_with("x=")) << id;
    EXPECT_EQ(name.find_first_not_of("x=0123456789abcdef"), std::string::npos) << name;
    EXPECT_EQ(id_of_folder_name(name), id);
  }
  EXPECT_TRUE(folder_name(std::string{"a\0b", 3}).starts_with("x="));
}

TEST(FolderName, differs_for_different_ids) {
  std::set<std::string> names;
  const std::vector<std::string> ids_of_peers{"a",
                                              "A",
                                              "a ",
                                              " a",
                                              "a/",
                                              "x=6120",
                                              std::string(201, 'a'),
                                              std::string(202, 'a'),
                                              std::string(256, '/')};
  for (const auto& id : ids_of_peers) {
    EXPECT_LE(folder_name(id).size(), 200);
    names.insert(folder_name(id));
  }
  EXPECT_EQ(names.size(), ids_of_peers.size());
}

TEST(StoreAccount, is_made_of_the_users_address) {
  EXPECT_EQ(account_of("{msisdn}", "tel:+15551000001"), "+15551000001");
  EXPECT_EQ(account_of("{msisdn}", "sip:+15551000001@ims.example;user=phone"), "+15551000001");
  EXPECT_EQ(account_of("{user}", "sip:alice@ims.example"), "alice");
  EXPECT_EQ(account_of("{address}", "sip:alice@ims.example"), "alice@ims.example");
  EXPECT_EQ(account_of("u-{user}.{host}", "sip:alice@ims.example"), "u-alice.ims.example");
}

// Nobody reaches another's store with a name.
TEST(StoreAccount, is_refused_when_it_could_mean_another) {
  for (const auto* uri : {"sip:a/b@x", "sip:..@x", "sip:a:b@x", "sip:a%2fb@x", "sip:@x",
                          "sip:", "sip:a\"b@x", "sip:{host}@alice", "sip:a*b@x", "sip:~a@x"})
    EXPECT_FALSE(account_of("{user}", uri)) << uri;
}

}  // namespace
}  // namespace convene::store
