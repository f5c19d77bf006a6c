#include "sip/refer.h"

#include "base/text.h"

namespace convene::sip {

bool suppresses_subscription(const Message& refer) {
  const auto value = refer.header(Name::refer_sub);
  const auto word = trim(value.substr(0, value.find(';')));
  return iequals(word, "false") || refer.lists(Name::require, "norefersub");
}

std::string sipfrag(int status, std::string_view reason) {
  return "SIP/2.0 " + std::to_string(status) + ' ' + std::string{reason} + "\r\n";
}

}  // namespace convene::sip
