#include "client/test_flows.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

namespace convene::client {

std::string essence(std::string text) {
  const auto replace = [&text](const char* pattern, const char* by) {
    text = std::regex_replace(text, std::regex{pattern, std::regex::multiline}, by);
  };
  std::erase(text, '\r');
  replace("^(Via|Route|Record-Route|Max-Forwards|Content-Length|User-Agent): .*\n", "");
  replace("^Call-ID: .*", "Call-ID: *");
  replace("^(From|To): (.*);tag=[^;\n]*", "$1: $2;tag=*");
  replace("P-Asserted-", "P-Preferred-");
  replace("boundary=\"?[A-Za-z0-9]*\"?", "boundary=*");
  replace("^--[A-Za-z0-9]{3,}(-*)$", "--*$1");
  replace("^o=- \\d+ \\d+ ", "o=- * * ");
  replace("^a=path:(.*)/[^/;]*;tcp", "a=path:$1/*;tcp");
  replace("^a=file-transfer-id:.*", "a=file-transfer-id:*");
  replace("\n\n+--\\*", "\n--*");  // an SDP ends with its own line end
  replace(", REFER,", ",");        // which a client does not know
  replace("icon-[^@>\n]*@[^>\n]*", "icon-*");
  replace("^imdn.Message-ID: .*", "imdn.Message-ID: *");
  replace("^DateTime: .*", "DateTime: *");
  replace("^(Conversation-ID|Contribution-ID): .*", "$1: *");
  return text;
}

std::string in_any_order(const std::string& essence) {
  std::istringstream in{essence};
  std::multiset<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.insert(line);
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

namespace {

TEST(Essence, is_the_same_on_both_sides_of_a_participating_function) {
  EXPECT_EQ(essence(flow("001-f1-1-alice-to-pf-a-invite-factory.txt")),
            essence(flow("002-f1-2-pf-a-to-cf-invite-factory.txt")));
}

}  // namespace
}  // namespace convene::client
