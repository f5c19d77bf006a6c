#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/flow_facts.h"

namespace convene::tests {

// Which identifier of the flows stands for which of ours: one for one, for a whole scenario. Dates
// only one way: two moments of a flow may be one second of ours.
class Bindings {
 public:
  // Whether `expected` may stand for `seen`: it does from now on. `scope`: identifiers of dialogs
  // and transactions are those of one leg, "alice-pf".
  bool bind(const std::string& scope, const Piece& expected, const Piece& seen);

  // What an identifier of the flows stands for; nothing: not known yet.
  std::optional<std::string> seen_for(const std::string& scope, const std::string& kind,
                                      const std::string& expected) const;

 private:
  using Key = std::pair<std::string, std::string>;  // kind and leg, text
  std::map<Key, std::string> seen_;
  std::map<Key, std::string> expected_;
};

struct Difference {
  std::string flow;  // "f1-5"
  std::string fact;
  std::string expected;  // readable; "nothing"
  std::string seen;
};
std::string to_text(const Difference& difference);

// What is deliberately not as in the flows, and why.
struct Variant {
  std::string_view flows;      // labels with blanks between: "f1-2 f3-1"
  std::string_view fact;       // its name
  std::string_view flow_says;  // without the texts of identifiers; "nothing"
  std::string_view we_say;
  std::string_view why;
};

// Compares what was seen with the flows, message by message.
class FlowMatch {
 public:
  explicit FlowMatch(std::span<const Variant> variants = {}) : variants_{variants} {}

  // `text`: the message of the flow. What no variant allows is returned.
  std::vector<Difference> compare(const std::string& flow, std::string_view text,
                                  std::string_view seen, const std::string& leg = "");

  const Bindings& bindings() const { return bindings_; }
  // The variants that name this flow and were not met: what they allow is no longer so.
  std::vector<std::string> stale(const std::string& flow) const;
  // Both, a line or more each; empty: it is the flow's message.
  std::string complaints(const std::string& flow, std::string_view text, std::string_view seen,
                         const std::string& leg = "");

 private:
  bool is_same(const std::string& expected, const std::string& seen, const std::string& leg);
  bool is_variant(const Difference& difference, std::string_view expected, std::string_view seen);

  std::span<const Variant> variants_;
  std::set<std::pair<std::string, const Variant*>> met_;
  Bindings bindings_;
};

}  // namespace convene::tests
