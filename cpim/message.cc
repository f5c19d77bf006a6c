#include "cpim/message.h"

#include <algorithm>
#include <span>

#include "base/text.h"
#include "cpim/lookup.h"
#include "cpim/namespaces.h"
#include "mime/content_type.h"

namespace convene::cpim {

namespace {

// Name: printable, without the characters that the grammar uses. RFC 3862 2.2
bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// *( ";" Parameter ), up to the first blank outside of quotes.
Result<std::string> params_of(std::string_view text) {
  bool in_quotes = false;
  std::size_t end = 0;
  for (; end < text.size() && (text[end] != ' ' || in_quotes); ++end)
    if (text[end] == '"') in_quotes = !in_quotes;
  if (in_quotes) return fail(Fault::malformed, "CPIM header parameter without its closing quote");
  return std::string{text.substr(0, end)};
}

// Header = Header-name ":" *( ";" Parameter ) SP Header-value. RFC 3862 2.2
Result<Header> parse_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_name(line.substr(0, colon)))
    return fail(Fault::malformed, "CPIM header without a name");
  if (line.contains('\r') || line.contains('\0'))
    return fail(Fault::malformed, "CPIM header with a control character");

  Header header{.name = std::string{line.substr(0, colon)}, .params = {}, .value = {}};
  line.remove_prefix(colon + 1);
  if (line.starts_with(';')) {
    header.params = TRY(params_of(line));
    line.remove_prefix(header.params.size());
  }
  if (line.starts_with(' ')) line.remove_prefix(1);
  header.value = line;
  return header;
}

// What is wrong with a header that we read ourselves is told at once, not when it is asked for.
Result<> check(const Message& message) {
  for (const auto name : {"From", "To"})
    for (const auto& value : values_of(message, cpim_namespace, name)) TRY(parse_address(value));
  for (const auto& header : message.headers)
    if (header.name == "NS") TRY(parse_declaration(header.value));
  return {};
}

// The message headers up to their empty line; what follows stays in `text`.
Result<std::vector<Header>> take_headers(std::string_view& text) {
  std::vector<Header> headers;
  std::size_t octets = 0;
  while (!text.empty()) {
    const auto before = text.size();
    const auto line = take_line(text);
    octets += before - text.size();
    if (octets > max_header_octets) return fail(Fault::too_large, "CPIM header block");
    if (line.empty()) return headers;
    if (headers.size() == max_headers) return fail(Fault::too_large, "number of CPIM headers");
    headers.push_back(TRY(parse_header(line)));
  }
  return headers;
}

// A value of ours must not be able to begin a new line.
void append_in_one_line(std::string& text, std::string_view value) {
  const auto begin = static_cast<std::ptrdiff_t>(text.size());
  text += value;
  std::replace_if(
      text.begin() + begin, text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; },
      ' ');
}

void append_name(std::string& text, const Header& header) {
  append_in_one_line(text, header.name);
  text += ':';
  append_in_one_line(text, header.params);
  text += ' ';
}

void append_headers(std::string& text, std::span<const Header> headers) {
  for (const auto& header : headers) {
    append_name(text, header);
    append_in_one_line(text, header.value);
    text += "\r\n";
  }
}

void append_content(std::string& text, const Message& message) {
  text += "\r\n" + mime::to_text(message.content_headers);
  if (!message.ends_with_content_headers || !message.body.empty()) text += "\r\n" + message.body;
}

std::optional<Address> address_in(const Message& message, std::string_view name) {
  const auto text = value_of(message, cpim_namespace, name);
  if (!text) return std::nullopt;
  auto address = parse_address(*text);
  if (!address) return std::nullopt;
  return *std::move(address);
}

// Replaces the first header of the name, or inserts one at `place`. At the top a name without a
// prefix is always CPIM's; below, a declaration may have taken that away.
void set_header(Message& message, std::string_view name, std::string value, std::size_t place) {
  const auto positions = positions_of(message, cpim_namespace, name);
  if (!positions.empty()) {
    message.headers[positions.front()].value = std::move(value);
    return;
  }
  const Header header{.name = std::string{name}, .params = {}, .value = std::move(value)};
  message.headers.insert(message.headers.begin() + static_cast<std::ptrdiff_t>(place), header);
  if (!positions_of(message, cpim_namespace, name).empty()) return;
  message.headers.erase(message.headers.begin() + static_cast<std::ptrdiff_t>(place));
  message.headers.insert(message.headers.begin(), header);
}

// Where the text after the next empty line begins; npos: not there yet.
std::size_t after_empty_line(std::string_view text, std::size_t from) {
  for (auto at = text.find('\n', from); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    if (text.substr(at + 1).starts_with("\n")) return at + 2;
    if (text.substr(at + 1).starts_with("\r\n")) return at + 3;
  }
  return std::string_view::npos;
}

}  // namespace

// RFC 3862 2, RFC 5547 9.1: the message's headers, an empty line, the content's, an empty line.
std::optional<std::size_t> content_begin(std::string_view text) {
  const auto headers = after_empty_line(text, 0);
  if (headers == std::string_view::npos) return std::nullopt;
  const auto content = after_empty_line(text, headers - 1);
  return content == std::string_view::npos ? std::nullopt : std::optional{content};
}

// RFC 3862 2
Result<Message> parse_message(std::string_view text) {
  Message message;
  message.headers = TRY(take_headers(text));
  TRY(check(message));

  const auto content = TRY(mime::parse_header_block(text));
  message.content_headers = content.headers;
  message.body = content.rest;
  message.ends_with_content_headers = !content.has_empty_line;
  return message;
}

std::string to_text(const Message& message) {
  std::string text;
  append_headers(text, message.headers);
  append_content(text, message);
  return text;
}

TextForMany::TextForMany(Message message) {
  set_to(message, {});
  const auto place = positions_of(message, cpim_namespace, "To").front();
  const std::span headers{message.headers};
  append_headers(before_, headers.first(place));
  append_name(before_, headers[place]);
  after_ = "\r\n";
  append_headers(after_, headers.subspan(place + 1));
  append_content(after_, message);
}

std::string TextForMany::to(const Address& recipient) const {
  const auto value = to_text(recipient);
  std::string text;
  text.reserve(before_.size() + value.size() + after_.size());
  text += before_;
  append_in_one_line(text, value);
  text += after_;
  return text;
}

std::optional<Address> from_of(const Message& message) { return address_in(message, "From"); }

std::optional<Address> to_of(const Message& message) { return address_in(message, "To"); }

std::optional<std::string> date_time_of(const Message& message) {
  return value_of(message, cpim_namespace, "DateTime");
}

std::optional<std::string> subject_of(const Message& message) {
  const auto text = value_of(message, cpim_namespace, "Subject");
  if (!text) return std::nullopt;
  return unescape(*text);
}

void set_from(Message& message, const Address& address) {
  set_header(message, "From", to_text(address), 0);
}

void set_to(Message& message, const Address& address) {
  const auto from = positions_of(message, cpim_namespace, "From");
  set_header(message, "To", to_text(address), from.empty() ? 0 : from.front() + 1);
  auto further = positions_of(message, cpim_namespace, "To");
  for (; further.size() > 1; further.pop_back())
    message.headers.erase(message.headers.begin() + static_cast<std::ptrdiff_t>(further.back()));
}

void set_date_time(Message& message, std::string_view rfc3339) {
  set_header(message, "DateTime", std::string{rfc3339}, message.headers.size());
}

std::string content_type_of(const Message& message) {
  const auto text = message.content_headers.value("Content-Type").value_or("");
  const auto type = mime::parse_content_type(text);
  return type ? type->type : "text/plain";
}

void set_content(Message& message, std::string_view content_type, std::string body) {
  message.content_headers.set("Content-Type", content_type);
  message.content_headers.set("Content-Length", std::to_string(body.size()));
  message.body = std::move(body);
  message.ends_with_content_headers = false;
}

}  // namespace convene::cpim
