#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/words.h"

namespace convene::scenario {

class Scene;
struct Step;

// What became of a step so far.
struct Verdict {
  enum class Is { done, not_yet, failed };
  Is is = Is::done;
  std::string why = {};  // not yet: what is missing; failed: what is wrong
};
inline Verdict done() { return {}; }
inline Verdict not_yet(std::string why) {
  return {.is = Verdict::Is::not_yet, .why = std::move(why)};
}
inline Verdict failed(std::string why) {
  return {.is = Verdict::Is::failed, .why = std::move(why)};
}

// What a sentence filled into the blanks of its form.
class Arguments {
 public:
  struct Value {
    std::string name;
    std::string text;
    bool is_client = false;
  };
  void add(Value value) { values_.push_back(std::move(value)); }
  void cut(std::size_t size) {
    values_.erase(values_.begin() + static_cast<std::ptrdiff_t>(size), values_.end());
  }
  std::size_t size() const { return values_.size(); }

  bool has(std::string_view name) const;
  const std::string& operator[](std::string_view name) const;  // the first; empty: none
  std::vector<std::string> all(std::string_view name) const;
  bool mention(std::string_view client) const;

 private:
  std::vector<Value> values_;
};

// What a sentence after its subject may say. A pattern is words and blanks:
//
//   says|say           one of these words
//   <words:text>       any one word, or a text in quotes
//   <who:client>       a declared client
//   <from:person>      a declared client, or somebody: one who stays unknown
//   <with:people>      one or more declared clients or URIs; commas and "and" between them
//   <status:number>    digits
//   <time:time>        200ms, 5s, 2m
//   <how:busy|away>    one of these words
//   [to <who:client>]  may be missing
struct Form {
  std::string_view pattern;
  std::string_view meaning;  // for people: docs/scenarios.md
  // action: does something, waiting until it can. expectation: waits until it is so. absence: holds
  // if it is still so after a while.
  enum class Kind { action, expectation, absence };
  Kind kind = Kind::action;
  // For one subject; again and again until done or failed.
  Verdict (*play)(Scene& scene, const Step& step, const std::string& subject) = nullptr;
};

using Names = std::set<std::string, std::less<>>;

// The words after the subject as this form; nothing: they are not.
std::optional<Arguments> match(std::string_view pattern, std::span<const Word> words,
                               const Names& clients);

// Whether the pattern begins with this word.
bool begins_with(std::string_view pattern, std::string_view verb);

// "200ms", "5s", "2m"; nothing: it is no such.
std::optional<std::int64_t> milliseconds_of(std::string_view text);

}  // namespace convene::scenario
