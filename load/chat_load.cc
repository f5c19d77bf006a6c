#include "load/chat_load.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace convene::load {

namespace {

constexpr std::string_view sign = "load ";

struct Label {
  std::size_t group = 0;
  std::uint64_t number = 0;
};

// "load <group> <number> ....": what others say in the group is none of ours.
std::optional<Label> label_of(std::string_view text) {
  if (!text.starts_with(sign)) return std::nullopt;
  Label label;
  const auto* const end = text.data() + text.size();
  const auto group = std::from_chars(text.data() + sign.size(), end, label.group);
  if (group.ec != std::errc{} || group.ptr == end || *group.ptr != ' ') return std::nullopt;
  if (std::from_chars(group.ptr + 1, end, label.number).ec != std::errc{}) return std::nullopt;
  return label;
}

}  // namespace

bool ChatLoad::is_due(Instant now) const {
  if (plan_.chat_window > 0) return under_way_ < plan_.chat_window;
  return plan_.chat_rate > 0 && next_ <= now;
}

std::optional<Instant> ChatLoad::deadline() const {
  if (plan_.chat_window > 0) {
    if (said_.empty()) return std::nullopt;
    return said_.front().when + chat_patience;
  }
  return plan_.chat_rate > 0 ? std::optional{next_} : std::nullopt;
}

std::size_t ChatLoad::next_speaker(const std::vector<bool>& present) {
  for (std::size_t i = 0; i < present.size(); ++i) {
    speaker_ = (speaker_ + 1) % present.size();
    if (present[speaker_]) break;
  }
  return speaker_;
}

std::string ChatLoad::say(std::size_t speaker, const std::vector<bool>& present, Instant now) {
  const auto number = ++last_number_;
  Said said{.number = number,
            .when = now,
            .listeners = std::vector<Listener>(present.size(), Listener::absent)};
  for (std::size_t place = 0; place < present.size(); ++place) {
    if (place == speaker || !present[place]) continue;
    said.listeners[place] = Listener::waiting;
    ++said.missing;
  }
  if (said.missing > 0) {
    said_.push_back(std::move(said));
    ++under_way_;
  }
  if (plan_.chat_rate > 0)
    next_ += std::chrono::duration_cast<Span>(std::chrono::duration<double>{1 / plan_.chat_rate});
  auto text = std::string{sign} + std::to_string(group_) + ' ' + std::to_string(number) + ' ';
  if (text.size() < plan_.chat_octets) text.resize(plan_.chat_octets, '.');
  return text;
}

void ChatLoad::heard(std::size_t listener, std::string_view text, Instant now, Figures& figures) {
  const auto label = label_of(text);
  if (!label || label->group != group_ || label->number > last_number_) return;
  const auto found = std::ranges::lower_bound(said_, label->number, {}, &Said::number);
  auto* const said = found != said_.end() && found->number == label->number ? &*found : nullptr;
  if (said == nullptr || said->listeners[listener] != Listener::waiting) {
    if (was_heard_before(said, listener)) ++figures.chat_repeated;
    return;
  }
  said->listeners[listener] = Listener::served;
  ++figures.chat_delivered;
  figures.chat.add(now - said->when);
  if (--said->missing > 0) return;
  --under_way_;
  drop_heard();
}

// Who comes back may hear what was said just before: it was not waited for, and is no repetition.
bool ChatLoad::was_heard_before(const Said* said, std::size_t listener) const {
  if (said == nullptr) return plan_.churn_rate <= 0;
  return said->listeners[listener] == Listener::served;
}

void ChatLoad::left(std::size_t listener) {
  for (auto& said : said_) {
    if (said.listeners[listener] != Listener::waiting) continue;
    said.listeners[listener] = Listener::absent;
    if (--said.missing == 0) --under_way_;
  }
  drop_heard();
}

void ChatLoad::expire(Instant now, Figures& figures) {
  while (!said_.empty() && said_.front().when + chat_patience <= now) {
    figures.chat_lost += said_.front().missing;
    if (said_.front().missing > 0) --under_way_;
    said_.pop_front();
    drop_heard();
  }
}

void ChatLoad::end(Figures& figures) {
  for (const auto& said : said_) figures.chat_lost += said.missing;
  said_.clear();
  under_way_ = 0;
}

void ChatLoad::drop_heard() {
  while (!said_.empty() && said_.front().missing == 0) said_.pop_front();
}

}  // namespace convene::load
