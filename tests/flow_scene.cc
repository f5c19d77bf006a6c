#include "tests/flow_scene.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "cpm/flow_messages.h"

namespace convene::tests {

namespace {

std::string value_of(const Facts& facts, std::string_view name) {
  const auto found = std::ranges::find(facts, name, &Fact::name);
  return found == facts.end() ? std::string{} : readable(found->value, false);
}

// Enough to tell which message of the wire is meant: who asks whom for what.
std::string kind_of(const Facts& facts) {
  std::string kind;
  for (const auto* name : {"start line", "CSeq", "From", "To", "Content-Type", "end of chunk",
                           "Subscription-State", "cpim content Content-Type"})
    kind += value_of(facts, name) + " | ";
  return kind;
}

// Without display names and parameters, which are for comparing.
std::string kind_of(std::string_view octets) {
  auto facts = facts_of(octets);
  if (!facts) return "unreadable";
  for (auto& fact : *facts) {
    if (fact.name == "From" || fact.name == "To")
      fact.value = fact.value.substr(std::min(fact.value.find('<'), fact.value.size()));
    // The method or status: a request in a dialog goes to a Contact, to whom is in its To.
    if (fact.name == "start line") fact.value = fact.value.substr(0, fact.value.find(' '));
  }
  return kind_of(*facts);
}

std::string leg_of(const std::string& a, const std::string& b) {
  return std::min(a, b) + "-" + std::max(a, b);
}

}  // namespace

FlowScene::FlowScene(std::string_view kind, StageSettings settings)
    : stage_{Stage::make(kind, std::move(settings))} {
  stage_->begin();
}

void FlowScene::look() {
  for (auto& one : stage_->take_seen()) wire_.push_back({.seen = std::move(one)});
}

void FlowScene::begin_chapter() {
  look();
  chapter_ = wire_.size();
}

std::size_t FlowScene::count_with(std::string_view text, const std::string& from,
                                  const std::string& to) {
  look();
  return static_cast<std::size_t>(std::count_if(
      wire_.begin() + static_cast<std::ptrdiff_t>(chapter_), wire_.end(), [&](const Message& one) {
        return one.seen.from == from && one.seen.to == to && one.seen.octets.contains(text);
      }));
}

FlowScene::Message* FlowScene::find(const Wanted& wanted) {
  look();
  for (auto i = chapter_; i < wire_.size(); ++i) {
    auto& one = wire_[i];
    if (one.is_compared || one.seen.from != wanted.from || one.seen.to != wanted.to ||
        !one.seen.octets.starts_with(wanted.beginning))
      continue;
    if (one.kind.empty()) one.kind = kind_of(one.seen.octets);
    if (one.kind == wanted.kind) return &one;
  }
  return nullptr;
}

void FlowScene::expect(const std::string& flow, const std::string& from, const std::string& to) {
  const auto flow_text = cpm::flow_text(flow);
  Wanted wanted{.kind = kind_of(flow_text), .beginning = "", .from = from, .to = to};
  const auto words = split(std::string_view{flow_text}.substr(0, flow_text.find('\r')), ' ');
  if (const auto transaction = match_.bindings().seen_for("", "transaction", std::string{words[1]});
      transaction && words[0] == "MSRP")
    wanted.beginning = "MSRP " + *transaction + " ";

  if (!stage_->wait([&] { return find(wanted) != nullptr; })) {
    ADD_FAILURE() << flow << ": no such message from " << from << " to " << to << "\n" << wire();
    return;
  }
  auto& message = *find(wanted);
  message.is_compared = true;
  const auto text = match_.complaints(flow, flow_text, message.seen.octets, leg_of(from, to));
  if (!text.empty()) ADD_FAILURE() << "\n" << text << "\n" << message.seen.octets;
}

std::string FlowScene::wire() {
  std::string text;
  for (const auto& one : wire_)
    text += "---- " + one.seen.from + " -> " + one.seen.to + "\n" + one.seen.octets + "\n";
  return text;
}

}  // namespace convene::tests
