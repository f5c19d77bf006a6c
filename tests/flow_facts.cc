#include "tests/flow_facts.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "mime/content_type.h"
#include "msrp/byte_range.h"
#include "msrp/start_line.h"
#include "msrp/uri.h"
#include "sip/uri.h"

// What the parts of facts_of() share, and MSRP frames.
namespace convene::tests {

namespace {

constexpr char begin_id = '\x01';
constexpr char end_kind = '\x02';
constexpr char end_id = '\x03';

bool is_numeric(std::string_view host) {
  return host.contains(':') || host.find_first_not_of("0123456789.") == host.npos;
}

// The whole of a CPIM message depends on the lengths of its ids; that of a file does not.
std::string byte_range_text(std::string_view value, bool is_cpim) {
  const auto range = msrp::parse_byte_range(value);
  if (!range || !is_cpim || range->last != range->total) return std::string{value};
  return std::to_string(range->first) + "-ALL/ALL";
}

std::string value_of_header(std::string_view name, std::string_view value, bool is_cpim) {
  if (name == "To-Path" || name == "From-Path") return path_text(value);
  if (name == "Message-ID") return id("Message-ID", value);
  if (name == "Byte-Range") return byte_range_text(value, is_cpim);
  if (name == "Content-Type") return content_type_text(value);
  return std::string{value};
}

}  // namespace

std::string id(std::string_view kind, std::string_view text) {
  return begin_id + std::string{kind} + end_kind + std::string{text} + end_id;
}

std::vector<Piece> pieces_of(std::string_view value) {
  std::vector<Piece> pieces;
  while (!value.empty()) {
    const auto begin = value.find(begin_id);
    if (begin != 0) pieces.push_back({"", std::string{value.substr(0, begin)}});
    if (begin == value.npos) break;
    const auto middle = value.find(end_kind, begin);
    const auto end = value.find(end_id, middle);
    assert(end != value.npos && "only id() sets marks");
    pieces.push_back({std::string{value.substr(begin + 1, middle - begin - 1)},
                      std::string{value.substr(middle + 1, end - middle - 1)}});
    value.remove_prefix(end + 1);
  }
  return pieces;
}

std::string readable(std::string_view value, bool with_texts) {
  std::string text;
  for (const auto& piece : pieces_of(value)) {
    if (piece.kind.empty())
      text += printable(piece.text);
    else
      text += "{" + piece.kind + (with_texts ? " " + piece.text : "") + "}";
  }
  return text;
}

// Those of the participating functions are hosts of the network; the focus's is a name.
std::string host_text(std::string_view host) {
  return is_numeric(host) || host.starts_with("pf-") ? "HOST" : std::string{host};
}

std::string uri_text(std::string_view text) {
  auto uri = sip::parse_uri(text);
  if (!uri || !uri->is_sip()) return std::string{text};
  uri->host = host_text(uri->host);
  if (uri->host == "HOST") uri->port = 0;
  if (uri->user.starts_with("defer-")) uri->user = id("deferral", uri->user);
  // The focus has one URI for each group, and one for each transfer that looks like one to one.
  if (uri->host == "cf.example.com")
    uri->user = id(uri->user.starts_with("grp-") ? "group" : "focus leg", uri->user);
  std::string user = uri->user;
  uri->user.clear();
  auto rest = to_text(*uri);  // "sip:HOST;transport=tcp"
  const auto colon = rest.find(':');
  return user.empty() ? rest : rest.substr(0, colon + 1) + user + "@" + rest.substr(colon + 1);
}

std::string path_text(std::string_view path) {
  const auto uris = msrp::parse_path(path);
  if (!uris) return std::string{path};
  std::string text;
  for (const auto& uri : *uris) {
    if (!text.empty()) text += " ";
    text += (uri.is_secure ? "msrps://HOST:" : "msrp://HOST:");
    text += uri.port == 9 ? "9" : "PORT";
    text += "/" + id("MSRP session", uri.session_id) + ";" + uri.transport + uri.parameters;
  }
  return text;
}

std::string joined(std::vector<std::string> words) {
  std::ranges::sort(words);
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string content_type_text(std::string_view content_type) {
  auto parsed = mime::parse_content_type(content_type);
  if (!parsed) return std::string{content_type};
  std::erase_if(parsed->params, [](const auto& param) { return param.name == "boundary"; });
  return to_text(*parsed);
}

void add(Facts& facts, const std::string& name, std::string_view value) {
  const auto has = [&](const std::string& wanted) {
    return std::ranges::find(facts, wanted, &Fact::name) != facts.end();
  };
  std::string numbered = name;
  for (int n = 2; has(numbered); ++n) numbered = name + " (" + std::to_string(n) + ")";
  facts.push_back({std::move(numbered), std::string{value}});
}

// RFC 4975 9
void add_msrp_facts(std::string_view octets, Facts& facts) {
  const auto start = msrp::parse_start_line(take_line(octets)).value();
  add(facts, "transaction", id("transaction", start.transaction_id));
  add(facts, "start line",
      start.method.empty() ? std::to_string(start.status) + " " + std::string{start.comment}
                           : std::string{start.method});
  const auto end_line = "-------" + std::string{start.transaction_id};
  const auto end = octets.rfind(end_line);
  add(facts, "end of chunk", octets.substr(end + end_line.size(), 1));
  octets = octets.substr(0, end);

  const bool is_cpim = octets.contains("Content-Type: message/cpim");
  std::string_view content_type;
  while (!octets.empty()) {
    const auto line = take_line(octets);
    if (line.empty()) {
      const auto body = octets.substr(0, octets.size() - 2);  // CRLF before the end-line
      return add_body_facts("", content_type, body, facts);
    }
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    const auto value = trim(line.substr(colon + 1));
    if (name == "Content-Type") content_type = value;
    add(facts, std::string{name}, value_of_header(name, value, is_cpim));
  }
}

Result<Facts> facts_of(std::string_view octets) {
  Facts facts;
  if (!octets.starts_with("MSRP ")) {
    add_sip_facts(octets, facts);
    return facts;
  }
  auto first = octets;
  TRY(msrp::parse_start_line(take_line(first)));
  add_msrp_facts(octets, facts);
  return facts;
}

}  // namespace convene::tests
