#include "load/file_load.h"

#include <algorithm>

namespace convene::load {

bool FileLoad::is_due(Instant now) const {
  return begun_ < plan_.files && !sending_ && next_ <= now;
}

std::optional<Instant> FileLoad::deadline() const {
  if (begun_ == plan_.files || sending_) return std::nullopt;
  return next_;
}

void FileLoad::sent_to(std::size_t sender, client::TransferId transfer, Instant now) {
  ++begun_;
  sending_ = {sender, transfer.value};
  when_ = now;
}

bool FileLoad::is_ours(std::size_t member, client::TransferId transfer) const {
  return sending_ == Receiving{member, transfer.value};
}

void FileLoad::progressed(std::size_t member, const client::FileProgress& progress,
                          Figures& figures) {
  if (is_ours(member, progress.transfer)) return;
  auto& octets = arriving_[{member, progress.transfer.value}];
  if (progress.octets <= octets) return;
  figures.file_octets += progress.octets - octets;
  octets = progress.octets;
}

void FileLoad::received(std::size_t member, const client::FileReceived& file, Instant now,
                        Figures& figures) {
  const auto arriving = arriving_.extract(Receiving{member, file.transfer.value});
  figures.file_octets += file.size - (arriving.empty() ? 0 : arriving.mapped());
  ++figures.files_received;
  figures.files.add(now - when_);
}

void FileLoad::sent(Instant now, Figures& figures) {
  ++figures.files_sent;
  is_over(now);
}

void FileLoad::failed(std::size_t member, client::TransferId transfer, Instant now,
                      Figures& figures) {
  ++figures.files_failed;
  arriving_.erase({member, transfer.value});
  if (is_ours(member, transfer)) is_over(now);
}

void FileLoad::is_over(Instant now) {
  sending_.reset();
  next_ = std::max(when_ + plan_.file_every, now);
}

}  // namespace convene::load
