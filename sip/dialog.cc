#include "sip/dialog.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sip/fields.h"
#include "sip/tag.h"

namespace convene::sip {

namespace {

std::vector<std::string> record_routes(const Message& message) {
  const auto values = message.values(Name::record_route);
  return {values.begin(), values.end()};
}

Result<NameAddr> contact_of(const Message& message) {
  const auto contacts = message.values(Name::contact);
  if (contacts.empty()) return fail(Fault::malformed, "no Contact");
  return parse_name_addr(contacts.front());
}

std::string uri_text(std::string_view from_or_to) {
  const auto address = parse_name_addr(from_or_to);
  return address ? to_text(address->uri) : std::string{from_or_to};
}

std::string tagged(std::string_view from_or_to, std::string_view tag) {
  auto text = without_params(from_or_to);
  if (!tag.empty()) text.append(";tag=").append(tag);
  return text;
}

// RFC 3261 19.1.1: method and headers have no place in a Request-URI.
Uri as_request_uri(Uri uri) {
  uri.params.remove("method");
  uri.headers.clear();
  return uri;
}

// What make_request() fills in.
constexpr auto of_dialog =
    std::to_array({Name::via, Name::max_forwards, Name::route, Name::from, Name::to, Name::call_id,
                   Name::cseq, Name::content_length, Name::content_type});

}  // namespace

// RFC 3261 12.1.2
Result<Dialog> Dialog::as_uac(const Message& request, const Message& response) {
  Dialog dialog;
  dialog.call_id_ = request.header(Name::call_id);
  dialog.local_tag_ = tag_of(request.header(Name::from));
  dialog.remote_tag_ = tag_of(response.header(Name::to));
  dialog.local_ = tagged(request.header(Name::from), dialog.local_tag_);
  dialog.remote_ = tagged(request.header(Name::to), dialog.remote_tag_);
  dialog.remote_address_ = uri_text(request.header(Name::to));
  dialog.local_sequence_ = sequence_of(request);
  dialog.local_contact_ = request.header(Name::contact);
  dialog.route_set_ = record_routes(response);
  std::ranges::reverse(dialog.route_set_);
  if (dialog.remote_tag_.empty()) return fail(Fault::malformed, "a response without To tag");
  if (response.has(Name::contact)) {
    dialog.remote_contact_ = TRY(contact_of(response));
  } else {
    dialog.remote_contact_.uri = TRY(parse_uri(request.uri()));
  }
  return dialog;
}

// RFC 3261 12.1.1
Result<Dialog> Dialog::as_uas(const Message& request, std::string_view local_tag) {
  Dialog dialog;
  dialog.call_id_ = request.header(Name::call_id);
  dialog.local_tag_ = local_tag;
  dialog.remote_tag_ = tag_of(request.header(Name::from));
  dialog.local_ = tagged(request.header(Name::to), dialog.local_tag_);
  dialog.remote_ = tagged(request.header(Name::from), dialog.remote_tag_);
  dialog.remote_address_ = uri_text(request.header(Name::from));
  dialog.remote_sequence_ = sequence_of(request);
  dialog.route_set_ = record_routes(request);
  dialog.remote_contact_ = TRY(contact_of(request));
  return dialog;
}

// RFC 6665 4.4.1
Result<Dialog> Dialog::as_subscriber(const Message& subscribe, const Message& notify) {
  auto dialog = TRY(as_uas(notify, tag_of(subscribe.header(Name::from))));
  dialog.local_ = tagged(subscribe.header(Name::from), dialog.local_tag_);
  dialog.remote_ = tagged(subscribe.header(Name::to), dialog.remote_tag_);
  dialog.remote_address_ = uri_text(subscribe.header(Name::to));
  dialog.local_sequence_ = sequence_of(subscribe);
  dialog.local_contact_ = subscribe.header(Name::contact);
  dialog.remote_sequence_.reset();  // the NOTIFY itself is yet to be checked
  return dialog;
}

void Dialog::confirm(const Message& response) {
  route_set_ = record_routes(response);
  std::ranges::reverse(route_set_);
  refresh_target(response);
}

Message Dialog::make_request(const Message& wanted) {
  auto request = Message::request(wanted.method(), wanted.uri());
  address(request);
  const CSeq cseq{++local_sequence_, std::string{wanted.method()}};
  request.add(Name::cseq, to_text(cseq));
  for (const auto& field : wanted.fields()) {
    if (std::ranges::find(of_dialog, field.name) == of_dialog.end())
      request.add(field.text, field.value);
  }
  if (!wanted.body().empty()) {
    request.set_body(wanted.header(Name::content_type), wanted.body());
  }
  return request;
}

Message Dialog::make_ack(std::uint32_t number) const {
  auto ack = Message::request("ACK", to_text(remote_contact_.uri));
  address(ack);
  ack.add(Name::cseq, to_text(CSeq{number, "ACK"}));
  return ack;
}

// RFC 3261 12.2.1.1
void Dialog::address(Message& request) const {
  const auto target = as_request_uri(remote_contact_.uri);
  request.set_uri(to_text(target));
  request.add(Name::max_forwards, "70");
  if (routes_strictly()) {
    const auto first = parse_name_addr(route_set_.front());
    request.set_uri(to_text(as_request_uri(first->uri)));
    for (std::size_t i = 1; i < route_set_.size(); ++i) request.add(Name::route, route_set_[i]);
    request.add(Name::route, "<" + to_text(target) + ">");
  } else {
    for (const auto& route : route_set_) request.add(Name::route, route);
  }
  request.add(Name::from, local_);
  request.add(Name::to, remote_);
  request.add(Name::call_id, call_id_);
}

// An RFC 2543 proxy comes first: its URI has no "lr".
bool Dialog::routes_strictly() const {
  if (route_set_.empty()) return false;
  const auto first = parse_name_addr(route_set_.front());
  return first && !first->uri.params.has("lr");
}

Result<Destination> Dialog::next_hop() const {
  if (route_set_.empty()) return destination_of(remote_contact_.uri);
  return destination_of(TRY(parse_name_addr(route_set_.front())).uri);
}

bool Dialog::accept_sequence(std::uint32_t number) {
  if (remote_sequence_ && number <= *remote_sequence_) return false;
  remote_sequence_ = number;
  return true;
}

bool Dialog::refresh_target(const Message& message) {
  auto contact = contact_of(message);
  if (!contact || *contact == remote_contact_) return false;
  remote_contact_ = std::move(*contact);
  return true;
}

std::string dialog_key(std::string_view call_id, std::string_view local_tag,
                       std::string_view remote_tag) {
  std::string key{call_id};
  return key.append(1, '\n').append(local_tag).append(1, '\n').append(remote_tag);
}

}  // namespace convene::sip
