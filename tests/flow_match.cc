#include "tests/flow_match.h"

#include <algorithm>

#include "base/text.h"

namespace convene::tests {

namespace {

bool is_of_a_leg(std::string_view kind) {
  return kind == "tag" || kind == "branch" || kind == "Call-ID";
}

std::string kind_in(const std::string& scope, const std::string& kind) {
  return is_of_a_leg(kind) ? kind + " at " + scope : kind;
}

bool names(const Variant& variant, std::string_view flow) {
  return std::ranges::count(split(variant.flows, ' '), flow) > 0;
}

const Fact* find(const Facts& facts, const std::string& name) {
  const auto found = std::ranges::find(facts, name, &Fact::name);
  return found == facts.end() ? nullptr : &*found;
}

}  // namespace

bool Bindings::bind(const std::string& scope, const Piece& expected, const Piece& seen) {
  const auto kind = kind_in(scope, expected.kind);
  const auto there = seen_.emplace(Key{kind, expected.text}, seen.text).first;
  if (there->second != seen.text) return false;
  if (expected.kind == "date") return true;
  return expected_.emplace(Key{kind, seen.text}, expected.text).first->second == expected.text;
}

std::optional<std::string> Bindings::seen_for(const std::string& scope, const std::string& kind,
                                              const std::string& expected) const {
  const auto found = seen_.find({kind_in(scope, kind), expected});
  if (found == seen_.end()) return std::nullopt;
  return found->second;
}

std::string to_text(const Difference& difference) {
  return difference.flow + "  " + difference.fact + "\n    flow: " + difference.expected +
         "\n    seen: " + difference.seen + "\n";
}

bool FlowMatch::is_same(const std::string& expected, const std::string& seen,
                        const std::string& leg) {
  const auto wanted = pieces_of(expected);
  const auto found = pieces_of(seen);
  const auto is_alike = [](const Piece& a, const Piece& b) {
    return a.kind == b.kind && (!a.kind.empty() || a.text == b.text);
  };
  if (!std::ranges::equal(wanted, found, is_alike)) return false;
  bool all_bind = true;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].kind.empty() && !bindings_.bind(leg, wanted[i], found[i])) all_bind = false;
  }
  return all_bind;
}

bool FlowMatch::is_variant(const Difference& difference, std::string_view expected,
                           std::string_view seen) {
  const auto found = std::ranges::find_if(variants_, [&](const Variant& variant) {
    return names(variant, difference.flow) && variant.fact == difference.fact &&
           variant.flow_says == expected && variant.we_say == seen;
  });
  if (found == variants_.end()) return false;
  met_.emplace(difference.flow, &*found);
  return true;
}

std::vector<std::string> FlowMatch::stale(const std::string& flow) const {
  std::vector<std::string> facts;
  for (const auto& variant : variants_) {
    if (names(variant, flow) && !met_.contains({flow, &variant})) facts.emplace_back(variant.fact);
  }
  return facts;
}

std::string FlowMatch::complaints(const std::string& flow, std::string_view text,
                                  std::string_view seen, const std::string& leg) {
  std::string all;
  for (const auto& difference : compare(flow, text, seen, leg)) all += to_text(difference);
  for (const auto& fact : stale(flow)) all += flow + "  " + fact + " is no variant any more\n";
  return all;
}

std::vector<Difference> FlowMatch::compare(const std::string& flow, std::string_view text,
                                           std::string_view seen, const std::string& leg) {
  const auto expected_facts = facts_of(text);
  const auto seen_facts = facts_of(seen);
  if (!expected_facts || !seen_facts)
    return {{flow, "everything", std::string{text}, std::string{seen}}};

  std::vector<Difference> differences;
  const auto differ = [&](const std::string& name, const Fact* wanted, const Fact* found) {
    const auto show = [](const Fact* fact, bool with_texts) {
      return fact ? readable(fact->value, with_texts) : std::string{"nothing"};
    };
    Difference difference{flow, name, show(wanted, true), show(found, true)};
    if (!is_variant(difference, show(wanted, false), show(found, false)))
      differences.push_back(std::move(difference));
  };
  for (const auto& wanted : *expected_facts) {
    const auto* found = find(*seen_facts, wanted.name);
    if (!found || !is_same(wanted.value, found->value, leg)) differ(wanted.name, &wanted, found);
  }
  for (const auto& found : *seen_facts) {
    if (!find(*expected_facts, found.name)) differ(found.name, nullptr, &found);
  }
  return differences;
}

}  // namespace convene::tests
