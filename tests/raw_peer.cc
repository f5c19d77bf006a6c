#include "tests/raw_peer.h"

#include <algorithm>
#include <ranges>
#include <set>

#include "base/hash.h"
#include "cpm/service.h"
#include "sdp/file_transfer.h"
#include "sim/test_node.h"
#include "sip/digest.h"
#include "sip/fields.h"

namespace convene::tests {

using sip::Name;

namespace {

constexpr std::string_view domain = "sip:ims.example";
const sip::HostPort server{"10.0.0.1", 5060};

// Keeps apart what came over which connection, and which are closed.
class RawNode final : public sim::TestNode {
 public:
  using TestNode::TestNode;
  void stream_closed(sip::Flow flow, TimePoint, node::Effects&) override {
    closed_streams.insert(flow.value);
  }
  void msrp_closed(msrp::ConnectionId connection, TimePoint, node::Effects&) override {
    closed_connections.insert(connection);
  }
  std::set<std::uint64_t> closed_streams;
  std::set<msrp::ConnectionId> closed_connections;
};

std::string hash_of(std::string_view octets) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string text;
  for (const char octet : digest_of(Digest::sha1, octets)) {
    if (!text.empty()) text += ':';
    text += digits[static_cast<unsigned char>(octet) / 16];
    text += digits[static_cast<unsigned char>(octet) % 16];
  }
  return text;
}

}  // namespace

std::string path_in(std::string_view sdp) {
  const auto at = sdp.find("a=path:");
  if (at == std::string_view::npos) return {};
  return std::string{sdp.substr(at + 7, sdp.find("\r\n", at) - at - 7)};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

RawPeer::RawPeer(Lab& lab, std::string name, std::string host)
    : lab_{lab}, name_{std::move(name)}, host_{std::move(host)} {
  lab_.world().add(name_, host_,
                   [](sim::Machine machine) { return std::make_unique<RawNode>(machine); });
  connect();
}

// ---- SIP ----

void RawPeer::connect() {
  flow_ += 2;
  framer_ = sip::Framer{};
  read_ = 0;
  lab_.world().perform<RawNode>(name_, [&](RawNode&, TimePoint, node::Effects& out) {
    out.emplace_back(
        node::OpenStream{.flow = {flow_ + 1}, .transport = sip::Transport::tcp, .remote = server});
  });
}

bool RawPeer::is_connected() {
  return !lab_.world().get<RawNode>(name_).closed_streams.contains(flow_ + 1);
}

void RawPeer::octets(std::string text) {
  lab_.world().perform<RawNode>(name_, [&](RawNode&, TimePoint, node::Effects& out) {
    out.emplace_back(node::SendStream{.flow = {flow_ + 1}, .octets = std::move(text)});
  });
}

std::string RawPeer::contact() const {
  const std::string iari = takes_files ? "ft" : "im";
  return "<sip:" + name_ + "@" + host_ +
         ":5060;transport=tcp>;+sip.instance=\"<urn:uuid:" + "00000000-0000-1000-8000-00000000000" +
         host_.back() + ">\"" +
         ";+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session\"" +
         ";+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-application.ims.iari.rcse." + iari + "\"";
}

std::string RawPeer::next_via() {
  return "SIP/2.0/TCP " + host_ + ":5060;branch=z9hG4bKraw" + std::to_string(++requests_);
}

sip::Message RawPeer::request(std::string_view method, std::string_view uri) {
  auto message = sip::Message::request(method, uri);
  message.add(Name::via, next_via());
  const auto number = std::to_string(requests_);
  message.add(Name::max_forwards, "70");
  message.add(Name::from, "<sip:" + name_ + "@ims.example>;tag=raw" + number);
  message.add(Name::to, "<" + std::string{uri} + ">");
  message.add(Name::call_id, "raw-" + number + "@" + host_);
  message.add(Name::cseq, "1 " + std::string{method});
  message.add(Name::contact, contact());
  return message;
}

sip::Message RawPeer::invite(std::string_view uri, std::string_view icsi, std::string_view body,
                             std::string_view content_type) {
  auto message = request("INVITE", uri);
  message.add(Name::accept_contact, cpm::accept_contact(icsi));
  message.add(Name::conversation_id, "f1b7c2a4-9c1e-4d2f-8a55-6a0d4c1e2b30");
  message.add(Name::contribution_id, "raw" + std::to_string(requests_));
  message.set_body(content_type, body);
  return message;
}

sip::Message RawPeer::in_dialog(std::string_view method, const sip::Message& ok, int cseq) {
  const auto contact = sip::parse_name_addr(ok.header(Name::contact));
  auto message = sip::Message::request(method, contact ? sip::to_text(contact->uri) : "sip:none");
  message.add(Name::via, next_via());
  const auto routes = ok.values(Name::record_route);
  for (const auto route : std::views::reverse(routes)) message.add(Name::route, route);
  message.add(Name::max_forwards, "70");
  for (const auto name : {Name::from, Name::to, Name::call_id}) message.copy(name, ok);
  message.add(Name::cseq, std::to_string(cseq) + " " + std::string{method});
  return message;
}

sip::Message RawPeer::in_accepted(std::string_view method, const sip::Message& invite, int cseq) {
  const auto contact = sip::parse_name_addr(invite.header(Name::contact));
  auto message = sip::Message::request(method, contact ? sip::to_text(contact->uri) : "sip:none");
  message.add(Name::via, next_via());
  for (const auto route : invite.values(Name::record_route)) message.add(Name::route, route);
  message.add(Name::max_forwards, "70");
  message.add(Name::from, std::string{invite.header(Name::to)} + ";tag=raw");
  message.add(Name::to, invite.header(Name::from));
  message.copy(Name::call_id, invite);
  message.add(Name::cseq, std::to_string(cseq) + " " + std::string{method});
  message.add(Name::contact, this->contact());
  return message;
}

void RawPeer::listen() {
  if (!lab_.world().is_up(name_)) return;
  const auto& all = lab_.world().get<RawNode>(name_).received[flow_ + 1];
  framer_.feed(std::string_view{all}.substr(read_));
  read_ = all.size();
  for (auto next = framer_.next(); next; next = framer_.next()) {
    auto* frame = std::get_if<sip::Framer::Frame>(&*next);
    if (!frame) return;
    if (auto message = sip::parse_message(std::move(frame->octets))) inbox_.push_back(*message);
  }
}

sip::Message RawPeer::take(const std::function<bool(const sip::Message&)>& fits,
                           std::string_view what) {
  const auto is_there = [&] {
    listen();
    return std::ranges::any_of(inbox_, fits);
  };
  if (!lab_.wait(is_there, 10s)) {
    ADD_FAILURE() << name_ << " heard no " << what << "\n" << lab_.world().log();
    return sip::Message::response(699);
  }
  const auto found = std::ranges::find_if(inbox_, fits);
  auto message = std::move(*found);
  inbox_.erase(found);
  return message;
}

sip::Message RawPeer::response(std::string_view method) {
  return take(
      [method](const auto& one) {
        return !one.is_request() && one.status() >= 200 && one.method() == method;
      },
      "response");
}

sip::Message RawPeer::heard(std::string_view method) {
  return take([method](const auto& one) { return one.is_request() && one.method() == method; },
              method);
}

sip::Message RawPeer::answer_to(const sip::Message& request) {
  send(request);
  return response(request.method());
}

void RawPeer::accept(const sip::Message& invite, std::string_view sdp) {
  auto ok = sip::make_response(invite, 200, "raw");
  ok.copy(Name::record_route, invite);
  ok.add(Name::contact, contact());
  ok.set_body("application/sdp", sdp);
  send(ok);
  (void)heard("ACK");
}

// RFC 3261 10.2 with RFC 7616
void RawPeer::register_user() {
  auto first = request("REGISTER", domain);
  first.set(Name::to, "<sip:" + name_ + "@ims.example>");
  first.add(Name::expires, "3600");
  const auto refusal = answer_to(first);
  std::vector<std::string_view> challenges;
  const auto fields = refusal.fields();
  for (const auto& field : fields) {
    if (field.name == Name::www_authenticate) challenges.push_back(field.value);
  }
  const auto challenge = sip::strongest(challenges);
  ASSERT_TRUE(challenge);
  first.set(Name::via, next_via());
  first.set(Name::cseq, "2 REGISTER");
  first.add(Name::authorization,
            to_text(sip::answer(*challenge, name_, "pw-" + name_, "REGISTER", domain, 1, "raw")));
  EXPECT_EQ(answer_to(first).status(), 200);
}

// ---- MSRP ----

RawPeer::Line RawPeer::connect_msrp(std::string to_path, std::string from_path) {
  const msrp::ConnectionId connection{++connections_ * 2 - 1};
  const auto uri = msrp::parse_uri(to_path);
  const auto port = uri ? msrp::port_of(*uri) : msrp::default_port;
  lab_.world().perform<RawNode>(name_, [&](RawNode&, TimePoint, node::Effects& out) {
    out.emplace_back(msrp::Connect{.connection = connection, .host = server.host, .port = port});
  });
  lab_.world().run_for(1s);
  return {.connection = connection, .to = std::move(to_path), .from = std::move(from_path)};
}

RawPeer::Line RawPeer::bind(std::string_view their_sdp, std::string_view our_sdp) {
  auto line = connect_msrp(path_in(their_sdp), path_in(our_sdp));
  EXPECT_EQ(status_of(line, send(line, "1-0/0", {}, {})), 200) << lab_.world().log();
  return line;
}

void RawPeer::octets(const Line& line, std::string text) {
  lab_.world().perform<RawNode>(name_, [&](RawNode& node, TimePoint, node::Effects& out) {
    node.send(line.connection, std::move(text), out);
  });
}

std::string RawPeer::send(const Line& line, std::string_view range, std::string_view type,
                          std::string_view body, char flag) {
  const auto id = "raw" + std::to_string(++messages_) + "x";
  std::string text = "MSRP " + id + " SEND\r\nTo-Path: " + line.to + "\r\nFrom-Path: " + line.from +
                     "\r\nMessage-ID: " + (type == "file" ? "file" : id) +
                     "\r\nByte-Range: " + std::string{range} + "\r\n";
  if (!body.empty()) {
    text += "Content-Type: " + std::string{type == "file" ? "text/plain" : type} + "\r\n\r\n" +
            std::string{body} + "\r\n";
  }
  octets(line, text + "-------" + id + flag + "\r\n");
  return id;
}

int RawPeer::status_of(const Line& line, const std::string& transaction) {
  const auto begin = "MSRP " + transaction + " ";
  (void)lab_.wait([&] { return heard(line).find(begin) != std::string::npos; }, 5s);
  const auto at = heard(line).find(begin);
  return at == std::string::npos ? 0 : std::stoi(heard(line).substr(at + begin.size(), 3));
}

const std::string& RawPeer::heard(const Line& line) {
  return lab_.world().get<RawNode>(name_).msrp_received[line.connection];
}

bool RawPeer::is_closed(const Line& line) {
  return lab_.world().get<RawNode>(name_).closed_connections.contains(line.connection);
}

// ---- Descriptions ----

std::string RawPeer::chat_sdp(std::string_view id) const {
  return "v=0\r\no=- 1 1 IN IP4 " + host_ + "\r\ns=-\r\nc=IN IP4 " + host_ +
         "\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\na=accept-types:message/cpim\r\n"
         "a=accept-wrapped-types:text/plain\r\na=setup:active\r\na=path:msrp://" +
         host_ + ":9/" + std::string{id} + ";tcp\r\na=sendrecv\r\n";
}

std::string RawPeer::file_sdp(std::string_view id, std::string_view octets) const {
  return "v=0\r\no=- 1 1 IN IP4 " + host_ + "\r\ns=-\r\nc=IN IP4 " + host_ +
         "\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\na=sendonly\r\n"
         "a=accept-types:message/cpim text/plain\r\na=setup:active\r\na=path:msrp://" +
         host_ + ":9/" + std::string{id} +
         ";tcp\r\na=file-selector:name:\"plan.txt\" type:text/plain size:" +
         std::to_string(octets.size()) + " hash:sha-1:" + hash_of(octets) +
         "\r\na=file-transfer-id:" + std::string{id} +
         "916bdberum2fFEABR1FR3ExZMUrd12345\r\n"
         "a=file-disposition:attachment\r\n";
}

}  // namespace convene::tests
