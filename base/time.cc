#include "base/time.h"

#include <array>
#include <cstdio>

namespace convene {

namespace {

struct Fields {
  std::chrono::year_month_day day;
  std::chrono::weekday weekday;
  std::chrono::hh_mm_ss<std::chrono::seconds> clock;
};

Fields fields_of(WallTime time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  return {.day = midnight, .weekday = midnight, .clock = std::chrono::hh_mm_ss{time - midnight}};
}

}  // namespace

std::string to_rfc3339(WallTime time) {
  const auto [day, weekday, clock] = fields_of(time);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ldZ", int{day.year()},
                unsigned{day.month()}, unsigned{day.day()}, long{clock.hours().count()},
                long{clock.minutes().count()}, long{clock.seconds().count()});
  return text.data();
}

namespace {

constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string date_text(WallTime time, const char* zone) {
  const auto [day, weekday, clock] = fields_of(time);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02ld:%02ld:%02ld %s",
                weekdays[weekday.c_encoding()], unsigned{day.day()},
                months[unsigned{day.month()} - 1], int{day.year()}, long{clock.hours().count()},
                long{clock.minutes().count()}, long{clock.seconds().count()}, zone);
  return text.data();
}

}  // namespace

std::string to_sip_date(WallTime time) { return date_text(time, "GMT"); }
std::string to_mail_date(WallTime time) { return date_text(time, "+0000"); }

}  // namespace convene
