#include "sdp/file_transfer.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "base/text_cursor.h"

namespace convene::sdp {

namespace {

constexpr std::size_t sha1_size = 20;
constexpr std::size_t max_transfer_id = 256;
constexpr std::size_t max_hashes = 8;

// The pieces between blanks that do not stand within double quotes.
Result<std::vector<std::string_view>> selectors_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  bool in_quotes = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') in_quotes = !in_quotes;
    if (i < text.size() && (text[i] != ' ' || in_quotes)) continue;
    if (i > begin) pieces.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  if (in_quotes) return fail(Fault::malformed, "file-selector without its closing quote");
  return pieces;
}

Result<std::string_view> unquoted(std::string_view text) {
  if (text.size() < 3 || !text.starts_with('"') || !text.ends_with('"') ||
      text.substr(1, text.size() - 2).contains('"'))
    return fail(Fault::malformed, "no quoted string");
  return text.substr(1, text.size() - 2);
}

// percent-encoded = "%" HEXDIG HEXDIG. Senders that forget to encode a '%' are forgiven.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned octet = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto* const end = digits.data() + digits.size();
    const bool is_encoded = text[i] == '%' && digits.size() == 2 &&
                            std::from_chars(digits.data(), end, octet, 16).ptr == end;
    out += is_encoded ? static_cast<char>(octet) : text[i];
    if (is_encoded) i += 2;
  }
  return out;
}

void append_hex(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += digits[static_cast<unsigned char>(c) >> 4U];
  out += digits[static_cast<unsigned char>(c) & 0xFU];
}

// filename-char = any octet but NUL, CR, LF, double quote, percent. Other controls are encoded,
// too: they are allowed but help nobody.
std::string percent_encoded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet >= 0x20 && octet != 0x7F && c != '"' && c != '%') {
      out += c;
      continue;
    }
    out += '%';
    append_hex(out, c);
  }
  return out;
}

// hash-value = 2HEXDIG *(":" 2HEXDIG). Senders that forget the colons are forgiven.
Result<std::string> parse_hash_value(std::string_view text) {
  std::string octets;
  while (!text.empty()) {
    unsigned octet = 0;
    const auto* const end = text.data() + std::min<std::size_t>(2, text.size());
    if (text.size() < 2 || std::from_chars(text.data(), end, octet, 16).ptr != end)
      return fail(Fault::malformed, "hash that is not hexadecimal");
    octets += static_cast<char>(octet);
    text.remove_prefix(2);
    if (text.size() > 1 && text.starts_with(':')) text.remove_prefix(1);
  }
  return octets;
}

// hash-selector = "hash:" hash-algorithm ":" hash-value
Result<FileHash> parse_hash(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0)
    return fail(Fault::malformed, "hash without an algorithm");
  auto value = TRY(parse_hash_value(text.substr(colon + 1)));
  FileHash hash{to_lower(text.substr(0, colon)), std::move(value)};
  const bool is_sized = hash.algorithm != "sha-1" || hash.octets.size() == sha1_size;
  if (hash.octets.empty() || !is_sized) return fail(Fault::malformed, "hash of a wrong size");
  return hash;
}

// filetype-selector = "type:" type "/" subtype *(";" ft-parameter)
Result<std::string> parse_type(std::string_view text) {
  const auto type = text.substr(0, text.find(';'));
  const auto slash = type.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == type.size() ||
      type.contains('"'))
    return fail(Fault::malformed, "file type without type and subtype");
  return std::string{text};
}

Result<> parse_selector(std::string_view text, FileSelector& selector) {
  const auto colon = text.find(':');
  const auto kind = text.substr(0, colon);
  const auto value = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (kind == "name" && !selector.name) {
    selector.name = percent_decoded(TRY(unquoted(value)));
    if (selector.name->contains('\0')) return fail(Fault::malformed, "file name with NUL");
  } else if (kind == "size" && !selector.size) {
    selector.size = to_number(value);
    if (!selector.size) return fail(Fault::malformed, "file size that is no number");
  } else if (kind == "type" && !selector.type) {
    selector.type = TRY(parse_type(value));
  } else if (kind == "hash" && selector.hashes.size() < max_hashes) {
    selector.hashes.push_back(TRY(parse_hash(value)));
  } else if (kind == "name" || kind == "size" || kind == "type" || kind == "hash") {
    return fail(Fault::malformed, "file-selector with one " + std::string{kind} + " too many");
  } else {
    selector.others.emplace_back(text);
  }
  return {};
}

// A blank outside of quotes would end the selector.
std::string without_blanks(std::string_view type) {
  std::string out;
  bool in_quotes = false;
  for (const char c : type) {
    if (c == '"') in_quotes = !in_quotes;
    if (c != ' ' || in_quotes) out += c;
  }
  return out;
}

// cid-url. RFC 2392 2. Empty when it is none.
std::string parse_icon(std::string_view url) {
  url = trim(url);
  if (!iequals(url.substr(0, 4), "cid:")) return {};
  url.remove_prefix(4);
  if (url.starts_with('<') && url.ends_with('>')) url = url.substr(1, url.size() - 2);
  return percent_decode(url).value_or("");
}

void set_or_remove(Attributes& attributes, std::string_view name, const std::string& value) {
  if (value.empty()) return attributes.remove(name);
  attributes.set(name, value);
}

}  // namespace

// file-selector-attr = "file-selector" [":" selector *(SP selector)]. RFC 5547 6
Result<FileSelector> parse_file_selector(std::string_view text) {
  FileSelector selector;
  for (const auto piece : TRY(selectors_of(text))) TRY(parse_selector(piece, selector));
  return selector;
}

// RFC 5547 6, in the order of its examples.
std::string to_text(const FileSelector& selector) {
  std::string text;
  const auto add = [&text](const std::string& piece) {
    text += text.empty() ? piece : ' ' + piece;
  };
  if (selector.name) add("name:\"" + percent_encoded(*selector.name) + '"');
  if (selector.type) add("type:" + without_blanks(*selector.type));
  if (selector.size) add("size:" + std::to_string(*selector.size));
  for (const auto& [algorithm, octets] : selector.hashes) {
    std::string hex;
    for (const char octet : octets) {
      if (!hex.empty()) hex += ':';
      append_hex(hex, octet);
    }
    add("hash:" + algorithm + ':' + hex);
  }
  for (const auto& other : selector.others) add(other);
  return text;
}

std::optional<std::string_view> sha1_of(const FileSelector& selector) {
  const auto found = std::ranges::find(selector.hashes, "sha-1", &FileHash::algorithm);
  if (found == selector.hashes.end()) return std::nullopt;
  return found->octets;
}

// RFC 5547 8.3.2: what is not given is not compared.
bool selects(const FileSelector& wanted, const FileSelector& offered) {
  const auto agree = [](const auto& a, const auto& b) { return !a || !b || *a == *b; };
  const bool types_agree = !wanted.type || !offered.type || iequals(*wanted.type, *offered.type);
  return types_agree && agree(wanted.name, offered.name) && agree(wanted.size, offered.size) &&
         agree(sha1_of(wanted), sha1_of(offered));
}

bool is_to_the_end(const FileRange& range, const FileSelector& selector) {
  return !range.last || range.last == selector.size;
}

bool is_whole(const FileDescription& file) {
  return !file.range || (file.range->first == 1 && is_to_the_end(*file.range, file.selector));
}

// file-range-attr = "file-range:" start-offset "-" stop-offset. RFC 5547 6
Result<FileRange> parse_file_range(std::string_view text) {
  TextCursor in{text};
  FileRange range;
  range.first = in.number();
  in.expect("-");
  if (!in.accept("*")) range.last = in.number();
  TRY(in.finish("file-range"));

  if (range.first == 0) return fail(Fault::malformed, "file-range counts from 1");
  if (range.last && *range.last < range.first)
    return fail(Fault::malformed, "file-range ends before it begins");
  return range;
}

std::string to_text(const FileRange& range) {
  return std::to_string(range.first) + '-' + (range.last ? std::to_string(*range.last) : "*");
}

// file-date-attr = "file-date:" date-param *(SP date-param). RFC 5547 6
Result<FileDate> parse_file_date(std::string_view text) {
  FileDate date;
  for (const auto piece : TRY(selectors_of(text))) {
    const auto colon = piece.find(':');
    if (colon == std::string_view::npos) return fail(Fault::malformed, "file-date");
    const auto kind = piece.substr(0, colon);
    auto& field = kind == "creation"       ? date.creation
                  : kind == "modification" ? date.modification
                                           : date.read;
    if (field || (&field == &date.read && kind != "read"))
      return fail(Fault::malformed, "file-date of an unknown kind, or one too many");
    field = TRY(unquoted(piece.substr(colon + 1)));
  }
  return date;
}

std::string to_text(const FileDate& date) {
  std::string text;
  const auto add = [&text](std::string_view kind, const std::optional<std::string>& value) {
    if (!value) return;
    if (!text.empty()) text += ' ';
    text += std::string{kind} + ":\"" + *value + '"';
  };
  add("creation", date.creation);
  add("modification", date.modification);
  add("read", date.read);
  return text;
}

// RFC 5547 6. An unreadable icon or date does not stop the transfer.
Result<std::optional<FileDescription>> file_of(const Media& media) {
  const auto& attributes = media.attributes;
  const auto selector = attributes.value("file-selector");
  const auto transfer_id = attributes.value("file-transfer-id");
  if (!selector && !transfer_id) return std::nullopt;
  if (!selector) return fail(Fault::malformed, "file-transfer-id without a file-selector");

  FileDescription file;
  file.selector = TRY(parse_file_selector(*selector));
  file.transfer_id = trim(transfer_id.value_or(""));
  if (file.transfer_id.empty() || file.transfer_id.size() > max_transfer_id)
    return fail(Fault::malformed, "file-selector without a file-transfer-id");
  file.disposition = to_lower(trim(attributes.value("file-disposition").value_or("")));
  file.icon = parse_icon(attributes.value("file-icon").value_or(""));
  if (const auto range = attributes.value("file-range"))
    file.range = TRY(parse_file_range(trim(*range)));
  if (const auto date = parse_file_date(attributes.value("file-date").value_or(""));
      date && *date != FileDate{})
    file.date = *date;
  return file;
}

void set_file(Media& media, const FileDescription& file) {
  auto& attributes = media.attributes;
  if (file.selector == FileSelector{}) {
    attributes.remove("file-selector");
    attributes.add("file-selector");
  } else {
    attributes.set("file-selector", to_text(file.selector));
  }
  attributes.set("file-transfer-id", file.transfer_id);
  set_or_remove(attributes, "file-disposition", file.disposition);
  set_or_remove(attributes, "file-date", file.date ? to_text(*file.date) : "");
  set_or_remove(attributes, "file-icon",
                file.icon.empty() ? "" : "cid:" + percent_encode(file.icon, "@.-_~!$&'*+="));
  set_or_remove(attributes, "file-range", file.range ? to_text(*file.range) : "");
}

}  // namespace convene::sdp
