#include "controlling/group_documents.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sip/uri.h"

namespace convene::controlling {

std::string document_uri(std::string_view uri_template, std::string_view address) {
  constexpr std::string_view place = "{group}";
  std::string uri{uri_template};
  const auto encoded = percent_encode(address, "-_.~");
  for (auto at = uri.find(place); at != std::string::npos; at = uri.find(place, at)) {
    uri.replace(at, place.size(), encoded);
    at += encoded.size();
  }
  return uri;
}

void GroupDocuments::load(std::vector<groups::GroupDocument> documents) {
  loaded_.clear();
  for (auto& document : documents) {
    auto address = sip::address_of_record(document.uri);
    loaded_.insert_or_assign(std::move(address), std::move(document));
  }
}

GroupDocuments::Answer GroupDocuments::look_up(std::string_view address, TimePoint now,
                                               const DocumentPolicy& policy) {
  if (const auto loaded = loaded_.find(address); loaded != loaded_.end()) return &loaded->second;
  if (policy.uri_template.empty()) return Absent{};

  const auto cached = cached_.find(address);
  if (cached != cached_.end() && now < cached->second.fresh_until) {
    if (!cached->second.document) return Absent{};
    return &*cached->second.document;
  }
  const auto under_way = std::ranges::find_if(
      fetching_, [address](const auto& entry) { return entry.second.address == address; });
  if (under_way != fetching_.end()) return Fetch{under_way->first, {}};

  const DocumentId id{++last_};
  fetching_[id] = {.address = std::string{address}, .until = now + policy.patience};
  return Fetch{id, FetchDocument{.id = id,
                                 .uri = document_uri(policy.uri_template, address),
                                 .etag = cached == cached_.end() ? "" : cached->second.etag,
                                 .patience = policy.patience,
                                 .max_octets = policy.max_octets}};
}

GroupDocuments::Outcome GroupDocuments::fetched(DocumentId id, const FetchedDocument& document,
                                                TimePoint now, const DocumentPolicy& policy) {
  const auto fetching = fetching_.extract(id);
  if (!fetching) return {};
  Outcome outcome{.address = fetching.mapped().address};
  const auto& address = outcome.address;
  const auto cached = cached_.find(address);
  const bool has_old = cached != cached_.end() && cached->second.document.has_value();

  using enum FetchedDocument::Outcome;
  switch (document.outcome) {
    case absent:
      keep(address, {.document = {}, .fresh_until = now + policy.absent_for}, policy);
      outcome.is_absent = true;
      return outcome;
    case unchanged:
      if (!has_old) break;
      cached->second.fresh_until = now + policy.fresh_for;
      cached->second.usable_until = now + policy.usable_for;
      outcome.document = &*cached->second.document;
      return outcome;
    case found: {
      auto parsed = groups::parse_group_document(document.text, policy.limits);
      if (!parsed) {
        outcome.why = parsed.error().detail;
      } else if (sip::address_of_record(parsed->uri) != address) {
        outcome.why = "the document of another group";
      } else {
        keep(address,
             {.document = *std::move(parsed),
              .etag = document.etag,
              .fresh_until = now + policy.fresh_for,
              .usable_until = now + policy.usable_for},
             policy);
        outcome.document = &*cached_.at(address).document;
        return outcome;
      }
      break;
    }
    case failed: outcome.why = document.why; break;
  }
  // The server cannot help: what we have is better than nothing, for a while.
  if (has_old && now < cached->second.usable_until) outcome.document = &*cached->second.document;
  if (outcome.why.empty()) outcome.why = "an answer that makes no sense";
  return outcome;
}

// Where all is full, what was to be asked for first goes.
void GroupDocuments::keep(const std::string& address, Cached cached, const DocumentPolicy& policy) {
  cached_.insert_or_assign(address, std::move(cached));
  if (cached_.size() <= policy.max_cached) return;
  auto oldest = cached_.end();
  for (auto at = cached_.begin(); at != cached_.end(); ++at) {
    if (at->first == address) continue;
    if (oldest == cached_.end() || at->second.fresh_until < oldest->second.fresh_until) oldest = at;
  }
  if (oldest != cached_.end()) cached_.erase(oldest);
}

std::vector<DocumentId> GroupDocuments::overdue(TimePoint now) const {
  std::vector<DocumentId> late;
  for (const auto& [id, fetching] : fetching_) {
    if (fetching.until <= now) late.push_back(id);
  }
  return late;
}

Deadline GroupDocuments::deadline() const {
  Deadline next;
  for (const auto& [id, fetching] : fetching_) next = earliest(next, fetching.until);
  return next;
}

}  // namespace convene::controlling
