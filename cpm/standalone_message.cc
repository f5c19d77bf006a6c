#include "cpm/standalone_message.h"

#include <utility>

#include "cpm/content_types.h"
#include "cpm/session_offer.h"
#include "groups/resource_list.h"
#include "mime/multipart.h"

namespace convene::cpm {

namespace {

constexpr std::string_view history_disposition = "recipient-list-history";

}  // namespace

// Conversation 13
Granted<PagerContent> read_pager_content(const sip::Message& request) {
  const auto parts = mime::leaves_of(request.header(sip::Name::content_type), request.body());
  if (!parts) return std::unexpected(refusal_of(parts.error()));
  const auto* part = mime::find_by_type(*parts, cpim_type);
  if (!part) return refuse(415, {}, "no CPIM");
  const auto body = mime::decoded_body(*part);
  if (!body) return std::unexpected(refusal_of(body.error()));
  auto message = cpim::parse_message(*body);
  if (!message) return std::unexpected(refusal_of(message.error()));
  return PagerContent{*std::move(message), body->size()};
}

mime::Part cpim_part(const cpim::Message& message) {
  return {.headers = {{"Content-Type", std::string{cpim_type}}}, .body = cpim::to_text(message)};
}

mime::Part recipient_history_part(std::string_view resource_list_xml) {
  return {
      .headers = {{"Content-Type", std::string{groups::content_type}},
                  {"Content-Disposition", std::string{history_disposition} + ";handling=optional"}},
      .body = std::string{resource_list_xml}};
}

void add_part(sip::Message& message, mime::Part part, Random& random) {
  auto parts = mime::leaves_of(message.header(sip::Name::content_type), message.body())
                   .value_or(std::vector<mime::Part>{});
  parts.push_back(std::move(part));
  set_parts(message, std::move(parts), random);
}

std::optional<std::string> recipient_history_of(const sip::Message& message) {
  const auto parts = mime::leaves_of(message.header(sip::Name::content_type), message.body());
  if (!parts) return std::nullopt;
  const auto* part = mime::find_by_disposition(*parts, history_disposition);
  if (!part || mime::type_of(*part) != groups::content_type) return std::nullopt;
  const auto body = mime::decoded_body(*part);
  return body ? std::optional{*body} : std::nullopt;
}

}  // namespace convene::cpm
