// Whatever arrives: no crash; what parses as XML, as a report, as a conference document, as a
// recipient list or as a group document, prints and parses again to the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "conference/apply.h"
#include "groups/group_document.h"
#include "groups/resource_list.h"
#include "imdn/notification.h"
#include "xml/element.h"

namespace {

using namespace convene;

void check(bool holds) {
  if (!holds) std::abort();
}

void check_conference(std::string_view text) {
  const auto info = conference::parse_conference_info(text);
  if (!info) return;
  check(conference::parse_conference_info(to_text(*info)) == *info);

  std::optional<conference::ConferenceInfo> known = *info;
  auto next = *info;
  next.version = info->version + 1;
  next.state = conference::State::partial;
  (void)conference::apply(next, known);
  if (known) check(conference::parse_conference_info(to_text(*known)) == *known);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto root = xml::parse_document(text);
  if (!root) return 0;
  check(xml::parse_document(xml::to_text(*root)) == *root);

  if (const auto notification = imdn::parse_notification(text))
    check(imdn::parse_notification(to_text(*notification)) == *notification);
  if (const auto list = groups::parse_resource_list(text))
    check(groups::parse_resource_list(to_text(*list)) == *list);
  if (const auto group = groups::parse_group_document(text))
    check(groups::parse_group_document(to_text(*group)) == *group);
  check_conference(text);
  return 0;
}
