#include "controlling/group_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::controlling {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

constexpr std::string_view hikers = "sip:hikers@groups.example.com";

std::string document_of(std::string_view address, const std::string& subject = "Trails") {
  return to_text(groups::GroupDocument{.uri = std::string{address}, .subject = subject});
}

struct GroupDocumentsTest : testing::Test {
  GroupDocuments::Answer look_up(std::string_view address = hikers) {
    return documents.look_up(address, now, policy);
  }
  // The subject of what is known, or "absent", or "fetch".
  std::string known(std::string_view address = hikers) {
    const auto answer = look_up(address);
    if (std::holds_alternative<GroupDocuments::Absent>(answer)) return "absent";
    if (std::holds_alternative<GroupDocuments::Fetch>(answer)) return "fetch";
    return std::get<const groups::GroupDocument*>(answer)->subject;
  }
  FetchDocument fetch() { return *std::get<GroupDocuments::Fetch>(look_up()).to_fetch; }
  GroupDocuments::Outcome answer(const FetchDocument& asked, const FetchedDocument& document) {
    return documents.fetched(asked.id, document, now, policy);
  }
  GroupDocuments::Outcome found(const std::string& xml, const std::string& etag = "\"1\"") {
    const FetchedDocument document{
        .outcome = FetchedDocument::Outcome::found, .text = xml, .etag = etag};
    return answer(fetch(), document);
  }

  DocumentPolicy policy{.uri_template = "http://xdm.example.com/groups/{group}/index"};
  GroupDocuments documents;
  TimePoint now{};
};

// RFC 4825 6
TEST_F(GroupDocumentsTest, are_at_the_address_of_their_group) {
  EXPECT_EQ(fetch().uri, "http://xdm.example.com/groups/sip%3Ahikers%40groups.example.com/index");
}

TEST_F(GroupDocumentsTest, are_fetched_once_and_kept_for_a_while) {
  EXPECT_EQ(found(document_of(hikers)).document->subject, "Trails");
  EXPECT_EQ(known(), "Trails");
  now += policy.fresh_for;
  EXPECT_EQ(known(), "fetch");
}

TEST_F(GroupDocumentsTest, are_asked_for_by_one_request_at_a_time) {
  const auto first = std::get<GroupDocuments::Fetch>(look_up());
  const auto second = std::get<GroupDocuments::Fetch>(look_up());
  EXPECT_TRUE(first.to_fetch);
  EXPECT_FALSE(second.to_fetch);
  EXPECT_EQ(first.id, second.id);
}

// RFC 4825 7.11
TEST_F(GroupDocumentsTest, are_asked_for_with_the_etag_of_what_is_known) {
  found(document_of(hikers), "\"v1\"");
  now += policy.fresh_for;
  const auto again = fetch();
  EXPECT_EQ(again.etag, "\"v1\"");
  const auto outcome = answer(again, {.outcome = FetchedDocument::Outcome::unchanged});
  EXPECT_EQ(outcome.document->subject, "Trails");
  EXPECT_EQ(known(), "Trails");
}

TEST_F(GroupDocumentsTest, that_do_not_exist_are_not_asked_for_again_at_once) {
  const FetchedDocument none{.outcome = FetchedDocument::Outcome::absent};
  EXPECT_TRUE(answer(fetch(), none).is_absent);
  EXPECT_EQ(known(), "absent");
  now += policy.absent_for;
  EXPECT_EQ(known(), "fetch");
}

// The old document serves while the server is away, for a while.
TEST_F(GroupDocumentsTest, outlive_a_server_that_cannot_be_reached) {
  found(document_of(hikers));
  now += policy.fresh_for;
  const FetchedDocument nothing{.why = "connection refused"};
  const auto outcome = answer(fetch(), nothing);
  EXPECT_EQ(outcome.document->subject, "Trails");
  EXPECT_EQ(outcome.why, "connection refused");

  const auto again = fetch();
  now += policy.usable_for;
  EXPECT_EQ(answer(again, nothing).document, nullptr);
}

TEST_F(GroupDocumentsTest, must_be_documents_of_the_group_that_was_asked_for) {
  EXPECT_EQ(found("<group/>").document, nullptr);
  EXPECT_EQ(found(document_of("sip:others@groups.example.com")).why,
            "the document of another group");
}

TEST_F(GroupDocumentsTest, that_were_loaded_need_no_server) {
  documents.load({{.uri = std::string{hikers}, .subject = "From a file"}});
  EXPECT_EQ(known(), "From a file");
  documents.load({});
  EXPECT_EQ(known(), "fetch");
  policy.uri_template.clear();
  EXPECT_EQ(known("sip:others@groups.example.com"), "absent");
}

TEST_F(GroupDocumentsTest, whose_server_is_silent_are_overdue) {
  const auto asked = fetch();
  EXPECT_EQ(documents.deadline(), now + policy.patience);
  EXPECT_THAT(documents.overdue(now), IsEmpty());
  EXPECT_THAT(documents.overdue(now + policy.patience), testing::ElementsAre(asked.id));
  answer(asked, {.why = "no answer"});
  EXPECT_EQ(documents.deadline(), std::nullopt);
  EXPECT_EQ(answer(asked, {.outcome = FetchedDocument::Outcome::absent}).address, "");  // late
}

TEST_F(GroupDocumentsTest, are_so_many_at_most) {
  policy.max_cached = 2;
  for (const auto* name : {"a", "b", "c"}) {
    const auto address = "sip:" + std::string{name} + "@groups.example.com";
    const auto asked = *std::get<GroupDocuments::Fetch>(look_up(address)).to_fetch;
    answer(asked, {.outcome = FetchedDocument::Outcome::found, .text = document_of(address)});
    now += 1s;
  }
  EXPECT_EQ(documents.size(), 2U);
  EXPECT_EQ(known("sip:c@groups.example.com"), "Trails");
}

}  // namespace
}  // namespace convene::controlling
