#include "msrp/start_line.h"

#include <algorithm>

#include "base/text.h"
#include "base/text_cursor.h"
#include "msrp/chunk_decoder.h"

namespace convene::msrp {

namespace {

// ident = ALPHANUM 3*31ident-char
bool is_transaction_id(std::string_view text) {
  constexpr std::string_view others = ".-+%=";
  return text.size() >= ChunkDecoder::min_transaction_id &&
         text.size() <= ChunkDecoder::max_transaction_id && is_alphanumeric(text.front()) &&
         std::ranges::all_of(text,
                             [&](char c) { return is_alphanumeric(c) || others.contains(c); });
}

bool is_method(std::string_view text) {
  return !text.empty() && text.size() <= ChunkDecoder::max_method &&
         std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

Result<StartLine> parse_start_line(std::string_view line) {
  TextCursor in{line};
  StartLine start;
  in.expect("MSRP ");
  start.transaction_id = in.until(' ');
  in.expect(" ");
  const auto word = in.until(' ');
  const bool is_response = word.size() == 3 && std::ranges::all_of(word, is_digit);
  if (is_response && in.accept(" ")) start.comment = in.until('\0');
  TRY(in.finish("MSRP start line"));

  if (!is_transaction_id(start.transaction_id)) return fail(Fault::malformed, "transaction id");
  if (is_response)
    start.status = static_cast<int>(to_number(word).value_or(0));
  else if (is_method(word))
    start.method = word;
  else
    return fail(Fault::malformed, "neither a method nor a status");
  if (is_response && start.status < 100) return fail(Fault::malformed, "no status");
  return start;
}

}  // namespace convene::msrp
