#include "sip/date.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"

namespace convene::sip {

namespace {

constexpr auto months = std::to_array<std::string_view>(
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
constexpr std::string_view date_shape = "Sat, 22 Nov 2025 10:05:00 GMT";

int digits_of(std::string_view digits) { return static_cast<int>(to_number(digits).value_or(0)); }

}  // namespace

// What is printed otherwise than it was written is no date: a wrong weekday, the 31st of June.
Result<WallTime> parse_date(std::string_view text) {
  if (text.size() != date_shape.size()) return fail(Fault::malformed, "no SIP-date");
  const auto month = std::ranges::find(months, text.substr(8, 3)) - months.begin();
  const std::chrono::year_month_day day{
      std::chrono::year{digits_of(text.substr(12, 4))},
      std::chrono::month{static_cast<unsigned>(month + 1)},
      std::chrono::day{static_cast<unsigned>(digits_of(text.substr(5, 2)))}};
  if (!day.ok()) return fail(Fault::malformed, "no such day");
  const WallTime time = std::chrono::sys_days{day} +
                        std::chrono::hours{digits_of(text.substr(17, 2))} +
                        std::chrono::minutes{digits_of(text.substr(20, 2))} +
                        std::chrono::seconds{digits_of(text.substr(23, 2))};
  if (to_sip_date(time) != text) return fail(Fault::malformed, "no SIP-date");
  return time;
}

}  // namespace convene::sip
