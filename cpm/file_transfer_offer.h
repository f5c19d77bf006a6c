#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "cpim/imdn_headers.h"
#include "cpim/message.h"
#include "cpm/msrp_media.h"
#include "cpm/refusal.h"
#include "mime/part.h"
#include "sdp/file_transfer.h"
#include "sip/message.h"

namespace convene::cpm {

inline constexpr std::size_t max_icon_octets = 65'536;  // decoded; image/jpeg and image/png only
inline constexpr std::size_t max_wrapper_octets = 16'384;
inline constexpr std::size_t transfer_id_length = 32;  // RFC 5547 6: file-transfer-id

// One m-line with its file.
struct FileMedia {
  MsrpMedia media;
  sdp::FileDescription file;
  std::optional<mime::Part> icon = {};        // the part that its a=file-icon names
  std::optional<cpim::Message> wrapper = {};  // CPM 7.4.1.1 (2) f: IMDN headers, an empty content
  bool is_pull() const {
    return media.direction == sdp::Direction::recvonly;
  }  // of an offer. RFC 5547 8.2
  bool operator==(const FileMedia&) const = default;
};

// An INVITE that offers or wants files: RFC 5547 with CPM's wrapper.
struct FileTransferOffer {
  sdp::SessionDescription description;  // as received; its m-lines are those of `files`, one by one
  std::vector<std::optional<FileMedia>>
      files;  // nothing: an m-line that is no file, or was refused (port 0)

  std::size_t first_file() const;  // its place in `files`; their number: there is none
};

// 415 without a session description or with an unknown body; 400 when it cannot be read; 488 when
// no m-line is a file, or a pushed file lacks name, size, type or file-transfer-id (RFC 5547 8.1,
// R4.1d.i); and see file_parts.h.
Granted<FileTransferOffer> read_file_transfer_offer(const sip::Message& invite,
                                                    AddressRule rule = AddressRule::must_match);

// With the same errors, but there may be no file: of a later offer in the same session.
Granted<FileTransferOffer> read_later_file_offer(const sip::Message& invite,
                                                 AddressRule rule = AddressRule::must_match);

// What is left when a receiver cannot show icons, or does not report: the line and the part go.
// Conversation 14.5.
void remove_icons(FileTransferOffer& offer);
void remove_wrappers(FileTransferOffer& offer);
bool has_icon(const FileTransferOffer& offer);
bool has_wrapper(const FileTransferOffer& offer);

// Writes the offer of `files` with icons and wrappers into an INVITE: application/sdp when nothing
// else is left, multipart/related for icons alone, else multipart/mixed (conversation 14.5).
// `offer.description` is not used.
void write_file_transfer_offer(sip::Message& invite, const FileTransferOffer& offer,
                               const DescriptionId& id, Random& random);

// An m-line of ours that pushes such a file. G-19: in either form; the answer tells in which.
MsrpMedia sending_file(MsrpMedia media, const sdp::FileSelector& selector);

// RFC 5547 8.3: name, type, size, hash and id repeated, `recvonly` for `sendonly`; no icon,
// disposition or date.
FileMedia answer_for(const FileMedia& offered, MsrpMedia ours);

// The answer: one entry per m-line of the offer; nothing refuses it: port 0 with selector and id
// mirrored.
sdp::SessionDescription answer_files(const FileTransferOffer& offer, const DescriptionId& id,
                                     const std::vector<std::optional<FileMedia>>& answers);

// The answer to our offer, one entry per m-line of ours; nothing where it was refused. 488 when
// nothing was accepted, or ids and selectors are not ours.
Granted<std::vector<std::optional<FileMedia>>> read_file_transfer_answer(
    const sip::Message& response, const std::vector<std::optional<FileMedia>>& offered,
    AddressRule rule = AddressRule::must_match);

// The wrapper a client puts into its INVITE: anonymous From and To, IMDN headers, an empty content
// of the file's type.
cpim::Message file_wrapper(std::string_view imdn_message_id, std::string_view date_time,
                           const cpim::DispositionNotification& wanted, std::string_view file_type);

// Whether a receiver that answered with `accept_types` wants the file's own octets, or a CPIM
// message around them. Conversation 14.3: raw if its type is listed. Nothing: it accepts neither.
enum class FileForm { raw, cpim };
std::optional<FileForm> file_form(const sdp::TypeList& accept_types, std::string_view file_type);

// The octets before the file when it travels in CPIM: headers, empty line, content headers, empty
// line. RFC 5547 9.1
std::string file_prefix(const cpim::Address& from, const cpim::Address& to,
                        const sdp::FileSelector& selector);

std::string new_transfer_id(Random& random);

}  // namespace convene::cpm
