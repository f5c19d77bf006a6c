#include "sip/message.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "base/text.h"
#include "sip/grammar.h"

namespace convene::sip {

Message Message::request(std::string_view method, std::string_view uri) {
  assert(is_token(method));  // the URI may be filled in later: UserAgent::request_in
  Message message;
  message.method_ = message.append(method);
  message.uri_ = message.append_value(uri);
  return message;
}

Message Message::response(int status, std::string_view reason) {
  assert(status >= 100 && status <= 699);
  Message message;
  message.status_ = status;
  message.reason_ = message.append_value(reason.empty() ? reason_phrase(status) : reason);
  return message;
}

std::string_view Message::reason() const { return view(reason_); }

std::string_view Message::method() const {
  if (is_request()) return view(method_);
  const auto cseq = header(Name::cseq);
  const auto blank = cseq.find_last_of(" \t");
  return blank == cseq.npos ? std::string_view{} : cseq.substr(blank + 1);
}

std::string_view Message::uri() const { return view(uri_); }

void Message::set_uri(std::string_view uri) { uri_ = append_value(uri); }

std::string_view Message::header(Name name) const {
  const auto* found = find(name);
  return found == nullptr ? std::string_view{} : view(found->value);
}

std::string_view Message::header(std::string_view name) const {
  const auto known = name_of(name);
  const auto found = std::ranges::find_if(
      headers_, [&](const Indexed& one) { return is_named(one, name, known); });
  return found == headers_.end() ? std::string_view{} : view(found->value);
}

bool Message::has(Name name) const { return find(name) != nullptr; }

std::size_t Message::count(Name name) const {
  return static_cast<std::size_t>(std::ranges::count(headers_, name, &Indexed::name));
}

std::vector<std::string_view> Message::values(Name name) const {
  std::vector<std::string_view> values;
  for (const auto& header : headers_) {
    if (header.name != name) continue;
    for_each_element(view(header.value), ',',
                     [&](std::string_view value) { values.push_back(value); });
  }
  return values;
}

bool Message::lists(Name name, std::string_view token) const {
  const char separator = name == Name::privacy ? ';' : ',';  // RFC 3323 4.2
  bool is_listed = false;
  for (const auto& header : headers_) {
    if (header.name != name) continue;
    for_each_element(view(header.value), separator, [&](std::string_view value) {
      is_listed = is_listed || iequals(value, token);
    });
  }
  return is_listed;
}

std::vector<Message::Field> Message::fields() const {
  std::vector<Field> fields;
  fields.reserve(headers_.size());
  for (const auto& header : headers_)
    fields.push_back({header.name, text_of_header(header), view(header.value)});
  return fields;
}

void Message::add(Name name, std::string_view value) {
  assert(name != Name::other);
  insert_after_last({.name = name, .text = {}, .value = append_value(value)});
}

void Message::add(std::string_view name, std::string_view value) {
  if (const auto known = name_of(name); known != Name::other) return add(known, value);
  assert(is_token(name));
  const std::string own_name{name};  // may be a view into this message, like `value`
  const auto value_slice = append_value(value);
  insert_after_last({.name = Name::other, .text = append(own_name), .value = value_slice});
}

void Message::add_first(Name name, std::string_view value) {
  assert(name != Name::other);
  const Indexed header{.name = name, .text = {}, .value = append_value(value)};
  const auto first = std::ranges::find(headers_, name, &Indexed::name);
  headers_.insert(first == headers_.end() ? headers_.begin() : first, header);
}

void Message::set(Name name, std::string_view value) {
  const auto first = std::ranges::find(headers_, name, &Indexed::name);
  if (first == headers_.end()) return add(name, value);
  first->value = append_value(value);
  const auto others = std::remove_if(first + 1, headers_.end(),
                                     [&](const Indexed& one) { return one.name == name; });
  headers_.erase(others, headers_.end());
}

void Message::remove(Name name) {
  std::erase_if(headers_, [&](const Indexed& one) { return one.name == name; });
}

void Message::remove(std::string_view name) {
  const auto known = name_of(name);
  std::erase_if(headers_, [&](const Indexed& one) { return is_named(one, name, known); });
}

void Message::remove_first_value(Name name) {
  const auto first = std::ranges::find(headers_, name, &Indexed::name);
  if (first == headers_.end()) return;
  const auto list = view(first->value);
  const auto comma = find_outside(list, ',');
  const auto rest = comma == list.npos ? std::string_view{} : trim_blanks(list.substr(comma + 1));
  if (rest.empty()) {
    headers_.erase(first);
    return;
  }
  first->value = {.at = static_cast<std::uint32_t>(rest.data() - buffer_.data()),
                  .size = static_cast<std::uint32_t>(rest.size())};
}

void Message::copy(Name name, const Message& from) {
  assert(&from != this);
  for (const auto& header : from.headers_) {
    if (header.name != name) continue;
    const auto text = name == Name::other ? append(from.view(header.text)) : Slice{};
    insert_after_last({.name = name, .text = text, .value = append(from.view(header.value))});
  }
}

std::string_view Message::text_of_header(const Indexed& header) const {
  return header.text.size == 0 ? text_of(header.name) : view(header.text);
}

std::string_view Message::body() const { return view(body_); }

void Message::set_body(std::string_view content_type, std::string_view body) {
  body_ = append(body);
  set(Name::content_type, content_type);
}

void Message::remove_body() {
  body_ = {};
  for (const auto name :
       {Name::content_type, Name::content_disposition, Name::content_encoding, Name::content_id}) {
    remove(name);
  }
}

// Content-Length is left out: it says nothing that the body does not.
bool Message::operator==(const Message& other) const {
  if (status_ != other.status_ || view(method_) != other.view(other.method_) ||
      uri() != other.uri() || reason() != other.reason() || version() != other.version() ||
      body() != other.body()) {
    return false;
  }
  const auto is_length = [](const Indexed& one) { return one.name == Name::content_length; };
  auto mine = headers_.begin();
  auto theirs = other.headers_.begin();
  for (;; ++mine, ++theirs) {
    mine = std::find_if_not(mine, headers_.end(), is_length);
    theirs = std::find_if_not(theirs, other.headers_.end(), is_length);
    if (mine == headers_.end() || theirs == other.headers_.end()) break;
    const bool has_same_name =
        mine->name == theirs->name &&
        (mine->name != Name::other || iequals(view(mine->text), other.view(theirs->text)));
    if (!has_same_name || view(mine->value) != other.view(theirs->value)) return false;
  }
  return mine == headers_.end() && theirs == other.headers_.end();
}

// `text` may be a view into this message.
Message::Slice Message::append(std::string_view text) {
  assert(buffer_.size() + text.size() <= std::numeric_limits<std::uint32_t>::max());
  const Slice slice{.at = static_cast<std::uint32_t>(buffer_.size()),
                    .size = static_cast<std::uint32_t>(text.size())};
  buffer_.append(text);
  return slice;
}

// Nothing that a caller was given by a peer may end the line.
Message::Slice Message::append_value(std::string_view value) {
  const auto slice = append(value);
  const auto begin = buffer_.begin() + slice.at;
  std::replace_if(
      begin, buffer_.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  const auto trimmed = trim_blanks(view(slice));
  return {.at = static_cast<std::uint32_t>(trimmed.data() - buffer_.data()),
          .size = static_cast<std::uint32_t>(trimmed.size())};
}

bool Message::is_named(const Indexed& header, std::string_view name, Name known) const {
  return header.name == known && (known != Name::other || iequals(view(header.text), name));
}

const Message::Indexed* Message::find(Name name) const {
  const auto found = std::ranges::find(headers_, name, &Indexed::name);
  return found == headers_.end() ? nullptr : &*found;
}

void Message::insert_after_last(const Indexed& header) {
  const auto name = std::string_view{view(header.text)};
  const auto last = std::find_if(headers_.rbegin(), headers_.rend(), [&](const Indexed& one) {
    return is_named(one, name, header.name);
  });
  headers_.insert(last == headers_.rend() ? headers_.end() : last.base(), header);
}

}  // namespace convene::sip
