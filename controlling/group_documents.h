#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "controlling/fetch_document.h"
#include "controlling/policy.h"
#include "groups/group_document.h"

namespace convene::controlling {

// The documents of the pre-defined groups: those that were loaded, and those that an XDM server
// gives, kept for a while. Pure: what has to be fetched is said, and its answer comes later.
class GroupDocuments {
 public:
  // Takes the place of what was loaded before.
  void load(std::vector<groups::GroupDocument> documents);

  // What is known of the group with this address now. Fetch: its answer brings more, or that many
  // ask at once already and `to_fetch` is empty.
  struct Absent {};
  struct Fetch {
    DocumentId id;
    std::optional<FetchDocument> to_fetch;  // nothing: under way already
  };
  using Answer = std::variant<const groups::GroupDocument*, Absent, Fetch>;
  Answer look_up(std::string_view address, TimePoint now, const DocumentPolicy& policy);

  // What a fetched document says: now look_up() answers without fetching. Nothing: the server
  // cannot be reached or makes no sense, and what we have is too old; `why` for the log.
  struct Outcome {
    std::string address;
    const groups::GroupDocument* document = nullptr;
    bool is_absent = false;
    std::string why = {};
  };
  Outcome fetched(DocumentId id, const FetchedDocument& document, TimePoint now,
                  const DocumentPolicy& policy);

  // Fetches that nobody answered: fetched() with a failure is due.
  std::vector<DocumentId> overdue(TimePoint now) const;
  Deadline deadline() const;
  std::size_t size() const { return loaded_.size() + cached_.size(); }

 private:
  struct Cached {
    std::optional<groups::GroupDocument> document;  // nothing: there is none
    std::string etag = {};
    TimePoint fresh_until = {};
    TimePoint usable_until = {};  // while the server cannot be reached
  };
  struct Fetching {
    std::string address;
    TimePoint until;
  };
  void keep(const std::string& address, Cached cached, const DocumentPolicy& policy);

  std::map<std::string, groups::GroupDocument, std::less<>> loaded_;  // by address of record
  std::map<std::string, Cached, std::less<>> cached_;
  std::map<DocumentId, Fetching> fetching_;
  std::uint64_t last_ = 0;
};

// The URI of a group's document: the template with {group} replaced by its address, encoded. RFC
// 4825 6
std::string document_uri(std::string_view uri_template, std::string_view address);

}  // namespace convene::controlling
