#include "trace/ladder.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>

#include "base/text.h"
#include "trace/directory.h"
#include "trace/passages.h"
#include "trace/wire_summary.h"

namespace convene::trace {
namespace {

using namespace std::chrono;

// An MSRP message of which more chunks may come, and what is told about them.
struct Sending {
  std::size_t arrow = 0;
  std::size_t chunks = 0;
  std::size_t answered = 0;
  std::uint64_t octets = 0;
  std::string range;  // of the last chunk
  char flag = '+';
};

// Draws passages, one after the other. Folding needs the order of time.
class Draughtsman {
 public:
  explicit Draughtsman(const Directory& directory) : directory_{directory} {}

  void draw(const Passage& passage) {
    if (passage.message) {
      draw_sip(passage, *passage.message);
    } else if (passage.frame) {
      draw_msrp(passage, *passage.frame);
    } else {
      auto& arrow = add(passage, Arrow::Kind::failure);
      arrow.title =
          "? " + printable(passage.octets.substr(0, passage.octets.find('\r')).substr(0, 60));
      arrow.notes.emplace_back("cannot be read");
    }
  }

  Ladder finish() {
    for (const auto& sending : sendings_) describe(sending);
    for (const auto& [index, times] : repeated_) {
      ladder_.arrows[index].notes.push_back("sent " + std::to_string(times + 1) + " times");
    }
    return std::move(ladder_);
  }

 private:
  Arrow& add(const Passage& passage, Arrow::Kind kind) {
    Arrow arrow;
    arrow.time = passage.time;
    arrow.from = participant(directory_.sender_of(passage));
    arrow.to = participant(directory_.receiver_of(passage));
    arrow.kind = kind;
    arrow.call_id = directory_.call_of(passage);
    arrow.conversation = directory_.conversation_of(passage);
    ladder_.arrows.push_back(std::move(arrow));
    return ladder_.arrows.back();
  }

  std::size_t participant(const std::string& name) {
    auto& all = ladder_.participants;
    const auto found = std::ranges::find(all, name);
    if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
    all.push_back(name);
    return all.size() - 1;
  }

  void draw_sip(const Passage& passage, const sip::Message& message) {
    if (message.status() == 100) return;
    const auto [same, is_new] = seen_.try_emplace(
        {passage.from.address, passage.to.address, passage.octets}, ladder_.arrows.size());
    if (!is_new) {
      ++repeated_[same->second];
      return;
    }
    const auto kind = message.is_request()      ? Arrow::Kind::request
                      : message.status() >= 300 ? Arrow::Kind::failure
                                                : Arrow::Kind::response;
    auto& arrow = add(passage, kind);
    auto summary = summary_of(message);
    arrow.title = std::move(summary.title);
    arrow.notes = std::move(summary.notes);
  }

  void draw_msrp(const Passage& passage, const FrameHead& frame) {
    const bool is_response = frame.method.empty();
    const auto session = session_id_of(is_response ? frame.from_path : frame.to_path);
    const auto transaction = std::string{frame.transaction_id}.append(" ").append(session);
    if (frame.method == "SEND") {
      const auto sending = sending_of(passage, frame);
      count(sendings_[sending], passage, frame);
      sending_of_transaction_[transaction] = sending;
      return;
    }
    const auto answered = sending_of_transaction_.find(transaction);
    if (is_response && frame.status == 200 && answered != sending_of_transaction_.end()) {
      ++sendings_[answered->second].answered;
      return;
    }
    const bool is_failure = frame.status >= 300 || (frame.method == "REPORT" &&
                                                    !frame.report_status.starts_with("000 200"));
    auto& arrow = add(passage, is_failure ? Arrow::Kind::failure : Arrow::Kind::message);
    auto summary = summary_of(frame);
    arrow.title = std::move(summary.title);
    arrow.notes = std::move(summary.notes);
  }

  // The message under way that this chunk belongs to, or a new one.
  std::size_t sending_of(const Passage& passage, const FrameHead& frame) {
    const std::string key = std::string{frame.from_path} + " " + std::string{frame.to_path} + " " +
                            std::string{frame.message_id};
    const auto [open, is_new] = open_.try_emplace(key, sendings_.size());
    const auto index = open->second;
    if (is_new) {
      auto summary = summary_of(frame);
      auto& arrow = add(passage, Arrow::Kind::message);
      arrow.title = std::move(summary.title);
      arrow.notes = std::move(summary.notes);
      sendings_.emplace_back();
      sendings_.back().arrow = ladder_.arrows.size() - 1;
    }
    if (frame.flag != '+') open_.erase(open);
    return index;
  }

  void count(Sending& sending, const Passage& passage, const FrameHead& frame) {
    ++sending.chunks;
    sending.octets += frame.body.size() + passage.left_out;
    sending.flag = frame.flag;
    if (frame.range) {
      const auto last = frame.range->first - 1 + frame.body.size() + passage.left_out;
      sending.range = "1–" + std::to_string(last) +
                      (frame.range->total ? "/" + std::to_string(*frame.range->total) : "");
    }
    auto& arrow = ladder_.arrows[sending.arrow];
    arrow.took = passage.time - arrow.time;
  }

  void describe(const Sending& sending) {
    auto& arrow = ladder_.arrows[sending.arrow];
    if (sending.chunks > 1) {
      arrow.notes.push_back(std::to_string(sending.chunks) + " chunks, " + sending.range + ", " +
                            took_text(arrow.took));
    } else if (sending.octets > 0) {
      arrow.notes.push_back(size_text(sending.octets));
    }
    if (sending.flag == '#') {
      arrow.notes.emplace_back("aborted");
      arrow.kind = Arrow::Kind::failure;
    }
    if (sending.flag == '+') arrow.notes.emplace_back("not finished");
    if (sending.answered > 0) {
      arrow.notes.push_back("200 OK" + (sending.chunks > 1
                                            ? " to " + std::to_string(sending.answered)
                                            : std::string{}));
    }
  }

  static std::string took_text(microseconds took) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3g s", static_cast<double>(took.count()) / 1e6);
    return text.data();
  }

  const Directory& directory_;
  Ladder ladder_;
  std::vector<Sending> sendings_;
  std::map<std::string, std::size_t> open_;  // of sendings_, by paths and Message-ID
  // By transaction-id and its receiver's session.
  std::map<std::string, std::size_t> sending_of_transaction_;
  std::map<std::tuple<std::string, std::string, std::string_view>, std::size_t>
      seen_;                                     // SIP: the arrow
  std::map<std::size_t, std::size_t> repeated_;  // arrow: how often
};

bool is_wanted(const Ladder& ladder, const Arrow& arrow, const Filter& filter) {
  if (!filter.conversation.empty() && arrow.conversation != filter.conversation) return false;
  if (!filter.call_id.empty() && arrow.call_id != filter.call_id) return false;
  return filter.user.empty() || iequals(ladder.participants[arrow.from], filter.user) ||
         iequals(ladder.participants[arrow.to], filter.user);
}

// What is left when only the arrows that are wanted are drawn.
Ladder filtered(const Ladder& all, const Filter& filter) {
  Ladder ladder;
  std::map<std::size_t, std::size_t> place;
  for (const auto& arrow : all.arrows) {
    if (!is_wanted(all, arrow, filter)) continue;
    for (const auto index : {arrow.from, arrow.to}) {
      if (place.try_emplace(index, ladder.participants.size()).second) {
        ladder.participants.push_back(all.participants[index]);
      }
    }
    ladder.arrows.push_back(arrow);
    ladder.arrows.back().from = place[arrow.from];
    ladder.arrows.back().to = place[arrow.to];
  }
  if (!ladder.arrows.empty()) ladder.begin = ladder.arrows.front().time;
  return ladder;
}

}  // namespace

Ladder make_ladder(std::span<const Record> records, const Filter& filter) {
  const auto passages = passages_of(records);
  const Directory directory{passages};
  Draughtsman draughtsman{directory};
  for (const auto& passage : passages) draughtsman.draw(passage);
  return filtered(draughtsman.finish(), filter);
}

std::string seconds_text(const Ladder& ladder, const Arrow& arrow) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f",
                static_cast<double>((arrow.time - ladder.begin).count()) / 1e6);
  return text.data();
}

}  // namespace convene::trace
