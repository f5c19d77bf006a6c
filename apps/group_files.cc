#include "apps/group_files.h"

#include "apps/xml_files.h"

namespace convene::apps {

Result<std::vector<groups::GroupDocument>> read_group_files(
    const std::string& directory, const groups::GroupDocumentLimits& limits, Log& log) {
  auto documents = TRY(read_documents<groups::GroupDocument>(
      directory, "a group document", log,
      [&](std::string_view text) { return groups::parse_group_document(text, limits); }));
  log.info("convened", "group documents read", {{"count", std::to_string(documents.size())}});
  return documents;
}

}  // namespace convene::apps
