#include "apps/xml_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "xml/element.h"

namespace convene::apps {

namespace {

Result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return fail(Fault::not_found, "cannot be read");
  std::string text(xml::max_octets + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

Result<std::size_t> read_xml_files(const std::string& directory, std::string_view what, Log& log,
                                   const std::function<Result<>(std::string_view text)>& take) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  for (std::filesystem::directory_iterator at{directory, error}, end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".xml") paths.push_back(at->path());
  }
  if (error) return fail(Fault::not_found, directory + ": " + error.message());
  std::ranges::sort(paths);

  std::size_t count = 0;
  for (const auto& path : paths) {
    const auto text = read_file(path);
    const auto taken = text ? take(*text) : Result<>{std::unexpected(text.error())};
    if (taken) {
      ++count;
    } else {
      log.warning("convened", std::string{what} + " is left out",
                  {{"file", path.string()}, {"why", taken.error().detail}});
    }
  }
  return count;
}

}  // namespace convene::apps
