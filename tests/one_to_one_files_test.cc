#include "tests/one_to_one_files.h"

// Files to one user: flows F8 and F9, and what may come between, on a simulated network.
namespace convene::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// CPM 7.4.1, R4.1: outside of any session.
TEST_F(OneToOneFiles, reaches_a_user_without_a_session) {
  begin();
  const auto file = octets_of_file(300'000);
  send_to_bob({file});
  ASSERT_TRUE(wait_for<client::FileReceived>("bob")) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), ElementsAre(file));
  ASSERT_TRUE(wait_for<client::FileSent>("alice"));
  EXPECT_TRUE(wait_for_nothing());
  lab->world().run_for(1min);
  EXPECT_EQ(lab->leftovers(), "");
}

// R4.1e: one m-line, one id, one MSRP session to each.
TEST_F(OneToOneFiles, go_together_in_one_session) {
  begin();
  lab->world().clear_wire();
  const std::vector files{octets_of_file(70'000, 1), octets_of_file(3'000, 2),
                          octets_of_file(150'000, 3)};
  send_to_bob(files);
  ASSERT_TRUE(wait_for<client::FileReceived>("bob", 3)) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), UnorderedElementsAre(files[0], files[1], files[2]));
  ASSERT_TRUE(wait_for<client::FileSent>("alice", 3));
  EXPECT_TRUE(wait_for_nothing());
  const auto invites = sent("alice", "INVITE");
  ASSERT_EQ(invites.size(), 1U);
  EXPECT_EQ(count_of(invites[0], "m=message"), 3U);
  EXPECT_EQ(sent("alice", "BYE").size(), 1U);
}

// R4.2a, R4.2b.i, R4.2b.ii, R4.2c
TEST_F(OneToOneFiles, go_on_in_the_same_session_when_there_are_further_ones) {
  begin(slow());
  lab->world().clear_wire();
  const std::vector files{octets_of_file(400'000, 1), octets_of_file(300'000, 2),
                          octets_of_file(200'000, 3)};
  send_to_bob({files[0], files[1]});
  ASSERT_TRUE(wait_for<client::FileProgress>("bob")) << lab->world().log();
  send_to_bob({files[2]});
  ASSERT_TRUE(wait_for<client::FileReceived>("bob", 3)) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), UnorderedElementsAre(files[0], files[1], files[2]));
  ASSERT_TRUE(wait_for<client::FileSent>("alice", 3));
  EXPECT_TRUE(wait_for_nothing());

  const auto invites = sent("alice", "INVITE");
  ASSERT_EQ(invites.size(), 2U);
  EXPECT_EQ(count_of(invites[1], "m=message"), 2U);
  EXPECT_THAT(invites[1], HasSubstr("m=message 0 TCP/MSRP *"));
  EXPECT_THAT(invites[1], HasSubstr("file-3.bin"));
  EXPECT_EQ(sent("alice", "BYE").size(), 1U);
}

// R4.2b.i: as many as there are; m-lines may be added.
TEST_F(OneToOneFiles, may_be_more_the_second_time) {
  begin(slow());
  send_to_bob({octets_of_file(400'000, 1)});
  ASSERT_TRUE(wait_for<client::FileProgress>("bob")) << lab->world().log();
  send_to_bob({octets_of_file(1'000, 2), octets_of_file(2'000, 3)});
  send_to_bob({octets_of_file(3'000, 4)});
  ASSERT_TRUE(wait_for<client::FileReceived>("bob", 4)) << lab->world().log();
  ASSERT_TRUE(wait_for<client::FileSent>("alice", 4));
  EXPECT_TRUE(wait_for_nothing());
}

// CPM 7.4.1.1 (1), R4.6; flow F8: the ids of the session, and the chat goes on beside it.
TEST_F(OneToOneFiles, belong_to_the_session_of_the_two) {
  begin();
  lab->create_session("alice", "bob", "bob");
  lab->world().clear_wire();
  const auto file = octets_of_file(50'000);
  send({.group = lab->group_of("alice")}, {file});
  ASSERT_TRUE(wait_for<client::FileReceived>("bob")) << lab->world().log();
  EXPECT_EQ(lab->events<client::FileOffered>("bob").at(0).group, lab->group_of("bob"));

  const auto ids = lab->client("alice").session(lab->group_of("alice"))->ids;
  const auto invite = sent("alice", "INVITE").at(0);
  EXPECT_THAT(invite, HasSubstr("Conversation-ID: " + ids.conversation + "\r\n"));
  EXPECT_THAT(invite, HasSubstr("Contribution-ID: " + ids.contribution + "\r\n"));
  lab->say("bob", "Got it.");
  EXPECT_TRUE(wait_for<client::ChatReceived>("alice"));
}

// RFC 5547 8.3.1: each for itself. What is declined has port 0.
TEST_F(OneToOneFiles, are_wanted_one_by_one) {
  LabSettings settings;
  settings.adjust = [](const std::string&, client::Settings& client) {
    client.accept_files = false;
  };
  begin(settings);
  const std::vector files{octets_of_file(5'000, 1), octets_of_file(6'000, 2)};
  const auto sent_files = send_to_bob(files);
  ASSERT_TRUE(wait_for<client::FileOffered>("bob", 2)) << lab->world().log();
  const auto offered = lab->events<client::FileOffered>("bob");
  lab->with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
    EXPECT_TRUE(c.decline_file(offered[0].transfer, {}, now, o));
    return c.accept_file(offered[1].transfer, now, o);
  });
  ASSERT_TRUE(wait_for<client::FileReceived>("bob")) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), ElementsAre(files[1]));
  ASSERT_TRUE(wait_for<client::FileFailed>("alice"));
  EXPECT_EQ(lab->events<client::FileFailed>("alice").at(0).transfer, sent_files[0]);
  EXPECT_TRUE(wait_for_nothing());
}

// Conversation 14.7: its sender takes one back, the others go on.
TEST_F(OneToOneFiles, go_on_when_one_of_them_is_stopped_by_its_sender) {
  begin(slow());
  const std::vector files{octets_of_file(2'000'000, 1), octets_of_file(1'000'000, 2)};
  const auto ids = send_to_bob(files);
  ASSERT_TRUE(wait_for<client::FileProgress>("bob", 4)) << lab->world().log();
  ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.cancel_file(ids[0], now, o);
  }));
  ASSERT_TRUE(wait_for<client::FileReceived>("bob")) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), ElementsAre(files[1]));
  EXPECT_EQ(lab->count<client::FileFailed>("bob"), 1U);
  EXPECT_TRUE(wait_for_nothing());
}

// RFC 5547 8.4: their receiver does not want one any more.
TEST_F(OneToOneFiles, go_on_when_one_of_them_is_stopped_by_its_receiver) {
  begin(slow());
  const std::vector files{octets_of_file(2'000'000, 1), octets_of_file(1'000'000, 2)};
  const auto ids = send_to_bob(files);
  ASSERT_TRUE(wait_for<client::FileProgress>("bob", 4)) << lab->world().log();
  ASSERT_TRUE(lab->with("bob", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.cancel_file(lab->events<client::FileOffered>("bob").at(0).transfer, now, o);
  }));
  ASSERT_TRUE(wait_for<client::FileReceived>("bob")) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), ElementsAre(files[1]));
  ASSERT_TRUE(wait_for<client::FileFailed>("alice"));
  EXPECT_EQ(lab->events<client::FileFailed>("alice").at(0).transfer, ids[0]);
  EXPECT_TRUE(wait_for_nothing());
}

// R4.1d.ii, RFC 5547 8.2: a file that somebody asks for.
TEST_F(OneToOneFiles, can_be_asked_for) {
  begin();
  const auto file = octets_of_file(80'000);
  const auto asked = lab->with("bob", [](client::Client& c, TimePoint now, client::Output& o) {
    return c.request_file({.address = "sip:alice@ims.example"}, {.name = "plan.txt"}, now, o);
  });
  ASSERT_TRUE(asked);
  ASSERT_TRUE(wait_for<client::FileWanted>("alice")) << lab->world().log();
  const auto wanted = lab->events<client::FileWanted>("alice").at(0);
  EXPECT_EQ(wanted.name, "plan.txt");
  EXPECT_EQ(wanted.from.address, "sip:bob@ims.example");
  ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.give_file(wanted.transfer, lab->file_of("alice", file), now, o);
  }));
  ASSERT_TRUE(wait_for<client::FileReceived>("bob")) << lab->world().log();
  EXPECT_THAT(lab->files("bob"), ElementsAre(file));
  EXPECT_TRUE(lab->events<client::FileReceived>("bob").at(0).hash_was_checked);
  ASSERT_TRUE(wait_for<client::FileSent>("alice"));
  EXPECT_TRUE(wait_for_nothing());
  EXPECT_EQ(lab->count<client::FileFailed>("alice"), 0U);
}

// RFC 5547 8.2: nobody gives away what was not asked for, or what he does not want to.
TEST_F(OneToOneFiles, are_not_given_to_everybody) {
  begin();
  ASSERT_TRUE(lab->with("bob", [](client::Client& c, TimePoint now, client::Output& o) {
    return c.request_file({.address = "sip:alice@ims.example"}, {.name = "secret"}, now, o);
  }));
  ASSERT_TRUE(wait_for<client::FileWanted>("alice")) << lab->world().log();
  const auto wanted = lab->events<client::FileWanted>("alice").at(0).transfer;
  EXPECT_FALSE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.give_file(wanted, lab->file_of("alice", "another one"), now, o);
  })) << "its name is another";
  ASSERT_TRUE(lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.decline_file(wanted, {}, now, o);
  }));
  ASSERT_TRUE(wait_for<client::FileFailed>("bob")) << lab->world().log();
  EXPECT_EQ(lab->events<client::FileFailed>("bob").at(0).status, 480);
  EXPECT_THAT(lab->files("bob"), IsEmpty());
  EXPECT_TRUE(wait_for_nothing());
}

// Conversation 14.5: shown where both can (R4.1g), reported where it was asked for (R4.1h).
TEST_F(OneToOneFiles, have_a_thumbnail_and_a_report_in_a_session) {
  begin();
  lab->create_session("alice", "bob", "bob");
  client::FileToSend offered;
  offered.thumbnail = client::Thumbnail{"image/png", "\x89PNG icon"};
  offered.wants = {.positive_delivery = true};
  lab->send_file("alice", octets_of_file(1000), offered);
  ASSERT_TRUE(wait_for<client::DeliveryReport>("alice")) << lab->world().log();
  EXPECT_TRUE(lab->events<client::FileOffered>("bob").at(0).thumbnail);
  EXPECT_EQ(lab->events<client::DeliveryReport>("alice").at(0).status, imdn::Status::delivered);
}

// R4.1e, R4.1g, R4.1h; conversation 14.5, 14.6: each of them its own.
TEST_F(OneToOneFiles, have_a_thumbnail_and_a_report_each) {
  begin();
  lab->create_session("alice", "bob", "bob");
  std::vector<client::FileToSend> prepared;
  for (const auto* octets : {"one", "two and more"}) {
    prepared.push_back(lab->file_of("alice", octets));
    prepared.back().name = std::string{octets} + ".bin";
    prepared.back().thumbnail = client::Thumbnail{"image/png", "icon of " + std::string{octets}};
    prepared.back().wants = {.positive_delivery = true};
  }
  const auto files = lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.group = lab->group_of("alice")}, prepared, now, o);
  });
  ASSERT_TRUE(files);
  std::vector<std::string> ids;
  for (const auto file : *files) ids.push_back(lab->client("alice").transfer(file)->imdn_id);
  ASSERT_NE(ids[0], ids[1]);

  ASSERT_TRUE(wait_for<client::DeliveryReport>("alice", 2)) << lab->world().log();
  const auto offers = lab->events<client::FileOffered>("bob");
  ASSERT_EQ(offers.size(), 2U);
  EXPECT_EQ(offers[0].thumbnail.value().octets, "icon of one");
  EXPECT_EQ(offers[1].thumbnail.value().octets, "icon of two and more");
  std::vector<std::string> reported;
  for (const auto& report : lab->events<client::DeliveryReport>("alice")) {
    EXPECT_EQ(report.status, imdn::Status::delivered);
    reported.push_back(report.id);
  }
  EXPECT_THAT(reported, UnorderedElementsAre(ids[0], ids[1]));
}

// R4.2b.i: a file that takes the m-line of another brings its own, too.
TEST_F(OneToOneFiles, have_a_thumbnail_and_a_report_each_also_when_they_come_later) {
  begin(slow());
  lab->create_session("alice", "bob", "bob");
  lab->world().clear_wire();
  const auto send_one = [&](const std::string& name, std::size_t size) {
    auto file = lab->file_of("alice", octets_of_file(size, size));
    file.name = name;
    file.thumbnail = client::Thumbnail{"image/png", "icon of " + name};
    file.wants = {.positive_delivery = true};
    const auto sent = lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_files({.group = lab->group_of("alice")}, {file}, now, o);
    });
    EXPECT_TRUE(sent);
  };
  send_one("first", 400'000);
  ASSERT_TRUE(wait_for<client::FileProgress>("bob")) << lab->world().log();
  send_one("second", 1'000);
  ASSERT_TRUE(wait_for<client::DeliveryReport>("alice", 2)) << lab->world().log();
  EXPECT_EQ(sent("alice", "INVITE").size(), 2U) << "the second is a re-INVITE";
  EXPECT_EQ(lab->events<client::FileOffered>("bob").at(1).thumbnail.value().octets,
            "icon of second");
  const auto reports = lab->events<client::DeliveryReport>("alice");
  EXPECT_NE(reports.at(0).id, reports.at(1).id);
}

// R4.1e: a group gets one to a transfer (R4.1n).
TEST_F(OneToOneFiles, do_not_go_together_into_a_group) {
  begin();
  lab->create_group("alice", {"bob"});
  const auto files = std::vector{lab->file_of("alice", "one"), lab->file_of("alice", "two")};
  const auto sent_files =
      lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
        return c.send_files({.group = lab->group_of("alice")}, files, now, o);
      });
  ASSERT_FALSE(sent_files);
  EXPECT_EQ(sent_files.error().fault, Fault::unsupported);
}

}  // namespace
}  // namespace convene::tests
