#include "io/document_fetches.h"

#include <utility>

namespace convene::io {

namespace {

// RFC 4825 7.11, 8.1, 8.2.3: 200, 304, 404; everything else helps nobody.
controlling::FetchedDocument document_of(Result<HttpAnswer> answer) {
  using enum controlling::FetchedDocument::Outcome;
  if (!answer) return {.why = answer.error().detail};
  switch (answer->status) {
    case 200:
      return {.outcome = found, .text = std::move(answer->body), .etag = std::move(answer->etag)};
    case 304: return {.outcome = unchanged};
    case 404:
    case 410: return {.outcome = absent};
    default: return {.why = "HTTP " + std::to_string(answer->status)};
  }
}

}  // namespace

void DocumentFetches::fetch(const controlling::FetchDocument& document) {
  running_.try_emplace(
      document.id, turn_.loop(),
      HttpRequest{.uri = document.uri,
                  .etag = document.etag,
                  .patience = document.patience,
                  .max_octets = document.max_octets},
      [this, id = document.id](Result<HttpAnswer> answer) { fetched(id, std::move(answer)); });
}

void DocumentFetches::fetched(controlling::DocumentId id, Result<HttpAnswer> answer) {
  const auto document = document_of(std::move(answer));
  running_.erase(id);
  turn_.tell([&](node::Node& node, TimePoint now, node::Effects& out) {
    node.document_fetched(id, document, now, out);
  });
}

}  // namespace convene::io
