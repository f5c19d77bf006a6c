#include <algorithm>
#include <chrono>

#include "controlling/controlling_function_impl.h"

namespace convene::controlling {

namespace {

// How much longer a group is kept that has no session since `released`. Conversation 6.8
Duration remaining(const GroupRecord& record, WallTime wall, const GroupPolicy& policy) {
  const auto whole = record.is_dissolved ? policy.keep_dissolved : policy.keep_state;
  const auto past = wall - record.released.value_or(wall);
  return whole - std::clamp(Duration{past}, Duration{0}, whole);
}

}  // namespace

// CPM 9.2.7 (5), R6.8: every group that was stored is known again, without a session: its members
// rejoin at the same focus (conversation 6.4). One that had a session has lost it just now.
void ControllingFunction::Impl::restore(std::vector<GroupRecord> records, TimePoint now,
                                        Output& out) {
  const auto wall = world_.calendar.at(now);
  for (auto& record : records) {
    const auto kept = remaining(record, wall, policy_.group);
    if (kept == Duration{0} && record.released) {
      out.stores.emplace_back(ForgetGroup{record.focus});
      continue;
    }
    const GroupId id{++tables_.last_id};

    by_focus_.insert_or_assign(sip::address_of_record(record.focus), id);
    by_ids_.insert_or_assign({record.ids.conversation, record.ids.contribution}, id);
    const auto& group =
        groups_.emplace(id, GroupSession{id, std::move(record), wall, now + kept}).first->second;
    if (const auto& document = group.profile().predefined; document && !group.is_dissolved()) {
      by_address_.insert_or_assign(sip::address_of_record(document->uri), id);
    }
    touched_groups_.insert(id);
  }
  if (!groups_.empty()) {
    world_.log.info("controlling", "6.8 groups known from before",
                    {{"groups", std::to_string(groups_.size())}});
  }
  perform(now, out, [](auto&, auto&, auto&, auto&) {});
}

void ControllingFunction::Impl::stored(StoreId id, bool is_stored, TimePoint now, Output& out) {
  sip::UserAgentOutput sip;
  msrp::Output msrp;
  auto turn = this->turn(now, sip, msrp);
  if (auto* one = group(id.group)) one->state_stored(turn, id.revision, is_stored);
  run(now, sip, msrp, out);
}

}  // namespace convene::controlling
