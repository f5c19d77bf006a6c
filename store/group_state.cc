#include "store/group_state.h"

#include "base/text.h"
#include "xml/element.h"

namespace convene::store {

namespace {

std::string attribute(const xml::Element& element, std::string_view name) {
  return std::string{element.attribute(name).value_or("")};
}

}  // namespace

// CPM 8.5.3: the Group State Object. No namespace: deployed documents have none.
std::string to_text(const GroupState& state) {
  xml::Element root{
      .name = "groupstate",
      .attributes = {{"timestamp", state.timestamp},
                     {"lastfocussessionid", state.last_focus_session_id},
                     {"group-type", state.type == GroupType::closed ? "Closed" : "Open"}}};
  for (const auto& participant : state.participants) {
    xml::Element element{.name = "participant"};
    if (!participant.name.empty()) element.attributes.push_back({"name", participant.name});
    element.attributes.push_back({"comm-addr", participant.comm_addr});
    root.children.push_back(std::move(element));
  }
  return xml::to_text(root) + "\r\n";
}

Result<GroupState> parse_group_state(std::string_view text) {
  const auto root = TRY(xml::parse_document(text));
  if (xml::local_name(root.name) != "groupstate")
    return fail(Fault::malformed, "no Group State Object");
  GroupState state;
  state.timestamp = attribute(root, "timestamp");
  state.last_focus_session_id = attribute(root, "lastfocussessionid");
  if (iequals(attribute(root, "group-type"), "closed")) state.type = GroupType::closed;
  for (const auto& child : root.children) {
    if (xml::local_name(child.name) != "participant") continue;
    state.participants.push_back(
        {.name = attribute(child, "name"), .comm_addr = attribute(child, "comm-addr")});
  }
  return state;
}

// R6.8
Object make_group_state_object(const ObjectHeaders& object, const GroupState& state) {
  auto headers = to_headers(object);
  headers.add("Content-Type", group_state_type);
  headers.add("Content-Transfer-Encoding", "8bit");
  return {.pieces = {mime::to_text(headers) + "\r\n" + to_text(state)},
          .flags = {std::string{flag::seen}},
          .imdn_message_id = object.imdn_message_id};
}

}  // namespace convene::store
