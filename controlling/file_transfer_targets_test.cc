#include "controlling/file_transfer_targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace convene::controlling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum cpm::FileTransferSupport;

Candidate bob(cpm::FileTransferSupport support) {
  return {.address = "tel:+15550102",
          .capabilities = {.file_transfer = support,
                           .thumbnail = true,
                           .store_and_forward = true,
                           .instance = "<urn:uuid:2>"}};
}

// CPM 9.3.1 (1), R3.2, R3.3, R3.4
TEST(FileTransferTargets, include_a_participant_that_indicated_support_at_its_device) {
  EXPECT_THAT(file_transfer_targets({bob(indicated)}, {}).invited,
              ElementsAre(FileTransferTarget{.address = "tel:+15550102",
                                             .instance = "<urn:uuid:2>",
                                             .thumbnail = true,
                                             .store_and_forward = true}));
}

// R3.4
TEST(FileTransferTargets, aim_at_no_device_when_policy_does_not) {
  const auto targets = file_transfer_targets({bob(indicated)}, {.aim_at_device = false});
  EXPECT_EQ(targets.invited.at(0).instance, "");
}

// CPM 9.3.1 (2), R3.5
TEST(FileTransferTargets, leave_out_a_participant_that_indicated_chat_only) {
  const auto targets = file_transfer_targets({bob(chat_only)}, {.invite_not_indicated = true});
  EXPECT_THAT(targets.invited, IsEmpty());
  EXPECT_THAT(targets.left_out, ElementsAre(LeftOut{"tel:+15550102", LeftOut::Why::chat_only}));
}

// CPM 9.3.1 (3) a, R3.6a
TEST(FileTransferTargets, leave_out_a_participant_that_indicated_nothing) {
  const auto targets = file_transfer_targets({bob(not_indicated)}, {});
  EXPECT_THAT(targets.left_out, ElementsAre(LeftOut{"tel:+15550102", LeftOut::Why::not_indicated}));
}

// CPM 9.3.1 (3) b, R3.6, R3.6b
TEST(FileTransferTargets, offer_nothing_but_the_file_to_a_participant_that_indicated_nothing) {
  EXPECT_THAT(file_transfer_targets({bob(not_indicated)}, {.invite_not_indicated = true}).invited,
              ElementsAre(FileTransferTarget{.address = "tel:+15550102", .is_one_to_one = true}));
}

// CPM 9.3.1 (5), R3.8, G-24
TEST(FileTransferTargets, wait_for_a_participant_with_as_many_transfers_as_policy_allows) {
  auto busy = bob(indicated);
  busy.running = 2;
  const FileTransferPolicy policy{.max_running_per_participant = 2,
                                  .max_queued_per_participant = 1};
  EXPECT_TRUE(file_transfer_targets({busy}, policy).invited.at(0).must_wait);

  busy.queued = 1;
  EXPECT_THAT(file_transfer_targets({busy}, policy).left_out,
              ElementsAre(LeftOut{"tel:+15550102", LeftOut::Why::too_many}));
}

// G-39
TEST(FileTransferTargets, take_the_capable_one_of_several_devices) {
  const cpm::Capabilities capable{.file_transfer = indicated, .instance = "<urn:uuid:2>"};
  const cpm::Capabilities better{.file_transfer = indicated, .thumbnail = true, .instance = {}};
  EXPECT_EQ(best_of({{.file_transfer = chat_only, .instance = {}}, capable, {}}), capable);
  EXPECT_EQ(best_of({capable, better}), better);
  EXPECT_EQ(best_of({{.file_transfer = chat_only, .instance = {}}, {}}), cpm::Capabilities{});
}

}  // namespace
}  // namespace convene::controlling
