#include "scenario/script.h"

#include <algorithm>

#include "base/spelling.h"
#include "base/text.h"
#include "scenario/declarations.h"

namespace convene::scenario {

namespace {

constexpr std::size_t max_mistakes = 20;

class Parser {
 public:
  Parser(std::string_view name, std::span<const Form> forms) : forms_{forms} {
    script_.name = name;
  }

  Result<Script> parse(std::string_view text);

 private:
  Result<> line(std::string_view text);
  Result<> sentence(std::span<const Word> words, Duration patience);
  Result<std::vector<std::string>> take_subjects(std::span<const Word>& words) const;
  std::vector<std::string> others(const Arguments& arguments) const;
  Error not_understood(std::span<const Word> words) const;
  bool has_verb(std::string_view word) const {
    return std::ranges::any_of(forms_,
                               [&](const Form& form) { return begins_with(form.pattern, word); });
  }

  std::span<const Form> forms_;
  Script script_;
  Names names_;
  Duration patience_{10'000};
  std::size_t number_ = 0;
  std::string_view source_;
};

std::string sentence_of(std::span<const Word> words) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty() && !is(word, ",") && !is(word, ":")) text += ' ';
    text += to_text(word);
  }
  return text;
}

// bob carol and dave ... | everybody ... | the others ...
Result<std::vector<std::string>> Parser::take_subjects(std::span<const Word>& words) const {
  std::vector<std::string> subjects;
  if (is(words.front(), "everybody")) {
    words = words.subspan(1);
    for (const auto& client : script_.clients) subjects.push_back(client.name);
    return subjects;
  }
  while (!words.empty() && !words.front().is_quoted) {
    const auto& word = words.front().text;
    if (names_.contains(word)) {
      subjects.push_back(word);
    } else if (subjects.empty() || (word != "," && word != "and")) {
      break;
    }
    words = words.subspan(1);
  }
  if (subjects.empty()) {
    return fail(Fault::malformed, "'" + words.front().text +
                                      "' is no client of this scenario, and begins no sentence");
  }
  return subjects;
}

// All clients but those that the sentence names.
std::vector<std::string> Parser::others(const Arguments& arguments) const {
  std::vector<std::string> subjects;
  for (const auto& client : script_.clients) {
    if (!arguments.mention(client.name)) subjects.push_back(client.name);
  }
  return subjects;
}

Error Parser::not_understood(std::span<const Word> words) const {
  const auto verb = words.empty() ? std::string{} : words.front().text;
  std::string understood;
  for (const auto& form : forms_) {
    if (begins_with(form.pattern, verb)) understood += "\n    " + std::string{form.pattern};
  }
  if (!understood.empty()) {
    return {.fault = Fault::malformed,
            .detail = "'" + sentence_of(words) + "' is not understood; this is:" + understood};
  }
  for (const auto& form : forms_) {
    for (const auto known : split(form.pattern.substr(0, form.pattern.find(' ')), '|')) {
      if (may_mean(verb, known)) understood += "\n    " + std::string{form.pattern};
    }
  }
  auto detail = "'" + verb + "' is no verb that is known";
  if (!understood.empty()) detail += "; was one of these meant?" + understood;
  return {.fault = Fault::malformed, .detail = std::move(detail)};
}

Result<> Parser::sentence(std::span<const Word> words, Duration patience) {
  const bool is_others = words.size() > 2 && is(words[0], "the") && is(words[1], "others");
  Step step{.line = number_, .text = std::string{source_}, .subjects = {}, .patience = patience};
  if (is_others) {
    words = words.subspan(2);
  } else {
    step.subjects = TRY(take_subjects(words));
  }
  for (const auto& form : forms_) {
    auto arguments = match(form.pattern, words, names_);
    if (!arguments) continue;
    step.form = &form;
    step.arguments = *std::move(arguments);
    if (is_others) step.subjects = others(step.arguments);
    script_.steps.push_back(std::move(step));
    return {};
  }
  return std::unexpected(not_understood(words));
}

Result<> Parser::line(std::string_view text) {
  const auto all = TRY(words_of(text));
  std::span<const Word> words{all};
  if (words.empty()) return {};
  source_ = trim(text);
  if (is_declaration(words.front())) {
    TRY(declare(words, number_, script_));
    for (const auto& client : script_.clients) names_.insert(client.name);
    return {};
  }
  auto patience = patience_;
  if (is(words.front(), "within")) {
    const auto time = words.size() > 1 ? milliseconds_of(words[1].text) : std::nullopt;
    if (!time) return fail(Fault::malformed, "within wants a time: 200ms, 5s, 2m");
    patience = Duration{*time};
    words = words.subspan(2);
    if (!words.empty() && (is(words.front(), ",") || is(words.front(), ":")))
      words = words.subspan(1);
    if (words.empty()) {
      patience_ = patience;
      return {};
    }
  }
  return sentence(words, patience);
}

Result<Script> Parser::parse(std::string_view text) {
  std::string mistakes;
  std::size_t count = 0;
  while (!text.empty() && count < max_mistakes) {
    ++number_;
    const auto understood = line(take_line(text));
    if (understood) continue;
    if (!mistakes.empty()) mistakes += '\n';
    mistakes += script_.name + ':' + std::to_string(number_) + ": " + understood.error().detail;
    ++count;
  }
  if (count > 0) return fail(Fault::malformed, std::move(mistakes));
  if (script_.steps.empty()) return fail(Fault::malformed, script_.name + ":1: no step in it");
  return std::move(script_);
}

}  // namespace

Result<Script> parse_script(std::string_view text, std::string_view name,
                            std::span<const Form> forms) {
  return Parser{name, forms}.parse(text);
}

}  // namespace convene::scenario
