#include "cpim/namespaces.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "cpim/lookup.h"

namespace convene::cpim {

namespace {

using std::string_view;

// NAMECHAR. RFC 3862 3
bool is_name_char(char c) {
  return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
         string_view{"!#$%&'*+-^_`|~"}.contains(c);
}

struct Name {
  string_view prefix;
  string_view local;
};

// Header-name = [ Name-prefix "." ] Name. RFC 3862 2.2
Name split_name(string_view name) {
  const auto dot = name.find('.');
  if (dot == string_view::npos) return {.prefix = "", .local = name};
  return {.prefix = name.substr(0, dot), .local = name.substr(dot + 1)};
}

// What prefixes stand for, from the top of a message to some header of it.
class Scope {
 public:
  void read(const Header& header) {
    if (header.name != "NS") return;
    if (const auto declared = parse_declaration(header.value))
      uris_[declared->prefix] = declared->uri;
  }

  string_view uri_of(string_view prefix) const {
    const auto found = uris_.find(prefix);
    return found == uris_.end() ? string_view{} : found->second;
  }

  const std::map<string_view, string_view>& all() const { return uris_; }

 private:
  std::map<string_view, string_view> uris_{{"", cpim_namespace}, {"imdn", imdn_namespace}};
};

// Before the first header with the prefix, or else after From, To and cc: there a declaration goes.
std::size_t place_of_declaration(const Message& message, string_view prefix) {
  std::size_t place = 0;
  for (std::size_t i = 0; i < message.headers.size(); ++i) {
    const auto name = split_name(message.headers[i].name);
    if (name.prefix == prefix && !prefix.empty()) return i;
    if (name.prefix.empty() && (name.local == "From" || name.local == "To" || name.local == "cc"))
      place = i + 1;
  }
  return place;
}

bool is_declared(const Message& message, string_view prefix, string_view ns) {
  return std::ranges::any_of(message.headers, [=](const Header& header) {
    if (header.name != "NS") return false;
    const auto declared = parse_declaration(header.value);
    return declared && declared->prefix == prefix && declared->uri == ns;
  });
}

// Stands for nothing, and no header has it that would mean something once it does.
bool is_free(const Message& message, const Scope& scope, string_view prefix) {
  return scope.uri_of(prefix).empty() &&
         std::ranges::none_of(message.headers, [prefix](const Header& header) {
           return split_name(header.name).prefix == prefix;
         });
}

// A prefix that stands for the namespace where header `place` would stand; declares one if needed
// and moves `place` along with the headers.
std::string prefix_at(Message& message, string_view ns, string_view wanted, std::size_t& place) {
  Scope scope;
  for (std::size_t i = 0; i < place; ++i) scope.read(message.headers[i]);
  for (const auto& [prefix, uri] : scope.all()) {
    if (uri == ns && (prefix.empty() || is_declared(message, prefix, ns)))
      return std::string{prefix};
  }

  std::string prefix{wanted};
  while (scope.uri_of(prefix) != ns && !is_free(message, scope, prefix)) prefix += '1';
  const auto at = std::min(place, place_of_declaration(message, prefix));
  const Header declaration{"NS", "", prefix + " <" + std::string{ns} + '>'};
  message.headers.insert(message.headers.begin() + static_cast<std::ptrdiff_t>(at), declaration);
  ++place;
  return prefix;
}

void remove_at(Message& message, std::size_t position) {
  message.headers.erase(message.headers.begin() + static_cast<std::ptrdiff_t>(position));
}

}  // namespace

// NS-value = [ Name-prefix ] "<" URI ">". RFC 3862 3.5
Result<NamespaceDeclaration> parse_declaration(string_view text) {
  text = trim(text);
  const auto begin = text.find('<');
  if (begin == string_view::npos || !text.ends_with('>'))
    return fail(Fault::malformed, "NS without its <URI>");
  const auto prefix = trim(text.substr(0, begin));
  const auto uri = trim(text.substr(begin + 1, text.size() - begin - 2));
  if (uri.empty() || !std::ranges::all_of(prefix, is_name_char))
    return fail(Fault::malformed, "NS with an unreadable prefix or URI");
  return NamespaceDeclaration{.prefix = prefix, .uri = uri};
}

std::vector<std::size_t> positions_of(const Message& message, string_view ns, string_view name) {
  std::vector<std::size_t> positions;
  Scope scope;
  for (std::size_t i = 0; i < message.headers.size(); ++i) {
    scope.read(message.headers[i]);
    const auto [prefix, local] = split_name(message.headers[i].name);
    if (local == name && scope.uri_of(prefix) == ns) positions.push_back(i);
  }
  return positions;
}

std::vector<std::string> values_of(const Message& message, string_view ns, string_view name) {
  std::vector<std::string> values;
  for (const auto position : positions_of(message, ns, name))
    values.emplace_back(trim(message.headers[position].value));
  return values;
}

std::optional<std::string> value_of(const Message& message, string_view ns, string_view name) {
  const auto positions = positions_of(message, ns, name);
  if (positions.empty()) return std::nullopt;
  return std::string{trim(message.headers[positions.front()].value)};
}

void add_header(Message& message, string_view ns, string_view prefix, string_view name,
                string_view value, Place place) {
  const auto like = positions_of(message, ns, name);
  auto at = place == Place::above_its_like && !like.empty() ? like.front() : message.headers.size();
  auto full_name = prefix_at(message, ns, prefix, at);
  if (!full_name.empty()) full_name += '.';
  full_name += name;
  message.headers.insert(message.headers.begin() + static_cast<std::ptrdiff_t>(at),
                         Header{full_name, "", std::string{value}});
}

void remove_first(Message& message, string_view ns, string_view name) {
  const auto positions = positions_of(message, ns, name);
  if (!positions.empty()) remove_at(message, positions.front());
}

void remove_all(Message& message, string_view ns, string_view name) {
  auto positions = positions_of(message, ns, name);
  std::ranges::reverse(positions);
  for (const auto position : positions) remove_at(message, position);
}

}  // namespace convene::cpim
