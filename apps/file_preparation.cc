#include "apps/file_preparation.h"

#include <array>
#include <filesystem>
#include <span>
#include <utility>

#include "apps/thumbnail.h"
#include "base/text.h"

namespace convene::apps {

namespace {

constexpr std::uint64_t max_picture_octets = 64'000'000;  // that we look at

Result<std::string> sha1_of(io::FileBodyStore& bodies, const io::FileBodyStore::Adopted& file) {
  io::BodyHash hash{Digest::sha1, file.body, file.size};
  for (;;) {
    if (auto digest = TRY(hash.advance(bodies))) return *std::move(digest);
  }
}

Result<std::string> octets_of(io::FileBodyStore& bodies, const io::FileBodyStore::Adopted& file) {
  std::string octets(file.size, '\0');
  const auto count = TRY(bodies.read(file.body, 0, std::as_writable_bytes(std::span{octets})));
  octets.resize(count);
  return octets;
}

}  // namespace

std::string_view type_of_file(std::string_view name) {
  static constexpr auto types = std::to_array<std::pair<std::string_view, std::string_view>>({
      {".txt", "text/plain"},      {".md", "text/markdown"},    {".html", "text/html"},
      {".csv", "text/csv"},        {".vcf", "text/vcard"},      {".ics", "text/calendar"},
      {".jpg", "image/jpeg"},      {".jpeg", "image/jpeg"},     {".png", "image/png"},
      {".gif", "image/gif"},       {".webp", "image/webp"},     {".svg", "image/svg+xml"},
      {".mp3", "audio/mpeg"},      {".ogg", "audio/ogg"},       {".wav", "audio/wav"},
      {".mp4", "video/mp4"},       {".webm", "video/webm"},     {".pdf", "application/pdf"},
      {".zip", "application/zip"}, {".gz", "application/gzip"}, {".json", "application/json"},
      {".xml", "application/xml"},
  });
  const auto lower = to_lower(name);
  for (const auto& [end, type] : types) {
    if (lower.ends_with(end)) return type;
  }
  return "application/octet-stream";
}

Result<client::FileToSend> prepare_file(io::FileBodyStore& bodies, const std::string& path) {
  const auto adopted = TRY(bodies.adopt(path));
  client::FileToSend file{.body = adopted.body,
                          .name = std::filesystem::path{path}.filename().string(),
                          .size = adopted.size};
  file.type = type_of_file(file.name);
  file.sha1 = TRY(sha1_of(bodies, adopted));
  const bool is_picture = file.type == "image/jpeg" || file.type == "image/png";
  if (is_picture && adopted.size <= max_picture_octets) {
    const auto octets = TRY(octets_of(bodies, adopted));
    if (auto thumbnail = make_thumbnail(octets)) file.thumbnail = *std::move(thumbnail);
  }
  return file;
}

}  // namespace convene::apps
