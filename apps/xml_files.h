#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"

namespace convene::apps {

// Gives the text of each *.xml of a directory to `take`, in the order of their names. One that
// cannot be read, or that `take` refuses, is logged as "<what> is left out". How many were taken;
// Fault::not_found: no such directory.
Result<std::size_t> read_xml_files(const std::string& directory, std::string_view what, Log& log,
                                   const std::function<Result<>(std::string_view text)>& take);

// The documents in a directory, of those that `parse` makes: Result<Document>(text).
template <class Document, class Parse>
Result<std::vector<Document>> read_documents(const std::string& directory, std::string_view what,
                                             Log& log, Parse parse) {
  std::vector<Document> documents;
  const auto take = [&](std::string_view text) -> Result<> {
    documents.push_back(TRY(parse(text)));
    return {};
  };
  if (const auto read = read_xml_files(directory, what, log, take); !read)
    return std::unexpected(read.error());
  return documents;
}

}  // namespace convene::apps
