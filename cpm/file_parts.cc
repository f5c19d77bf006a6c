#include "cpm/file_parts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "cpm/content_types.h"

namespace convene::cpm {

namespace {

struct FoundWrapper {
  std::string_view of;  // a file-transfer-id, perhaps
  cpim::Message message;
};

// Conversation 14.5, G-23: the part that a=file-icon names, if a receiver can be expected to take
// it.
std::optional<mime::Part> find_icon(const std::vector<mime::Part>& parts, std::string_view id) {
  if (id.empty()) return std::nullopt;
  const auto has_id = [id](const auto& part) { return mime::content_id_of(part) == id; };
  if (std::ranges::count_if(parts, has_id) != 1) return std::nullopt;
  const auto icon = std::ranges::find_if(parts, has_id);
  if (!is_icon_type(mime::type_of(*icon))) return std::nullopt;
  const auto octets = mime::decoded_body(*icon);
  if (!octets || octets->empty() || octets->size() > max_icon_octets) return std::nullopt;
  return *icon;
}

// A message/cpim part with a content of its own is no wrapper, and counts as one all the same.
Granted<std::vector<FoundWrapper>> read_wrappers(const std::vector<mime::Part>& parts) {
  std::vector<FoundWrapper> wrappers;
  for (const auto& part : parts) {
    if (mime::type_of(part) != cpim_type) continue;
    const auto body = mime::decoded_body(part);
    if (!body) return std::unexpected(refusal_of(body.error()));
    if (body->size() > max_wrapper_octets) return refuse(413, {}, "a wrapper of more than 16 kB");
    auto wrapper = cpim::parse_message(*body);
    if (!wrapper) return std::unexpected(refusal_of(wrapper.error()));
    const auto id = mime::content_id_of(part);
    wrappers.push_back({.of = id.substr(0, id.find('@')), .message = *std::move(wrapper)});
  }
  return wrappers;
}

// Its own, or the first that names no file.
const cpim::Message* find_wrapper(const std::vector<FoundWrapper>& wrappers,
                                  const std::vector<std::optional<FileMedia>>& files,
                                  std::string_view transfer_id) {
  const cpim::Message* of_all = nullptr;
  for (const auto& wrapper : wrappers) {
    if (wrapper.of == transfer_id) return &wrapper.message;
    const bool names_a_file = std::ranges::any_of(
        files, [&](const auto& file) { return file && file->file.transfer_id == wrapper.of; });
    if (!of_all && !names_a_file) of_all = &wrapper.message;
  }
  return of_all;
}

mime::Part wrapper_part(const cpim::Message& wrapper) {
  return {.headers = {{"Content-Type", std::string{cpim_type}}}, .body = cpim::to_text(wrapper)};
}

}  // namespace

bool is_icon_type(std::string_view type) { return type == "image/jpeg" || type == "image/png"; }

// Conversation 14.5, 14.6; R4.1e, R4.1g, R4.1h
Granted<std::vector<std::optional<FileMedia>>> with_parts(
    std::vector<std::optional<FileMedia>> files, const std::vector<mime::Part>& parts) {
  const auto wrappers = TRY(read_wrappers(parts));
  for (auto& file : files) {
    if (!file) continue;
    file->icon = find_icon(parts, file->file.icon);
    if (!file->icon) file->file.icon.clear();
    if (file->is_pull()) continue;
    if (const auto* wrapper = find_wrapper(wrappers, files, file->file.transfer_id)) {
      file->wrapper = *wrapper;
    }
  }
  return files;
}

// Conversation 14.6: one wrapper that is about all files needs no name.
std::vector<mime::Part> parts_of(const std::vector<std::optional<FileMedia>>& files) {
  const cpim::Message* first = nullptr;
  bool differ = false;
  for (const auto& file : files) {
    if (!file || file->is_pull()) continue;
    if (!first && file->wrapper) first = &*file->wrapper;
    differ = differ || !file->wrapper || *first != *file->wrapper;
  }

  std::vector<mime::Part> parts;
  if (first && !differ) parts.push_back(wrapper_part(*first));
  for (const auto& file : files) {
    if (!differ || !file || !file->wrapper) continue;
    parts.push_back(wrapper_part(*file->wrapper));
    parts.back().headers.add("Content-ID", "<" + file->file.transfer_id + "@cpm.invalid>");
  }
  for (const auto& file : files) {
    if (!file || !file->icon) continue;
    if (std::ranges::find(parts, *file->icon) == parts.end()) parts.push_back(*file->icon);
  }
  return parts;
}

}  // namespace convene::cpm
