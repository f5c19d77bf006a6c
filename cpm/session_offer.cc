#include "cpm/session_offer.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cpm/content_types.h"
#include "groups/resource_list.h"
#include "mime/multipart.h"

namespace convene::cpm {

namespace {

constexpr std::string_view sdp_type = "application/sdp";
constexpr std::size_t boundary_length = 24;

constexpr int media_type_not_available = 304;  // Warning codes, RFC 3261 20.43
constexpr int incompatible_format = 305;

Granted<std::vector<mime::Part>> leaves(const sip::Message& message) {
  auto parts = mime::leaves_of(message.header(sip::Name::content_type), message.body());
  if (!parts) return std::unexpected(refusal_of(parts.error()));
  return *std::move(parts);
}

}  // namespace

Granted<sdp::SessionDescription> description_of(const sip::Message& message) {
  const auto parts = TRY(leaves(message));
  const auto* part = mime::find_by_type(parts, sdp_type);
  if (!part) return refuse(415, {}, "no session description");

  const auto body = mime::decoded_body(*part);
  if (!body) return std::unexpected(refusal_of(body.error()));
  auto description = sdp::parse_session_description(*body);
  if (!description) return std::unexpected(refusal_of(description.error()));
  return *std::move(description);
}

std::optional<std::string> recipient_list_of(const sip::Message& message) {
  // RFC 5368 7: the whole body is the list.
  const mime::Part whole{
      .headers = {{"Content-Type", std::string{message.header(sip::Name::content_type)}},
                  {"Content-Disposition",
                   std::string{message.header(sip::Name::content_disposition)}}},
      .body = {}};
  const bool is_whole = mime::type_of(whole) == groups::content_type &&
                        mime::disposition_of(whole) == "recipient-list";
  if (is_whole) return std::string{message.body()};

  const auto parts = leaves(message);
  if (!parts) return std::nullopt;
  const auto* part = mime::find_by_disposition(*parts, "recipient-list");
  if (!part || mime::type_of(*part) != groups::content_type) return std::nullopt;
  const auto body = mime::decoded_body(*part);
  return body ? std::optional{*body} : std::nullopt;
}

void leave_last_line_end_to_boundary(std::vector<mime::Part>& parts) {
  for (auto& part : parts) {
    if (mime::type_of(part) == sdp_type && part.body.ends_with("\r\n")) {
      part.body.resize(part.body.size() - 2);
    }
  }
}

mime::Part sdp_part(const sdp::SessionDescription& description) {
  return {.headers = {{"Content-Type", std::string{sdp_type}}}, .body = sdp::to_text(description)};
}

mime::Part recipient_list_part(std::string_view resource_list_xml) {
  return {.headers = {{"Content-Type", std::string{groups::content_type}},
                      {"Content-Disposition", "recipient-list"}},
          .body = std::string{resource_list_xml}};
}

void set_parts(sip::Message& message, std::vector<mime::Part> parts, Random& random) {
  if (parts.size() == 1) {
    message.set_body(parts.front().headers.value("Content-Type").value_or(""), parts.front().body);
    return;
  }
  leave_last_line_end_to_boundary(parts);
  for (;;) {  // a boundary of 24 random characters occurs in no part, but for a miracle
    if (const auto mixed = mime::make_mixed(random_token(random, boundary_length), parts)) {
      message.set_body(mime::to_text(mixed->type), mime::to_text(*mixed));
      return;
    }
  }
}

Granted<ChatDescription> read_chat(const sip::Message& message, AddressRule rule) {
  ChatDescription chat{.description = TRY(description_of(message)), .media = {}};

  Refusal why{.status = 488,
              .warning = "no MSRP",
              .detail = "no MSRP m-line",
              .warning_code = media_type_not_available};
  for (const auto& line : chat.description.media) {
    chat.index = static_cast<std::size_t>(&line - chat.description.media.data());
    if (line.port == 0) continue;
    auto media = read_msrp_media(chat.description, line, rule);
    if (!media) {
      why = media.error();
      continue;
    }
    if (!sdp::type_is_accepted(media->accept_types, cpim_type)) {
      return not_acceptable(incompatible_format, "message/cpim is needed");
    }
    chat.media = *std::move(media);
    return chat;
  }
  return std::unexpected(why);
}

sdp::TypeList common_types(const sdp::TypeList& peers, const sdp::TypeList& ours) {
  sdp::TypeList common;
  std::ranges::copy_if(peers, std::back_inserter(common), [&ours](const auto& type) {
    return sdp::type_is_accepted(ours, type) ||
           std::ranges::any_of(ours, [&type](const auto& one) { return iequals(one, type); });
  });
  return common;
}

sdp::SessionDescription answer_chat(const ChatDescription& offer, const DescriptionId& id,
                                    const MsrpMedia& media) {
  std::vector<sdp::Media> lines;
  for (const auto& offered : offer.description.media) {
    if (lines.size() == offer.index) {
      lines.push_back(chat_line(media));
    } else {
      lines.push_back({.kind = offered.kind,
                       .port = 0,
                       .protocol = offered.protocol,
                       .formats = offered.formats,
                       .connection = {},
                       .others = {},
                       .attributes = {}});
    }
  }
  return describe(id, media.host, std::move(lines));
}

}  // namespace convene::cpm
