#include "trace/passages.h"

#include <algorithm>
#include <deque>
#include <map>

namespace convene::trace {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_way = 30s;  // records further apart are two messages

// What went out and has not come in, or the other way round: by direction and octets.
class Unpaired {
 public:
  // The passage that this record is the other half of.
  std::optional<std::size_t> take_other_half(const Record& record,
                                             const std::vector<Passage>& passages) {
    const auto opposite = record.direction == Direction::in ? Direction::out : Direction::in;
    const auto found = waiting_.find({opposite, record.octets});
    if (found == waiting_.end()) return {};
    auto& indices = found->second;
    while (!indices.empty()) {
      const auto index = indices.front();
      indices.pop_front();
      if (record.time - passages[index].time < longest_way) return index;
    }
    return {};
  }

  void add(const Record& record, std::size_t index) {
    waiting_[{record.direction, record.octets}].push_back(index);
  }

 private:
  std::map<std::pair<Direction, std::string_view>, std::deque<std::size_t>> waiting_;
};

Passage passage_of(const Record& record) {
  const End here{record.local, record.node};
  const End there{record.remote, ""};
  const bool is_in = record.direction == Direction::in;
  Passage passage{.time = record.time,
                  .from = is_in ? there : here,
                  .to = is_in ? here : there,
                  .left_out = record.left_out,
                  .octets = record.octets,
                  .message = {},
                  .frame = {},
                  .protocol = record.protocol,
                  .transport = record.transport};
  if (record.protocol == Protocol::sip) {
    if (auto message = sip::parse_message(record.octets)) passage.message = std::move(*message);
  } else if (const auto frame = parse_frame(record.octets)) {
    passage.frame = *frame;
  }
  return passage;
}

}  // namespace

std::vector<Passage> passages_of(std::span<const Record> records) {
  std::vector<const Record*> in_order;
  for (const auto& record : records) in_order.push_back(&record);
  std::ranges::sort(in_order, {},
                    [](const Record* record) { return std::pair{record->time, record}; });

  std::vector<Passage> passages;
  Unpaired unpaired;
  for (const auto* const record : in_order) {
    if (const auto index = unpaired.take_other_half(*record, passages)) {
      auto& passage = passages[*index];
      (record->direction == Direction::in ? passage.to : passage.from) = {record->local,
                                                                          record->node};
      continue;
    }
    unpaired.add(*record, passages.size());
    passages.push_back(passage_of(*record));
  }
  return passages;
}

}  // namespace convene::trace
