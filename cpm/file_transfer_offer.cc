#include "cpm/file_transfer_offer.h"

#include <algorithm>

#include "base/text.h"
#include "cpm/content_types.h"
#include "cpm/file_parts.h"
#include "cpm/session_offer.h"
#include "mime/content_type.h"
#include "mime/multipart.h"
#include "sip/name_addr.h"

namespace convene::cpm {

namespace {

constexpr std::string_view anonymous = "sip:anonymous@anonymous.invalid";

// RFC 5547 8.1, R4.1d.i: what a file that is pushed must say.
bool describes_whole_file(const sdp::FileDescription& file) {
  const auto& selector = file.selector;
  return selector.name && selector.size && selector.type && !file.transfer_id.empty();
}

sdp::Media line_of(const FileMedia& file) {
  auto line = file_line(file.media);
  if (!file.file.transfer_id.empty()) sdp::set_file(line, file.file);  // else a large message
  if (file.media.max_size) sdp::set_max_size(line, *file.media.max_size);
  return line;
}

// Port 0, with selector and id mirrored. RFC 5547 8.3.1
sdp::Media refused_line(const sdp::Media& offered) {
  sdp::Media line{.kind = offered.kind,
                  .port = 0,
                  .protocol = offered.protocol,
                  .formats = offered.formats,
                  .connection = {},
                  .others = {},
                  .attributes = {}};
  for (const auto name : {"file-selector", "file-transfer-id"}) {
    if (const auto value = offered.attributes.value(name)) line.attributes.add(name, *value);
  }
  return line;
}

// An SDP with only an icon beside it. RFC 5547 8.8
void set_related(sip::Message& invite, std::vector<mime::Part> parts, Random& random) {
  leave_last_line_end_to_boundary(parts);
  for (;;) {
    if (const auto related = mime::make_related(random_token(random, 24), parts)) {
      invite.set_body(mime::to_text(related->type), mime::to_text(*related));
      return;
    }
  }
}

// Its m-lines alone.
Granted<std::vector<std::optional<FileMedia>>> read_file_lines(
    const sdp::SessionDescription& description, AddressRule rule) {
  std::vector<std::optional<FileMedia>> files;
  for (const auto& line : description.media) {
    files.emplace_back();
    const auto file = sdp::file_of(line);
    if (!file) return std::unexpected(refusal_of(file.error()));
    if (!*file || line.port == 0) continue;

    files.back() =
        FileMedia{.media = TRY(read_msrp_media(description, line, rule)), .file = **file};
    if (!files.back()->is_pull() && !describes_whole_file(files.back()->file)) {
      return not_acceptable(attribute_not_understood, "name, size and type of the file are needed");
    }
  }
  return files;
}

}  // namespace

std::size_t FileTransferOffer::first_file() const {
  const auto found = std::ranges::find_if(files, [](const auto& file) { return file.has_value(); });
  return static_cast<std::size_t>(found - files.begin());
}

Granted<FileTransferOffer> read_file_transfer_offer(const sip::Message& invite, AddressRule rule) {
  auto offer = TRY(read_later_file_offer(invite, rule));
  if (offer.first_file() == offer.files.size()) {
    return not_acceptable(attribute_not_understood, "no file");
  }
  return offer;
}

Granted<FileTransferOffer> read_later_file_offer(const sip::Message& invite, AddressRule rule) {
  const auto parts = mime::leaves_of(invite.header(sip::Name::content_type), invite.body());
  if (!parts) return std::unexpected(refusal_of(parts.error()));
  auto description = TRY(description_of(invite));
  auto lines = TRY(read_file_lines(description, rule));
  auto files = TRY(with_parts(std::move(lines), *parts));
  return FileTransferOffer{.description = std::move(description), .files = std::move(files)};
}

void remove_icons(FileTransferOffer& offer) {
  for (auto& file : offer.files) {
    if (!file) continue;
    file->icon.reset();
    file->file.icon.clear();
  }
}

void remove_wrappers(FileTransferOffer& offer) {
  for (auto& file : offer.files) {
    if (file) file->wrapper.reset();
  }
}

bool has_icon(const FileTransferOffer& offer) {
  return std::ranges::any_of(offer.files, [](const auto& file) { return file && file->icon; });
}

bool has_wrapper(const FileTransferOffer& offer) {
  return std::ranges::any_of(offer.files, [](const auto& file) { return file && file->wrapper; });
}

// Conversation 14.5, G-17
void write_file_transfer_offer(sip::Message& invite, const FileTransferOffer& offer,
                               const DescriptionId& id, Random& random) {
  std::vector<sdp::Media> lines;
  std::string_view host;
  for (const auto& file : offer.files) {
    if (!file) continue;
    lines.push_back(line_of(*file));
    host = file->media.host;
  }

  auto parts = parts_of(offer.files);
  parts.insert(parts.begin(), sdp_part(describe(id, host, std::move(lines))));

  const bool has_icon_only = has_icon(offer) && !has_wrapper(offer);
  has_icon_only ? set_related(invite, std::move(parts), random)
                : set_parts(invite, std::move(parts), random);
}

MsrpMedia sending_file(MsrpMedia media, const sdp::FileSelector& selector) {
  const auto type = selector.type.value_or("");
  const auto plain_type = type.substr(0, type.find(';'));
  media.direction = sdp::Direction::sendonly;
  media.accept_types = {std::string{cpim_type}, plain_type};
  media.accept_wrapped_types = {plain_type};
  return media;
}

// RFC 5547 8.3
FileMedia answer_for(const FileMedia& offered, MsrpMedia ours) {
  ours.direction = sdp::reversed(offered.media.direction);
  return {.media = std::move(ours),
          .file = {.selector = offered.file.selector,
                   .transfer_id = offered.file.transfer_id,
                   .disposition = {},
                   .date = {},
                   .icon = {},
                   .range = offered.file.range}};
}

sdp::SessionDescription answer_files(const FileTransferOffer& offer, const DescriptionId& id,
                                     const std::vector<std::optional<FileMedia>>& answers) {
  std::vector<sdp::Media> lines;
  std::string_view host = "0.0.0.0";
  for (const auto& offered : offer.description.media) {
    const auto index = lines.size();
    if (index < answers.size() && answers[index]) {
      lines.push_back(line_of(*answers[index]));
      host = answers[index]->media.host;
    } else {
      lines.push_back(refused_line(offered));
    }
  }
  return describe(id, host, std::move(lines));
}

// RFC 5547 8.3.1, 8.4
Granted<std::vector<std::optional<FileMedia>>> read_file_transfer_answer(
    const sip::Message& response, const std::vector<std::optional<FileMedia>>& offered,
    AddressRule rule) {
  const auto description = TRY(description_of(response));
  if (description.media.size() != offered.size()) {
    return not_acceptable(attribute_not_understood, "an answer with another number of m-lines");
  }

  std::vector<std::optional<FileMedia>> answers(offered.size());
  bool any = false;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    const auto& line = description.media[i];
    if (!offered[i] || offered[i]->media.port == 0 || line.port == 0) continue;
    const auto file = sdp::file_of(line);
    const auto about = file && *file ? **file : sdp::FileDescription{};
    if (!file || about.transfer_id != offered[i]->file.transfer_id) {
      return not_acceptable(attribute_not_understood, "an answer about another file");
    }
    answers[i] = FileMedia{.media = TRY(read_msrp_media(description, line, rule)), .file = about};
    any = true;
  }
  if (!any) return not_acceptable(attribute_not_understood, "every file was refused");
  return answers;
}

// Conversation 14.6
cpim::Message file_wrapper(std::string_view imdn_message_id, std::string_view date_time,
                           const cpim::DispositionNotification& wanted,
                           std::string_view file_type) {
  cpim::Message wrapper;
  cpim::set_from(wrapper, {.uri = std::string{anonymous}});
  cpim::set_to(wrapper, {.uri = std::string{anonymous}});
  cpim::set_imdn_message_id(wrapper, imdn_message_id);
  cpim::set_date_time(wrapper, date_time);
  cpim::set_disposition_notification(wrapper, wanted);
  cpim::set_content(wrapper, file_type, {});
  return wrapper;
}

std::optional<FileForm> file_form(const sdp::TypeList& accept_types, std::string_view file_type) {
  if (sdp::type_is_accepted(accept_types, file_type)) return FileForm::raw;
  if (sdp::type_is_accepted(accept_types, cpim_type)) return FileForm::cpim;
  return std::nullopt;
}

// RFC 5547 9.1
std::string file_prefix(const cpim::Address& from, const cpim::Address& to,
                        const sdp::FileSelector& selector) {
  cpim::Message message;
  cpim::set_from(message, from);
  cpim::set_to(message, to);
  message.content_headers.add("Content-Type", selector.type.value_or("application/octet-stream"));
  std::string disposition = "attachment";
  if (selector.name) disposition += "; filename=" + sip::quote(*selector.name);
  if (selector.size) disposition += "; size=" + std::to_string(*selector.size);
  message.content_headers.add("Content-Disposition", disposition);
  return cpim::to_text(message);
}

std::string new_transfer_id(Random& random) { return random_token(random, transfer_id_length); }

}  // namespace convene::cpm
