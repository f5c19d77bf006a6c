#include "sdp/session_description.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace convene::sdp {

namespace {

// Where a line stands among those of its section, RFC 4566 5. Lines that we do not know come last.
int rank_of(char type) {
  constexpr std::string_view order = "iuepcbtzk";
  if (type == 'r') return rank_of('t');  // it belongs to the t= line above
  const auto rank = order.find(type);
  return static_cast<int>(rank == std::string_view::npos ? order.size() : rank);
}

std::vector<std::string_view> fields_of(std::string_view text) {
  auto words = split(text, ' ');
  std::erase(words, "");
  return words;
}

// o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>. RFC 4566 5.2
Result<Origin> parse_origin(std::string_view text) {
  const auto words = fields_of(text);
  if (words.size() != 6) return fail(Fault::malformed, "o= without its six fields");
  const auto version = to_number(words[2]);
  if (!version) return fail(Fault::malformed, "o= with an unreadable version");
  return Origin{.username = std::string{words[0]},
                .session_id = std::string{words[1]},
                .version = *version,
                .network_type = std::string{words[3]},
                .address_type = std::string{words[4]},
                .address = std::string{words[5]}};
}

// c=<nettype> <addrtype> <connection-address>. RFC 4566 5.7
Result<Connection> parse_connection(std::string_view text) {
  const auto words = fields_of(text);
  if (words.size() != 3) return fail(Fault::malformed, "c= without its three fields");
  Connection connection{.network_type = std::string{words[0]},
                        .address_type = std::string{words[1]},
                        .address = std::string{words[2]}};
  auto& address = connection.address;
  if (address.starts_with('[') && address.ends_with(']') && address.size() > 2)
    address = address.substr(1, address.size() - 2);
  return connection;
}

Result<std::uint16_t> parse_port(std::string_view text) {
  const auto number = to_number(text);
  if (!number || *number > std::numeric_limits<std::uint16_t>::max())
    return fail(Fault::malformed, "m= with an unreadable port");
  return static_cast<std::uint16_t>(*number);
}

// m=<media> <port>[/<number of ports>] <proto> <fmt> ... RFC 4566 5.14
Result<Media> parse_media(std::string_view text) {
  const auto words = fields_of(text);
  if (words.size() < 3) return fail(Fault::malformed, "m= without its fields");
  const auto slash = words[1].find('/');

  Media media;
  media.kind = words[0];
  media.port = TRY(parse_port(words[1].substr(0, slash)));
  if (slash != std::string_view::npos)
    media.port_count = TRY(parse_port(words[1].substr(slash + 1)));
  media.protocol = words[2];
  media.formats.assign(words.begin() + 3, words.end());
  return media;
}

// a=<attribute> or a=<attribute>:<value>. RFC 4566 5.13
Result<> parse_attribute(std::string_view text, Attributes& attributes) {
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  if (trim(name).empty()) return fail(Fault::malformed, "a= without a name");
  if (colon == std::string_view::npos) {
    attributes.add(name);
  } else {
    attributes.add(name, text.substr(colon + 1));
  }
  return {};
}

// Reads line after line into the session, or into its last medium.
class Reader {
 public:
  Result<> read(std::string_view line);
  Result<SessionDescription> finish();

 private:
  Result<> read_once(char type, std::string_view value);  // v= o= s= t=, before the media
  Result<> read_section(char type, std::string_view value);

  SessionDescription session_;
  std::string seen_;  // types of which there is one
  std::size_t attributes_ = 0;
  std::size_t others_ = 0;
};

Result<> Reader::read_once(char type, std::string_view value) {
  if (seen_.contains(type)) return fail(Fault::malformed, std::string{type} + "= given twice");
  seen_ += type;
  if (type == 'v' && trim(value) != "0") return fail(Fault::unsupported, "SDP version");
  if (type == 'o') session_.origin = TRY(parse_origin(value));
  if (type == 's') session_.name = value;
  if (type == 't') session_.time = value;
  return {};
}

Result<> Reader::read_section(char type, std::string_view value) {
  Media* const media = session_.media.empty() ? nullptr : &session_.media.back();
  auto& connection = media ? media->connection : session_.connection;
  auto& attributes = media ? media->attributes : session_.attributes;
  auto& others = media ? media->others : session_.others;

  if (type == 'a') {
    if (++attributes_ > max_attributes) return fail(Fault::too_large, "number of attributes");
    return parse_attribute(value, attributes);
  }
  if (type == 'c' && !connection) {
    connection = TRY(parse_connection(value));
    return {};
  }
  if (++others_ > max_other_lines) return fail(Fault::too_large, "number of SDP lines");
  const auto place = std::ranges::upper_bound(others, rank_of(type), {},
                                              [](const Line& line) { return rank_of(line.type); });
  others.insert(place, {type, std::string{value}});
  return {};
}

Result<> Reader::read(std::string_view line) {
  if (line.size() > max_line) return fail(Fault::too_large, "length of an SDP line");
  const bool is_type =
      line.size() >= 2 && line[1] == '=' && to_lower(line[0]) >= 'a' && to_lower(line[0]) <= 'z';
  if (!is_type || line.contains('\r') || line.contains('\0'))
    return fail(Fault::malformed, "no SDP line");

  const char type = line[0];
  const auto value = line.substr(2);
  if (seen_.empty() && type != 'v') return fail(Fault::malformed, "SDP without v=");
  if (type == 'm') {
    if (session_.media.size() == max_media) return fail(Fault::too_large, "number of m= lines");
    session_.media.push_back(TRY(parse_media(value)));
    return {};
  }
  const bool is_further_time = type == 't' && seen_.contains('t');
  if (session_.media.empty() && std::string_view{"vost"}.contains(type) && !is_further_time)
    return read_once(type, value);
  return read_section(type, value);
}

Result<SessionDescription> Reader::finish() {
  if (!seen_.contains('o')) return fail(Fault::malformed, "SDP without o=");
  return std::move(session_);
}

// A value of ours must not be able to begin a new line.
void print_line(char type, std::string_view value, std::string& out) {
  out += type;
  out += '=';
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  out += "\r\n";
}

void print_connection(const std::optional<Connection>& connection, std::string& out) {
  if (!connection) return;
  print_line('c',
             connection->network_type + ' ' + connection->address_type + ' ' + connection->address,
             out);
}

// Those of `others` whose rank lies in [first, last).
void print_others(const std::vector<Line>& others, int first, int last, std::string& out) {
  for (const auto& [type, value] : others)
    if (rank_of(type) >= first && rank_of(type) < last) print_line(type, value, out);
}

void print_attributes(const Attributes& attributes, std::string& out) {
  for (const auto& [name, value] : attributes.all())
    print_line('a', value ? name + ':' + *value : name, out);
}

void print_media(const Media& media, std::string& out) {
  auto line = media.kind + ' ' + std::to_string(media.port);
  if (media.port_count) line += '/' + std::to_string(*media.port_count);
  line += ' ' + media.protocol;
  for (const auto& format : media.formats) line += ' ' + format;
  print_line('m', line, out);

  print_others(media.others, 0, rank_of('c'), out);
  print_connection(media.connection, out);
  print_others(media.others, rank_of('c'), std::numeric_limits<int>::max(), out);
  print_attributes(media.attributes, out);
}

}  // namespace

Connection connection_to(std::string_view address) {
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  return {.network_type = "IN",
          .address_type = address.contains(':') ? "IP6" : "IP4",
          .address = std::string{address}};
}

// RFC 4566 5
Result<SessionDescription> parse_session_description(std::string_view text) {
  if (text.size() > max_octets) return fail(Fault::too_large, "SDP of too many octets");
  Reader reader;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line.empty()) TRY(reader.read(line));
  }
  return reader.finish();
}

std::string to_text(const SessionDescription& session) {
  const auto& origin = session.origin;
  std::string out = "v=0\r\n";
  print_line('o',
             origin.username + ' ' + origin.session_id + ' ' + std::to_string(origin.version) +
                 ' ' + origin.network_type + ' ' + origin.address_type + ' ' + origin.address,
             out);
  print_line('s', session.name, out);
  print_others(session.others, 0, rank_of('c'), out);
  print_connection(session.connection, out);
  print_others(session.others, rank_of('c'), rank_of('t'), out);
  print_line('t', session.time, out);
  print_others(session.others, rank_of('t'), std::numeric_limits<int>::max(), out);
  print_attributes(session.attributes, out);
  for (const auto& media : session.media) print_media(media, out);
  return out;
}

std::optional<Connection> connection_of(const SessionDescription& session, const Media& media) {
  return media.connection ? media.connection : session.connection;
}

}  // namespace convene::sdp
