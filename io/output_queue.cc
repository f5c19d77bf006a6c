#include "io/output_queue.h"

#include <array>

namespace convene::io {

namespace {

constexpr std::size_t max_gathered_pieces = 256;

}  // namespace

void OutputQueue::append(std::string octets) {
  if (octets.empty()) return;
  size_ += octets.size();
  pieces_.push_back({.text = std::move(octets), .view = {}});
}

void OutputQueue::append(BodyView view) {
  if (view.octets.empty()) return;
  size_ += view.octets.size();
  pieces_.push_back({.text = {}, .view = std::move(view)});
}

void OutputQueue::clear() {
  pieces_.clear();
  taken_ = size_ = 0;
}

Transfer OutputQueue::write_to(Channel& channel) {
  std::size_t total = 0;
  while (!pieces_.empty()) {
    std::array<iovec, max_gathered_pieces> gathered;
    std::size_t count = 0;
    for (auto piece = pieces_.begin(); piece != pieces_.end() && count < gathered.size(); ++piece) {
      auto octets = piece->octets();
      if (count == 0) octets.remove_prefix(taken_);
      gathered[count++] = {.iov_base = const_cast<char*>(octets.data()), .iov_len = octets.size()};
    }
    auto transfer = channel.write({gathered.data(), count});
    if (transfer.status != Transfer::Status::moved) return transfer;
    total += transfer.count;
    drop_first(transfer.count);
  }
  return {.count = total, .detail = {}};
}

void OutputQueue::drop_first(std::size_t count) {
  size_ -= count;
  while (count > 0) {
    const auto left = pieces_.front().octets().size() - taken_;
    if (count < left) {
      taken_ += count;
      return;
    }
    count -= left;
    taken_ = 0;
    pieces_.pop_front();
  }
}

}  // namespace convene::io
