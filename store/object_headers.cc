#include "store/object_headers.h"

#include "base/text.h"
#include "mime/encoded_word.h"

namespace convene::store {

namespace {

std::string text(const mime::Headers& headers, std::string_view name) {
  return std::string{headers.value(name).value_or("")};
}

void add(mime::Headers& headers, std::string_view name, std::string_view value) {
  if (!value.empty()) headers.add(name, mime::to_encoded_words(value));
}

}  // namespace

// CPM 8.5.3, the headers that all objects share
mime::Headers to_headers(const ObjectHeaders& object) {
  mime::Headers headers;
  add(headers, "From", object.from);
  add(headers, "To", object.to);
  add(headers, "Date", object.date);
  add(headers, "Subject", object.subject);
  add(headers, "Conversation-ID", object.ids.conversation);
  add(headers, "Contribution-ID", object.ids.contribution);
  add(headers, "InReplyTo-Contribution-ID", object.ids.in_reply_to);
  add(headers, "P-Asserted-Service", object.asserted_service);
  for (const auto& value : object.accept_contact) add(headers, "Accept-Contact", value);
  add(headers, "IMDN-Message-ID", object.imdn_message_id);
  add(headers, "Message-Correlator", object.message_correlator);
  add(headers, "Message-Context", object.message_context);
  add(headers, "Message-Direction", object.direction == Direction::sent ? "sent" : "received");
  add(headers, "MIME-Version", "1.0");
  return headers;
}

ObjectHeaders read_object_headers(const mime::Headers& headers) {
  ObjectHeaders object;
  object.from = mime::from_encoded_words(text(headers, "From"));
  object.to = mime::from_encoded_words(text(headers, "To"));
  object.date = text(headers, "Date");
  object.subject = mime::from_encoded_words(text(headers, "Subject"));
  object.ids.conversation = mime::from_encoded_words(text(headers, "Conversation-ID"));
  object.ids.contribution = mime::from_encoded_words(text(headers, "Contribution-ID"));
  object.ids.in_reply_to = mime::from_encoded_words(text(headers, "InReplyTo-Contribution-ID"));
  object.asserted_service = text(headers, "P-Asserted-Service");
  for (const auto& [name, value] : headers.all())
    if (iequals(name, "Accept-Contact")) object.accept_contact.push_back(value);
  object.imdn_message_id = mime::from_encoded_words(text(headers, "IMDN-Message-ID"));
  object.message_correlator = text(headers, "Message-Correlator");
  object.message_context = text(headers, "Message-Context");
  const auto direction = text(headers, "Message-Direction");
  object.direction = iequals(direction, "received") ? Direction::received : Direction::sent;
  return object;
}

}  // namespace convene::store
