#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "client/event.h"
#include "load/figures.h"
#include "load/plan.h"

namespace convene::load {

// The files of one group: when the next begins, and how far its receivers are.
class FileLoad {
 public:
  explicit FileLoad(const Plan& plan) : plan_{plan} {}

  void begin(Instant now) { next_ = now; }
  bool is_due(Instant now) const;
  std::optional<Instant> deadline() const;

  void sent_to(std::size_t sender, client::TransferId transfer, Instant now);
  bool is_ours(std::size_t member, client::TransferId transfer) const;  // a file that we send
  void progressed(std::size_t member, const client::FileProgress& progress, Figures& figures);
  void received(std::size_t member, const client::FileReceived& file, Instant now,
                Figures& figures);
  void sent(Instant now, Figures& figures);
  void failed(std::size_t member, client::TransferId transfer, Instant now, Figures& figures);
  bool is_quiet() const { return !sending_ && arriving_.empty(); }

 private:
  using Receiving = std::pair<std::size_t, std::uint64_t>;  // member, transfer

  void is_over(Instant now);

  const Plan& plan_;
  std::size_t begun_ = 0;
  std::optional<Receiving> sending_;
  Instant when_{};  // it began
  Instant next_{};
  std::map<Receiving, std::uint64_t> arriving_;  // octets so far
};

}  // namespace convene::load
