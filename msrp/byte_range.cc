#include "msrp/byte_range.h"

#include "base/text_cursor.h"

namespace convene::msrp {

namespace {

std::optional<std::uint64_t> number_or_star(TextCursor& in) {
  if (in.accept("*")) return std::nullopt;
  return in.number();
}

std::string to_text(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : "*";
}

}  // namespace

Result<ByteRange> parse_byte_range(std::string_view text) {
  TextCursor in{text};
  ByteRange range;

  range.first = in.number();
  in.expect("-");
  range.last = number_or_star(in);
  in.expect("/");
  range.total = number_or_star(in);
  TRY(in.finish("Byte-Range"));

  if (range.first == 0) return fail(Fault::malformed, "Byte-Range counts from 1");
  if (range.first - 1 > max_message_octets || range.last > max_message_octets ||
      range.total > max_message_octets)
    return fail(Fault::too_large, "Byte-Range");
  if (range.last && *range.last < range.first - 1)
    return fail(Fault::malformed, "Byte-Range ends before it begins");
  if (range.total && range.first > *range.total + 1)
    return fail(Fault::malformed, "Byte-Range begins after its total");
  if (range.total && range.last > range.total)
    return fail(Fault::malformed, "Byte-Range ends after its total");
  return range;
}

std::string to_text(const ByteRange& range) {
  return std::to_string(range.first) + '-' + to_text(range.last) + '/' + to_text(range.total);
}

}  // namespace convene::msrp
