#include <algorithm>
#include <array>
#include <utility>

#include "sip/message.h"

namespace convene::sip {

namespace {

// RFC 3261 21, RFC 3326, 3903, 4028, 4412, 4538, 5360, 5365, 5626, 6665. In order.
constexpr auto phrases = std::to_array<std::pair<int, std::string_view>>({
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {417, "Unknown Resource-Priority"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {430, "Flow Failed"},
    {433, "Anonymity Disallowed"},
    {439, "First Hop Lacks Outbound Support"},
    {469, "Bad Info Package"},
    {470, "Consent Needed"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
});
static_assert(std::ranges::is_sorted(phrases));

constexpr std::array<std::string_view, 7> classes{
    "Unknown",        "In Progress",   "OK", "Redirection", "Request Failure",
    "Server Failure", "Global Failure"};

}  // namespace

std::string_view reason_phrase(int status) {
  const auto found =
      std::ranges::lower_bound(phrases, status, {}, &std::pair<int, std::string_view>::first);
  if (found != phrases.end() && found->first == status) return found->second;
  return status >= 100 && status <= 699 ? classes[static_cast<std::size_t>(status / 100)]
                                        : classes[0];
}

}  // namespace convene::sip
