#include <algorithm>
#include <span>
#include <vector>

#include "cpim/message.h"
#include "cpm/content_types.h"
#include "participating/history.h"
#include "participating/recording.h"

// The files themselves, as they came through anchored media: message-storage 3.2.
namespace convene::participating {

namespace {

constexpr std::size_t max_wrapper_octets = 16'384;
constexpr std::size_t piece_octets = 65'536;

// RFC 5547 9.1, conversation 14.3: what is in the wrapper, in a body of its own.
Result<Recording::File::Content> unwrapped(const Recording::File::Content& file,
                                           msrp::BodyStore& bodies) {
  std::string text(std::min<std::uint64_t>(file.octets, max_wrapper_octets), '\0');
  text.resize(TRY(bodies.read(file.body, 0, std::as_writable_bytes(std::span{text}))));
  const auto begin = cpim::content_begin(text);
  if (!begin) return fail(Fault::malformed, "no CPIM where CPIM was said");
  const auto wrapper = TRY(cpim::parse_message(std::string_view{text}.substr(0, *begin)));
  Recording::File::Content content{.octets = file.octets - *begin, .is_delivered = true};
  content.type = wrapper.content_headers.value("Content-Type").value_or("");
  content.body = TRY(bodies.create(content.octets));
  std::vector<std::byte> piece(piece_octets);
  for (std::uint64_t at = 0; at < content.octets;) {
    const auto read = bodies.read(file.body, *begin + at, piece);
    const auto count = read.value_or(0);
    if (count == 0 || !bodies.write(content.body, at, std::span{piece}.first(count))) {
      bodies.drop(content.body);
      return fail(Fault::closed, "a file that cannot be copied out of its wrapper");
    }
    at += count;
  }
  return content;
}

}  // namespace

// RFC 5547 8.6: of several files on one line the latest is meant.
void History::file_passed(Call& call, std::size_t line, const FilePassed& passed) {
  auto* const recording = call.recording ? &*call.recording : nullptr;
  const bool is_wanted =
      recording != nullptr && recording->kind != Recording::Kind::session && !recording->is_over;
  auto files = is_wanted ? std::span{recording->files} : std::span<Recording::File>{};
  const auto found = std::find_if(files.rbegin(), files.rend(), [&](const auto& file) {
    return file.line == line || recording->kind == Recording::Kind::large_message;
  });
  if (found == files.rend()) return forget(passed.body);
  if (found->content) forget(found->content->body);
  found->content = {.type = passed.content_type,
                    .body = passed.body,
                    .octets = passed.octets,
                    .is_delivered = passed.is_delivered};
}

std::optional<store::FileObject::Content> History::content_of(Recording::File& file) {
  if (!file.content || !file.content->is_delivered || file.is_rest) return std::nullopt;
  if (file.content->octets > settings_.history.max_file) return std::nullopt;
  if (cpm::is_cpim(file.content->type)) {
    auto content = unwrapped(*file.content, bodies_);
    if (!content) {
      world_.log.warning("participating", "a file is not stored: " + content.error().detail,
                         {{"transfer", file.transfer_id}});
      return std::nullopt;
    }
    forget(file.content->body);
    file.content = *std::move(content);
  }
  return store::FileObject::Content{
      .type = file.content->type,
      .file = store::FileContent{.body = file.content->body, .octets = file.content->octets}};
}

// All but those that are in the object, which belong to the store now.
void History::drop_files(Recording& recording, const store::Object* kept) {
  for (auto& file : recording.files) {
    const auto content = std::exchange(file.content, {});
    if (!content) continue;
    const auto is_it = [&](const store::Piece& piece) {
      const auto* stored = std::get_if<store::FileContent>(&piece);
      return stored != nullptr && stored->body == content->body;
    };
    if (kept == nullptr || std::ranges::none_of(kept->pieces, is_it)) forget(content->body);
  }
}

bool History::hands_over(Recording& recording, const Result<store::Object>& object) {
  drop_files(recording, object ? &*object : nullptr);
  if (!object)
    world_.log.warning("participating", "history is lost: " + object.error().detail,
                       {{"contribution", recording.headers.ids.contribution}});
  return object.has_value();
}

}  // namespace convene::participating
