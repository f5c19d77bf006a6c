#include "sdp/msrp_attributes.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace convene::sdp {

namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const auto word : split(text, ' '))
    if (!trim(word).empty()) words.emplace_back(trim(word));
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += text.empty() ? word : ' ' + word;
  return text;
}

constexpr std::array directions{Direction::sendrecv, Direction::sendonly, Direction::recvonly,
                                Direction::inactive};

std::optional<Direction> parse_direction(std::string_view text) {
  const auto found =
      std::ranges::find(directions, text, [](Direction direction) { return to_text(direction); });
  if (found == directions.end()) return std::nullopt;
  return *found;
}

// The last of its direction attributes.
std::optional<Direction> direction_in(const Attributes& attributes) {
  std::optional<Direction> direction;
  for (const auto& [name, value] : attributes.all())
    if (!value && parse_direction(name)) direction = parse_direction(name);
  return direction;
}

std::string_view without_params(std::string_view type) {
  return trim(type.substr(0, type.find(';')));
}

}  // namespace

// RFC 4975 8.1
std::vector<std::string> path_of(const Media& media) {
  return words_of(media.attributes.value("path").value_or(""));
}

void set_path(Media& media, const std::vector<std::string>& path) {
  media.attributes.set("path", joined(path));
}

// RFC 4145 4
std::optional<Setup> parse_setup(std::string_view text) {
  for (const auto setup : {Setup::active, Setup::passive, Setup::actpass, Setup::holdconn})
    if (iequals(trim(text), to_text(setup))) return setup;
  return std::nullopt;
}

std::string_view to_text(Setup setup) {
  switch (setup) {
    case Setup::active: return "active";
    case Setup::passive: return "passive";
    case Setup::actpass: return "actpass";
    case Setup::holdconn: return "holdconn";
  }
  return {};
}

std::optional<Setup> setup_of(const Media& media) {
  return parse_setup(media.attributes.value("setup").value_or(""));
}

void set_setup(Media& media, Setup setup) { media.attributes.set("setup", to_text(setup)); }

std::string_view to_text(Direction direction) {
  switch (direction) {
    case Direction::sendrecv: return "sendrecv";
    case Direction::sendonly: return "sendonly";
    case Direction::recvonly: return "recvonly";
    case Direction::inactive: return "inactive";
  }
  return {};
}

// RFC 4566 6: one at session level counts for every medium without its own.
Direction direction_of(const SessionDescription& session, const Media& media) {
  if (const auto own = direction_in(media.attributes)) return *own;
  return direction_in(session.attributes).value_or(Direction::sendrecv);
}

void set_direction(Media& media, Direction direction) {
  Attributes changed;
  bool is_set = false;
  for (const auto& [name, value] : media.attributes.all()) {
    const bool is_direction = !value && parse_direction(name);
    if (is_direction && !is_set) {
      changed.add(to_text(direction));
      is_set = true;
    } else if (!is_direction && value) {
      changed.add(name, *value);
    } else if (!is_direction) {
      changed.add(name);
    }
  }
  if (!is_set) changed.add(to_text(direction));
  media.attributes = std::move(changed);
}

// RFC 3264 6.1
Direction reversed(Direction direction) {
  switch (direction) {
    case Direction::sendonly: return Direction::recvonly;
    case Direction::recvonly: return Direction::sendonly;
    case Direction::sendrecv:
    case Direction::inactive: return direction;
  }
  return direction;
}

// RFC 4975 8.6
TypeList accept_types_of(const Media& media) {
  return words_of(media.attributes.value("accept-types").value_or(""));
}

TypeList accept_wrapped_types_of(const Media& media) {
  return words_of(media.attributes.value("accept-wrapped-types").value_or(""));
}

void set_accept_types(Media& media, const TypeList& types) {
  media.attributes.set("accept-types", joined(types));
}

void set_accept_wrapped_types(Media& media, const TypeList& types) {
  media.attributes.set("accept-wrapped-types", joined(types));
}

bool type_is_accepted(const TypeList& types, std::string_view type) {
  type = without_params(type);
  return std::ranges::any_of(types, [type](std::string_view entry) {
    entry = without_params(entry);
    if (entry == "*" || entry == "*/*") return true;
    if (!entry.ends_with("/*")) return iequals(entry, type);
    const auto family = entry.substr(0, entry.size() - 1);
    return type.size() > family.size() && iequals(type.substr(0, family.size()), family);
  });
}

std::optional<std::uint64_t> max_size_of(const Media& media) {
  return to_number(trim(media.attributes.value("max-size").value_or("")));
}

void set_max_size(Media& media, std::uint64_t octets) {
  media.attributes.set("max-size", std::to_string(octets));
}

}  // namespace convene::sdp
