#include "conference/apply.h"

#include <algorithm>

namespace convene::conference {

namespace {

template <class Value>
void replace_if_given(Value& known, const Value& news) {
  if (news != Value{}) known = news;
}

// Unknown elements are replaced by name: all of one name together.
void merge(const std::vector<xml::Element>& news, std::vector<xml::Element>& known) {
  std::erase_if(known, [&news](const xml::Element& old) {
    return std::ranges::find(news, old.name, &xml::Element::name) != news.end();
  });
  known.insert(known.end(), news.begin(), news.end());
}

void merge(const std::vector<xml::Attribute>& news, std::vector<xml::Attribute>& known) {
  std::erase_if(known, [&news](const xml::Attribute& old) {
    return std::ranges::find(news, old.name, &xml::Attribute::name) != news.end();
  });
  known.insert(known.end(), news.begin(), news.end());
}

void merge(const Endpoint& news, Endpoint& known) {
  replace_if_given(known.display_text, news.display_text);
  replace_if_given(known.status, news.status);
  replace_if_given(known.joining_method, news.joining_method);
  replace_if_given(known.joining_info, news.joining_info);
  replace_if_given(known.disconnection_method, news.disconnection_method);
  replace_if_given(known.disconnection_info, news.disconnection_info);
  merge(news.extensions, known.extensions);
}

// What stands in a full element is full, too. RFC 4575 4.5
Endpoint as_full(Endpoint endpoint) {
  endpoint.state = State::full;
  return endpoint;
}

User as_full(User user) {
  user.state = State::full;
  std::erase_if(user.endpoints,
                [](const Endpoint& endpoint) { return endpoint.state == State::deleted; });
  for (auto& endpoint : user.endpoints) endpoint.state = State::full;
  return user;
}

Users as_full(Users users) {
  users.state = State::full;
  std::erase_if(users.list, [](const User& user) { return user.state == State::deleted; });
  for (auto& user : users.list) user = as_full(std::move(user));
  return users;
}

void merge(const User& news, User& known);

// Updates the list of what has an entity: users, and their endpoints. RFC 4575 4.6
template <class Item>
void update(const std::vector<Item>& news, std::vector<Item>& known) {
  for (const auto& item : news) {
    const auto found = std::ranges::find(known, item.entity, &Item::entity);
    switch (item.state.value_or(State::full)) {
      case State::deleted:
        if (found != known.end()) known.erase(found);
        break;
      case State::full:
      case State::partial:
        if (found == known.end()) {
          known.push_back(as_full(item));
        } else if (item.state == State::partial) {
          merge(item, *found);
        } else {
          *found = as_full(item);
        }
        break;
    }
  }
}

void merge(const User& news, User& known) {
  known.yourown = known.yourown || news.yourown;
  replace_if_given(known.nickname, news.nickname);
  replace_if_given(known.display_text, news.display_text);
  merge(news.attributes, known.attributes);
  merge(news.extensions, known.extensions);
  update(news.endpoints, known.endpoints);
}

void update(const std::optional<Users>& news, std::optional<Users>& known) {
  if (!news) return;
  switch (news->state.value_or(State::full)) {
    case State::deleted: known.reset(); break;
    case State::full: known = as_full(*news); break;
    case State::partial:
      if (!known) known = Users{.state = State::full};
      update(news->list, known->list);
      merge(news->extensions, known->extensions);
      break;
  }
}

// The elements without a state of their own are replaced whole.
void update(const ConferenceInfo& news, ConferenceInfo& known) {
  known.version = news.version;
  replace_if_given(known.description, news.description);
  replace_if_given(known.conference_state, news.conference_state);
  update(news.users, known.users);
  merge(news.attributes, known.attributes);
  merge(news.extensions, known.extensions);
}

ConferenceInfo as_full(ConferenceInfo info) {
  info.state = State::full;
  if (info.users && info.users->state == State::deleted) {
    info.users.reset();
  } else if (info.users) {
    info.users = as_full(*std::move(info.users));
  }
  return info;
}

}  // namespace

// RFC 4575 4.6
Applied apply(const ConferenceInfo& document, std::optional<ConferenceInfo>& known) {
  // A full document replaces all, and its version is the one to count from.
  const auto state = document.state.value_or(State::full);
  if (state == State::full) {
    known = as_full(document);
    return Applied::yes;
  }

  // A partial one changes only the version before it.
  if (!known || document.version > known->version + std::uint64_t{1}) return Applied::need_full;
  if (document.version <= known->version) return Applied::old;
  if (state == State::deleted) {
    known.reset();
  } else {
    update(document, *known);
  }
  return Applied::yes;
}

}  // namespace convene::conference
