#include "cpm/large_message_offer.h"

#include <utility>

#include "cpm/content_types.h"
#include "cpm/session_offer.h"
#include "sdp/file_transfer.h"

namespace convene::cpm {

namespace {

constexpr int no_msrp = 304;  // Warning codes, RFC 3261 20.43
constexpr int no_cpim = 305;

// Nothing: the line is refused, or is a file's. 488: it cannot carry a message.
Granted<std::optional<FileMedia>> read_line(const sdp::SessionDescription& description,
                                            const sdp::Media& line, AddressRule rule) {
  if (line.port == 0 || line.attributes.has("file-selector")) return std::nullopt;
  auto media = TRY(read_msrp_media(description, line, rule));
  const bool comes =
      media.direction == sdp::Direction::sendonly || media.direction == sdp::Direction::sendrecv;
  if (!comes || !sdp::type_is_accepted(media.accept_types, cpim_type)) {
    return not_acceptable(no_cpim, "message/cpim is needed");
  }
  return FileMedia{.media = std::move(media), .file = {}};
}

}  // namespace

// Conversation 13
Granted<FileTransferOffer> read_large_message_offer(const sip::Message& invite, AddressRule rule) {
  auto description = TRY(description_of(invite));
  FileTransferOffer offer{.description = std::move(description), .files = {}};
  Refusal why{
      .status = 488, .warning = "no MSRP", .detail = "no MSRP m-line", .warning_code = no_msrp};
  bool is_found = false;
  for (const auto& line : offer.description.media) {
    auto read = read_line(offer.description, line, rule);
    if (!read) why = read.error();
    offer.files.emplace_back();
    if (is_found || !read || !*read) continue;
    offer.files.back() = **std::move(read);
    is_found = true;
  }
  if (!is_found) return std::unexpected(why);
  return offer;
}

FileMedia large_message_line(MsrpMedia media, sdp::Direction direction,
                             sdp::TypeList wrapped_types) {
  media.direction = direction;
  media.accept_types = {std::string{cpim_type}};
  media.accept_wrapped_types = std::move(wrapped_types);
  return {.media = std::move(media), .file = {}};
}

}  // namespace convene::cpm
