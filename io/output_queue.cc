#include "io/output_queue.h"

#include <algorithm>
#include <array>

#include "io/mapping.h"

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
    const auto room = channel.staging();
    auto transfer = room ? write_copy(channel, *room) : write_views(channel);
    if (transfer.status != Transfer::Status::moved) return transfer;
    total += transfer.count;
    drop_first(transfer.count);
  }
  return {.count = total, .detail = {}};
}

Transfer OutputQueue::write_views(Channel& channel) {
  std::array<iovec, max_gathered_pieces> gathered;
  std::size_t count = 0;
  for (auto piece = pieces_.begin(); piece != pieces_.end() && count < gathered.size(); ++piece) {
    auto octets = piece->octets();
    if (count == 0) octets.remove_prefix(taken_);
    gathered[count++] = {.iov_base = const_cast<char*>(octets.data()), .iov_len = octets.size()};
  }
  return channel.write({gathered.data(), count});
}

Transfer OutputQueue::write_copy(Channel& channel, std::span<char> room) {
  std::size_t count = 0;
  for (auto piece = pieces_.begin(); piece != pieces_.end() && count < room.size(); ++piece) {
    auto octets = piece->octets();
    if (piece == pieces_.begin()) octets.remove_prefix(taken_);
    octets = octets.substr(0, room.size() - count);
    const auto place = room.subspan(count, octets.size());
    if (!piece->view.mapping) {
      std::ranges::copy(octets, place.begin());
    } else if (const auto read = piece->view.mapping->read(octets, place); !read) {
      return {.status = Transfer::Status::failed, .detail = read.error().detail};
    }
    count += octets.size();
  }
  const iovec all{.iov_base = room.data(), .iov_len = count};
  return channel.write({&all, 1});
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
