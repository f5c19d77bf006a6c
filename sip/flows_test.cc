// Every SIP message of the flows in tests/flows: read, found good, and printed octet for octet.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/test_tree.h"
#include "sip/fields.h"
#include "sip/message.h"

namespace convene::sip {
namespace {

struct Flow {
  std::string name;
  std::string octets;
};

bool is_sip(std::string_view octets) {
  const auto line = octets.substr(0, octets.find("\r\n"));
  return line.starts_with("SIP/2.0 ") || line.ends_with(" SIP/2.0");
}

std::vector<Flow> sip_flows() {
  std::vector<Flow> flows;
  for (const auto& entry : std::filesystem::directory_iterator{test_tree() / "tests/flows"}) {
    std::ifstream file{entry.path(), std::ios::binary};
    std::string octets{std::istreambuf_iterator<char>{file}, {}};
    if (is_sip(octets)) flows.push_back({entry.path().filename(), std::move(octets)});
  }
  std::ranges::sort(flows, {}, &Flow::name);
  return flows;
}

TEST(Flows, are_all_there) { EXPECT_EQ(sip_flows().size(), 51U); }

TEST(Flows, are_free_of_defects) {
  for (const auto& [name, octets] : sip_flows()) {
    const auto message = parse_message(octets);
    ASSERT_TRUE(message) << name << ": " << message.error().detail;
    EXPECT_EQ(defect(*message), std::nullopt) << name << ": " << defect(*message)->reason;
  }
}

TEST(Flows, are_printed_octet_for_octet) {
  for (const auto& [name, octets] : sip_flows())
    EXPECT_EQ(to_text(parse_message(octets).value()), octets) << name;
}

TEST(Flows, have_fields_that_print_to_themselves) {
  for (const auto& [name, octets] : sip_flows()) {
    const auto message = parse_message(octets).value();
    EXPECT_EQ(to_text(parse_via(message.values(Name::via).front()).value()),
              message.values(Name::via).front())
        << name;
    EXPECT_EQ(to_text(parse_cseq(message.header(Name::cseq)).value()), message.header(Name::cseq))
        << name;
    for (const auto contact : message.values(Name::contact))
      EXPECT_EQ(to_text(parse_name_addr(contact).value()), contact) << name;
    if (message.has(Name::session_expires)) {
      const auto expires = message.header(Name::session_expires);
      EXPECT_EQ(to_text(parse_session_expires(expires).value()), expires) << name;
    }
  }
}

}  // namespace
}  // namespace convene::sip
