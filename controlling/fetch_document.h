#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/time.h"

namespace convene::controlling {

// Names a document that was asked for, until it is there.
struct DocumentId {
  std::uint64_t value = 0;
  auto operator<=>(const DocumentId&) const = default;
};

// XCAP GET, RFC 4825 7: answered by document_fetched().
struct FetchDocument {
  DocumentId id;
  std::string uri;   // http:
  std::string etag;  // with its quotes, of what we have: If-None-Match; empty: we have nothing
  Duration patience{0};
  std::size_t max_octets = 0;  // beyond: failed
};

struct FetchedDocument {
  enum class Outcome { found, unchanged, absent, failed };
  Outcome outcome = Outcome::failed;
  std::string text = {};  // found
  std::string etag = {};  // found; empty: none
  std::string why = {};   // failed: for the log
};

}  // namespace convene::controlling
