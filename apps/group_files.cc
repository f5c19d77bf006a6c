#include "apps/group_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "xml/element.h"

namespace convene::apps {

namespace {

Result<groups::GroupDocument> read_group_file(const std::filesystem::path& path,
                                              const groups::GroupDocumentLimits& limits) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return fail(Fault::not_found, "cannot be read");
  std::string text(xml::max_octets + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return groups::parse_group_document(text, limits);
}

}  // namespace

Result<std::vector<groups::GroupDocument>> read_group_files(
    const std::string& directory, const groups::GroupDocumentLimits& limits, Log& log) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (std::filesystem::directory_iterator at{directory, error}, end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".xml") paths.push_back(at->path());
  }
  if (error) return fail(Fault::not_found, directory + ": " + error.message());
  std::ranges::sort(paths);

  std::vector<groups::GroupDocument> documents;
  for (const auto& path : paths) {
    auto document = read_group_file(path, limits);
    if (document) {
      documents.push_back(*std::move(document));
    } else {
      log.warning("convened", "a group document is left out",
                  {{"file", path.string()}, {"why", document.error().detail}});
    }
  }
  log.info("convened", "group documents read", {{"count", std::to_string(documents.size())}});
  return documents;
}

}  // namespace convene::apps
