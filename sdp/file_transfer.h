#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sdp/session_description.h"

namespace convene::sdp {

struct FileHash {
  std::string algorithm = "sha-1";
  std::string octets = {};  // raw: 20 for sha-1
  bool operator==(const FileHash&) const = default;
};

// a=file-selector: which file. RFC 5547 6. All fields are optional; a push offer has the first
// three.
struct FileSelector {
  std::optional<std::string> name = {};  // decoded; any octet but NUL: a peer's words, never a path
  std::optional<std::uint64_t> size = {};  // octets of the file, without a CPIM wrapper
  std::optional<std::string> type = {};    // text/plain;charset="UTF-8", as written
  std::vector<FileHash> hashes = {};       // one per algorithm
  std::vector<std::string> others = {};    // selectors that we do not know, as written
  bool operator==(const FileSelector&) const = default;
};

Result<FileSelector> parse_file_selector(std::string_view text);
std::string to_text(const FileSelector& selector);

// The sha-1 octets, if it has them.
std::optional<std::string_view> sha1_of(const FileSelector& selector);

// Whether `offered` can be the file that `wanted` describes: what both name is equal.
bool selects(const FileSelector& wanted, const FileSelector& offered);

// a=file-range: octets of the file, the first is 1, both ends belong to it. RFC 5547 6.
struct FileRange {
  std::uint64_t first = 1;
  std::optional<std::uint64_t> last = std::nullopt;  // nothing: "*"
  bool operator==(const FileRange&) const = default;
};

Result<FileRange> parse_file_range(std::string_view text);
std::string to_text(const FileRange& range);

// a=file-date. RFC 5322 date-times, as written.
struct FileDate {
  std::optional<std::string> creation = {};
  std::optional<std::string> modification = {};
  std::optional<std::string> read = {};
  bool operator==(const FileDate&) const = default;
};

Result<FileDate> parse_file_date(std::string_view text);
std::string to_text(const FileDate& date);

// All that RFC 5547 says about the file of one medium.
struct FileDescription {
  FileSelector selector = {};
  std::string transfer_id = {};  // of this transfer, a resumed one has another; never empty
  std::string disposition = {};  // "render", "attachment"; empty: absent
  std::optional<FileDate> date = {};
  std::string icon = {};  // the Content-ID, without "cid:"; empty: absent
  std::optional<FileRange> range = {};
  bool operator==(const FileDescription&) const = default;
};

// The file as a whole; and what goes to its end, wherever it begins.
bool is_whole(const FileDescription& file);
bool is_to_the_end(const FileRange& range, const FileSelector& selector);

// Nothing when the medium has neither a file-selector nor a file-transfer-id. One without the
// other, or an unreadable one of any, is Fault::malformed.
Result<std::optional<FileDescription>> file_of(const Media& media);

// Replaces what the medium says about its file.
void set_file(Media& media, const FileDescription& file);

}  // namespace convene::sdp
