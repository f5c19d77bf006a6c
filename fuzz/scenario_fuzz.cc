// Law of scenarios: a file is refused with a place in it, or each of its steps has a subject and a
// form; the words of a line print as a line that has the same words.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "scenario/forms.h"
#include "scenario/script.h"

using namespace convene::scenario;

namespace {

void check_words(std::string_view line) {
  const auto words = words_of(line);
  if (!words) return;
  std::string printed;
  for (const auto& word : *words) printed += (printed.empty() ? "" : " ") + to_text(word);
  const auto again = words_of(printed);
  if (!again || *again != *words) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  for (auto rest = input; !rest.empty();) check_words(convene::take_line(rest));

  const auto script = parse_script(input, "file", all_forms());
  if (!script) {
    if (!script.error().detail.starts_with("file:")) std::abort();
    return 0;
  }
  for (const auto& step : script->steps) {
    if (step.form == nullptr || step.line == 0) std::abort();
  }
  return 0;
}
