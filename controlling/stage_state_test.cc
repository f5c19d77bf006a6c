// What test_stage.h declares of the durable state.
#include "controlling/test_stage.h"

namespace convene::controlling {

bool Stage::store(bool is_stored) {
  if (stores.empty()) return false;
  const auto [id, record] = std::move(stores.front());
  stores.pop_front();
  if (is_stored) records.insert_or_assign(record.focus, record);
  Output out;
  focus.stored(id, is_stored, now, out);
  take(out);
  return true;
}

void Stage::restore(const Stage& earlier) {
  std::vector<GroupRecord> groups;
  for (const auto& [uri, record] : earlier.records) groups.push_back(record);
  Output out;
  focus.restore(std::move(groups), now, out);
  take(out);
}

}  // namespace convene::controlling
