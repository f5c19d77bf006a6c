#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sdp/session_description.h"

namespace convene::sdp {

// a=path:<uri> <uri> ... RFC 4975 8.1. Empty when absent.
std::vector<std::string> path_of(const Media& media);
void set_path(Media& media, const std::vector<std::string>& path);

// a=setup. RFC 4145 4, RFC 6135 4.2.
enum class Setup { active, passive, actpass, holdconn };
std::optional<Setup> parse_setup(std::string_view text);
std::string_view to_text(Setup setup);
std::optional<Setup> setup_of(const Media& media);  // nothing: absent or unknown
void set_setup(Media& media, Setup setup);

// The direction attributes are flags of which the last counts; sendrecv when there is none, neither
// in the medium nor in the session. RFC 4566 6, RFC 3264 5.1.
enum class Direction { sendrecv, sendonly, recvonly, inactive };
std::string_view to_text(Direction direction);
Direction direction_of(const SessionDescription& session, const Media& media);
void set_direction(Media& media, Direction direction);  // in place of the old one
Direction reversed(Direction direction);                // what an answer says: sendonly, recvonly

// a=accept-types and a=accept-wrapped-types: media types, "text/*" or "*". RFC 4975 8.6.
using TypeList = std::vector<std::string>;
TypeList accept_types_of(const Media& media);
TypeList accept_wrapped_types_of(const Media& media);
void set_accept_types(Media& media, const TypeList& types);
void set_accept_wrapped_types(Media& media, const TypeList& types);

// Whether the list holds the type, its "type/*" or "*". Parameters of `type` do not count.
bool type_is_accepted(const TypeList& types, std::string_view type);

// a=max-size, in octets. Nothing when absent or unreadable. RFC 4975 8.6.
std::optional<std::uint64_t> max_size_of(const Media& media);
void set_max_size(Media& media, std::uint64_t octets);

}  // namespace convene::sdp
