#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace convene::tests {

// One thing that a message says: {"Contact +g.3gpp.iari-ref", "urn:..."}, {"sdp m1 a=setup",
// "active"}.
//
// What differs from call to call stands in the value between marks, see id(); what differs from
// machine to machine (hosts and ports of the network) has become HOST and PORT, and lengths are
// left out. What comes in any order is sorted.
struct Fact {
  std::string name;
  std::string value;
  bool operator==(const Fact&) const = default;
};
using Facts = std::vector<Fact>;

// An identifier within a value: of a kind ("tag", "Conversation-ID"), and its text.
std::string id(std::string_view kind, std::string_view text);

// A value in pieces: literal texts and identifiers.
struct Piece {
  std::string kind;  // empty: literal
  std::string text;
  bool operator==(const Piece&) const = default;
};
std::vector<Piece> pieces_of(std::string_view value);

// For people, and for tables: "{tag a1}", or "{tag}" without the text.
std::string readable(std::string_view value, bool with_texts = true);

// All that a SIP message or an MSRP frame says, read by our own parsers.
Result<Facts> facts_of(std::string_view octets);

// The parts of facts_of(). `where` is put before each name: "part 2 ".
void add_sip_facts(std::string_view octets, Facts& facts);
void add_msrp_facts(std::string_view octets, Facts& facts);
void add_body_facts(const std::string& where, std::string_view content_type, std::string_view body,
                    Facts& facts);

// ---- What the parts share. ----

// sip:alice@HOST;transport=tcp; users of the focus become ids. Anything else as it is.
std::string uri_text(std::string_view uri);
std::string host_text(std::string_view host);                  // HOST for those of the network
std::string path_text(std::string_view path);                  // MSRP: hosts and session-ids
std::string joined(std::vector<std::string> words);            // sorted, ", " between them
std::string content_type_text(std::string_view content_type);  // without boundary
void add(Facts& facts, const std::string& name,
         std::string_view value);  // a repeated name is numbered

}  // namespace convene::tests
