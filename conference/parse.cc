#include <iterator>
#include <limits>

#include "base/text.h"
#include "conference/conference_info.h"
#include "conference/names.h"

namespace convene::conference {

namespace {

using xml::Element;

Result<std::uint32_t> parse_count(std::string_view text) {
  const auto number = to_number(trim(text));
  if (!number || *number > std::numeric_limits<std::uint32_t>::max())
    return fail(Fault::malformed, "conference-info with an unreadable number");
  return static_cast<std::uint32_t>(*number);
}

Result<bool> parse_bool(std::string_view text) {
  text = trim(text);
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return fail(Fault::malformed, "conference-info with an unreadable boolean");
}

// Each takes what it can read into an empty field. What it leaves goes to the extensions.
bool take_text(std::string& field, const Element& element) {
  if (!field.empty() || !element.children.empty()) return false;
  field = trim(element.text);
  return true;
}

template <class Enum>
bool take_name(std::optional<Enum>& field, const Element& element) {
  if (field || !element.children.empty()) return false;
  field = parse_name<Enum>(trim(element.text));
  return field.has_value();
}

template <class Value>
Result<> take_once(std::optional<Value>& field, Result<Value> value) {
  if (field) return fail(Fault::malformed, "conference-info with an element given twice");
  field = TRY(std::move(value));
  return {};
}

// The state of an element, from its attribute.
Result<std::optional<State>> state_of(const Element& element) {
  const auto text = element.attribute("state");
  if (!text) return std::nullopt;
  const auto state = parse_name<State>(trim(*text));
  if (!state) return fail(Fault::malformed, "conference-info with an unknown state");
  return state;
}

// RFC 4575 5.7.4
bool take_info(std::optional<ExecutionInfo>& field, const Element& element) {
  if (field) return false;
  field = ExecutionInfo{.when = std::string{element.child_text("when").value_or("")},
                        .reason = std::string{element.child_text("reason").value_or("")},
                        .by = std::string{element.child_text("by").value_or("")}};
  return true;
}

// RFC 4575 5.7
Result<Endpoint> parse_endpoint(const Element& element) {
  Endpoint endpoint;
  endpoint.entity = trim(element.attribute("entity").value_or(""));
  endpoint.state = TRY(state_of(element));
  for (const auto& child : element.children) {
    const auto name = xml::local_name(child.name);
    const bool is_taken =
        (name == "display-text" && take_text(endpoint.display_text, child)) ||
        (name == "status" && take_name(endpoint.status, child)) ||
        (name == "joining-method" && take_name(endpoint.joining_method, child)) ||
        (name == "joining-info" && take_info(endpoint.joining_info, child)) ||
        (name == "disconnection-method" && take_name(endpoint.disconnection_method, child)) ||
        (name == "disconnection-info" && take_info(endpoint.disconnection_info, child));
    if (!is_taken) endpoint.extensions.push_back(child);
  }
  return endpoint;
}

Result<> parse_user_attributes(const Element& element, User& user) {
  for (const auto& attribute : element.attributes) {
    const auto name = xml::local_name(attribute.name);
    if (attribute.name.starts_with("xmlns")) {
      if (attribute.name != "xmlns" && attribute.name != "xmlns:xcon")
        user.attributes.push_back(attribute);
    } else if (name == "entity") {
      user.entity = trim(attribute.value);
    } else if (name == "yourown") {
      user.yourown = TRY(parse_bool(attribute.value));
    } else if (name == "nickname") {
      user.nickname = attribute.value;
    } else if (name != "state") {
      user.attributes.push_back(attribute);
    }
  }
  return {};
}

// RFC 4575 5.6
Result<User> parse_user(const Element& element) {
  User user;
  TRY(parse_user_attributes(element, user));
  user.state = TRY(state_of(element));
  if (user.entity.empty()) return fail(Fault::malformed, "conference-info with a nameless user");
  for (const auto& child : element.children) {
    const auto name = xml::local_name(child.name);
    if (name == "endpoint") {
      if (user.endpoints.size() == max_endpoints)
        return fail(Fault::too_large, "number of endpoints");
      user.endpoints.push_back(TRY(parse_endpoint(child)));
    } else if (name != "display-text" || !take_text(user.display_text, child)) {
      user.extensions.push_back(child);
    }
  }
  return user;
}

// RFC 4575 5.6
Result<Users> parse_users(const Element& element) {
  Users users;
  users.state = TRY(state_of(element));
  for (const auto& child : element.children) {
    if (xml::local_name(child.name) != "user") {
      users.extensions.push_back(child);
      continue;
    }
    if (users.list.size() == max_users) return fail(Fault::too_large, "number of users");
    users.list.push_back(TRY(parse_user(child)));
  }
  return users;
}

// RFC 4575 5.3
Result<Description> parse_description(const Element& element) {
  Description description;
  for (const auto& child : element.children) {
    const auto name = xml::local_name(child.name);
    if (name == "maximum-user-count" && !description.maximum_user_count) {
      description.maximum_user_count = TRY(parse_count(child.text));
    } else if ((name != "display-text" || !take_text(description.display_text, child)) &&
               (name != "subject" || !take_text(description.subject, child))) {
      description.extensions.push_back(child);
    }
  }
  return description;
}

// RFC 4575 5.5
Result<ConferenceState> parse_conference_state(const Element& element) {
  ConferenceState state;
  for (const auto& child : element.children) {
    const auto name = xml::local_name(child.name);
    if (name == "user-count" && !state.user_count) {
      state.user_count = TRY(parse_count(child.text));
    } else if (name == "active" && !state.active) {
      state.active = TRY(parse_bool(child.text));
    } else if (name == "locked" && !state.locked) {
      state.locked = TRY(parse_bool(child.text));
    } else {
      state.extensions.push_back(child);
    }
  }
  return state;
}

void parse_root_attributes(const Element& root, ConferenceInfo& info) {
  for (const auto& attribute : root.attributes) {
    const bool is_xcon = attribute.name == "xmlns:xcon";
    const bool is_read = attribute.name == "entity" || attribute.name == "state" ||
                         attribute.name == "version" || attribute.name == "xmlns";
    if (!is_xcon && !is_read) info.attributes.push_back(attribute);
  }
}

}  // namespace

// RFC 4575 5
Result<ConferenceInfo> parse_conference_info(std::string_view text) {
  const auto root = TRY(xml::parse_document(text));
  if (xml::local_name(root.name) != "conference-info")
    return fail(Fault::malformed, "no conference-info");

  ConferenceInfo info;
  info.entity = trim(root.attribute("entity").value_or(""));
  if (info.entity.empty()) return fail(Fault::malformed, "conference-info without its entity");
  info.state = TRY(state_of(root));
  info.version = TRY(parse_count(root.attribute("version").value_or("0")));
  parse_root_attributes(root, info);

  for (const auto& child : root.children) {
    const auto name = xml::local_name(child.name);
    if (name == "conference-description") {
      TRY(take_once(info.description, parse_description(child)));
    } else if (name == "conference-state") {
      TRY(take_once(info.conference_state, parse_conference_state(child)));
    } else if (name == "users") {
      TRY(take_once(info.users, parse_users(child)));
    } else {
      info.extensions.push_back(child);
    }
  }
  return info;
}

}  // namespace convene::conference
