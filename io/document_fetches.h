#pragma once

#include <map>

#include "controlling/fetch_document.h"
#include "io/http_get.h"
#include "io/turn.h"

namespace convene::io {

// Fetches group documents for a node, and tells it what came: XCAP GET. RFC 4825 7
class DocumentFetches {
 public:
  explicit DocumentFetches(Turn& turn) : turn_{turn} {}

  void fetch(const controlling::FetchDocument& document);
  void close_all() { running_.clear(); }

 private:
  void fetched(controlling::DocumentId id, Result<HttpAnswer> answer);

  Turn& turn_;
  std::map<controlling::DocumentId, HttpGet> running_;
};

}  // namespace convene::io
