#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "msrp/body_store.h"

namespace convene::store {

// A file inside an object, named and not held: it stands there in base64 (G-34).
struct FileContent {
  msrp::BodyId body;
  std::uint64_t octets = 0;  // of the file itself
  bool operator==(const FileContent&) const = default;
};

using Piece = std::variant<std::string, FileContent>;

// One object of the message store: an RFC 5322 message with its flags. Its text is what the pieces
// give, one after the other; files are read while it is written, so an object of any size is small.
struct Object {
  std::vector<Piece> pieces = {};
  std::vector<std::string> flags = {};  // \Seen, and the keywords below
  std::string imdn_message_id = {};     // of its header: by this a repetition is known
  bool operator==(const Object&) const = default;
};

std::uint64_t size_of(const Piece& piece);
std::uint64_t size_of(const Object& object);  // octets of its text

// The text of an object without files. Files are left out of any other.
std::string text_of(const Object& object);

namespace flag {
inline constexpr std::string_view seen = "\\Seen";
inline constexpr std::string_view read_report_sent = "read-report-sent";  // G-33: no backslash
inline constexpr std::string_view created_by_ft = "created-by-ft";        // A13
inline constexpr std::string_view ft_complete = "ft-complete";
inline constexpr std::string_view ft_partial = "ft-partial";
inline constexpr std::string_view ft_failed = "ft-failed";
}  // namespace flag

}  // namespace convene::store
