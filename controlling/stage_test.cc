// What test_stage.h declares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "base/text.h"
#include "controlling/test_stage.h"
#include "cpm/session_offer.h"

namespace convene::controlling {

using sip::Name;

namespace {

constexpr WallTime morning = std::chrono::sys_days{std::chrono::year{2025} / 11 / 22} +
                             std::chrono::hours{10} + std::chrono::minutes{5};

sip::UserAgentSettings settings() {
  sip::UserAgentSettings settings;
  settings.outbound = sip::Destination{
      .transport = sip::Transport::tcp, .address = {"pf.example.com", 5060}, .flow = {}};
  return settings;
}

std::string path_in(std::string_view sdp) {
  const auto at = sdp.find("a=path:") + 7;
  return std::string{sdp.substr(at, sdp.find("\r\n", at) - at)};
}

// The order of headers says nothing, but that of one name.
std::string with_sorted_headers(std::string_view text) {
  const auto end = text.find("\r\n\r\n");
  auto rest = text.substr(0, end + 2);
  std::string sorted{take_line(rest)};
  std::vector<std::string> headers;
  while (!rest.empty()) headers.emplace_back(take_line(rest));
  std::ranges::stable_sort(headers, {},
                           [](const std::string& line) { return line.substr(0, line.find(':')); });
  for (const auto& header : headers) sorted += "\r\n" + header;
  return sorted.append(text.substr(end));
}

const std::map<std::string, std::string> chat_answers{
    {"bob", "f1-6"}, {"carol", "f1-7"}, {"dave", "f1-8"}, {"erin", "f1-9"}};

}  // namespace

std::string without_chance(std::string text) {
  static const std::vector<std::pair<std::regex, std::string>> rules{
      {std::regex{";tag=[^;>\\s]+"}, ";tag=T"},
      {std::regex{";branch=[^;\\s]+"}, ";branch=B"},
      {std::regex{";received=[0-9.]+"}, ""},
      {std::regex{"TCP pf-a\\.example"}, "TCP pf.example"},  // the fixture has one for everybody
      {std::regex{"Call-ID: [^\r]+"}, "Call-ID: C"},
      {std::regex{"CSeq: [0-9]+"}, "CSeq: N"},
      {std::regex{"\r\nContent-Length: [1-9][0-9]*\r\n\r\n"}, "\r\n\r\n"},
      {std::regex{"sip:grp-[0-9a-f]+@"}, "sip:grp-G@"},
      {std::regex{"sip:ft[0-9]*-[0-9a-z]+@cf\\.example\\.com(;transport=tcp)?"}, "sip:ft-F@cf"},
      {std::regex{"msrp://192\\.0\\.2\\.20:2855/[^;]+;tcp"}, "msrp://192.0.2.20:2855/S;tcp"},
      {std::regex{"o=- [0-9]+ [0-9]+"}, "o=- N N"},
      {std::regex{"file-transfer-id:[A-Za-z0-9]+"}, "file-transfer-id:I"},
      {std::regex{"boundary=[^\r;]+"}, "boundary=b"},
      {std::regex{"\r\n--[A-Za-z0-9]+(--)?"}, "\r\n--b$1"},
      {std::regex{"expires=[0-9]+"}, "expires=N"},
      {std::regex{"version=\"[0-9]+\""}, "version=\"V\""},
      {std::regex{"<when>[^<]+"}, "<when>W"},
      // The flows' focus hears NOTIFY; ours is subscribed to.
      {std::regex{"REFER, (NOTIFY|SUBSCRIBE), OPTIONS"}, "REFER, M, OPTIONS"},
  };
  for (const auto& [what, by] : rules) text = std::regex_replace(text, what, by);
  return with_sorted_headers(text);
}

std::string without_chance(const std::optional<sip::Message>& message) {
  return message ? without_chance(sip::to_text(*message)) : std::string{"nothing"};
}

std::string expected_flow(std::string_view label) { return without_chance(cpm::flow_text(label)); }

std::string contact_uri(const sip::Message& message) {
  return sip::to_text(sip::parse_name_addr(message.values(Name::contact).at(0)).value().uri);
}

std::string sdp_of(const sip::Message& message) {
  return sdp::to_text(cpm::description_of(message).value());
}

Stage::Stage(Policy policy)
    : calendar{now, morning},
      focus{std::move(policy), settings(), {}, {random, log, calendar}, bodies} {
  Output out;
  focus.start({.sip = {.udp = {}, .tcp = sip::HostPort{"cf.example.com", 0}, .tls = {}},
               .msrp = {"192.0.2.20", 2855}},
              now, out);
}

void Stage::receive(sip::Message message, bool is_trusted) {
  Output out;
  focus.receive(std::move(message),
                {.transport = sip::Transport::tcp,
                 .address = {"192.0.2.30", 5060},
                 .flow = {1},
                 .is_trusted = is_trusted},
                now, out);
  take(out);
}

template <class Predicate>
std::optional<sip::Message> Stage::take_first(Predicate is_wanted) {
  for (auto it = sent.begin(); it != sent.end(); ++it) {
    if (!is_wanted(*it)) continue;
    auto found = std::move(*it);
    sent.erase(it);
    return found;
  }
  return std::nullopt;
}

std::optional<sip::Message> Stage::request(std::string_view method, std::string_view uri) {
  return take_first([&](const sip::Message& one) {
    return one.is_request() && one.method() == method && one.uri().starts_with(uri);
  });
}

std::optional<sip::Message> Stage::response(std::string_view method) {
  return take_first([&](const sip::Message& one) {
    return !one.is_request() && one.status() >= 200 && one.method() == method;
  });
}

int Stage::status(std::string_view method) {
  const auto answer = response(method);
  return answer ? answer->status() : 0;
}

void Stage::answer(const sip::Message& request, sip::Message response) {
  for (const auto name : {Name::via, Name::from, Name::call_id, Name::cseq}) {
    response.remove(name);
    response.copy(name, request);
  }
  response.set(Name::to, std::string{request.header(Name::to)} + ";tag=peer");
  receive(std::move(response));
}

void Stage::answer(const sip::Message& request, int status) {
  answer(request, sip::Message::response(status));
}

std::string Stage::next_via() {
  return "SIP/2.0/TCP pf.example.com;branch=z9hG4bKpf" + std::to_string(++branches_);
}

sip::Message Stage::in_dialog(std::string_view method, const sip::Message& dialog, int cseq) {
  const bool we_answered = dialog.is_request();
  const std::string other{dialog.header(Name::to)};
  auto message = sip::Message::request(method, contact_uri(dialog));
  message.add(Name::via, next_via());
  message.add(Name::max_forwards, "70");
  message.add(Name::from, we_answered ? other + ";tag=peer" : dialog.header(Name::from));
  message.add(Name::to, we_answered ? dialog.header(Name::from) : other);
  message.add(Name::call_id, dialog.header(Name::call_id));
  message.add(Name::cseq, std::to_string(cseq) + " " + std::string{method});
  return message;
}

sip::Message Stage::fresh(std::string_view label, std::string_view uri) {
  auto message = flow(label);
  message.set(Name::via, next_via());
  message.set(Name::call_id, "call-" + std::to_string(branches_));
  if (!uri.empty()) message.set_uri(uri);
  return message;
}

void Stage::connect(const std::string& name, std::string_view focus_sdp,
                    std::string_view peer_sdp) {
  lines_[name] = {.connection = {connections_ += 2},
                  .theirs = path_in(focus_sdp),
                  .ours = path_in(peer_sdp),
                  .heard = {},
                  .kept = {}};
  Output out;
  focus.msrp_accepted(lines_[name].connection, {.host = "198.51.100.1"}, now, out);
  take(out);
  const auto bind = frame(name, "SEND", {"Message-ID: bind", "Byte-Range: 1-0/0"}, {});
  const auto text = hear(name);
  const auto end = "-------" + bind + "$\r\n";
  EXPECT_THAT(text, testing::HasSubstr("MSRP " + bind + " 200")) << name;
  if (const auto at = text.find(end); at != std::string::npos) {
    lines_.at(name).kept = text.substr(at + end.size());
  }
}

std::string Stage::frame(const std::string& name, std::string_view method,
                         const std::vector<std::string>& headers, std::string_view body,
                         char flag) {
  auto& line = lines_.at(name);
  const auto id = "tx" + std::to_string(++line.transactions) + name;
  std::string text = "MSRP " + id + " " + std::string{method} + "\r\nTo-Path: " + line.theirs +
                     "\r\nFrom-Path: " + line.ours + "\r\n";
  for (const auto& header : headers) text += header + "\r\n";
  if (!body.empty()) text += "\r\n" + std::string{body} + "\r\n";
  octets(name, text + "-------" + id + flag + "\r\n");
  return id;
}

std::string Stage::say(const std::string& name, std::string_view body, std::string_view type) {
  const auto size = std::to_string(body.size());
  return frame(name, "SEND",
               {"Message-ID: m" + std::to_string(++messages_), "Byte-Range: 1-" + size + "/" + size,
                "Content-Type: " + std::string{type}},
               body);
}

void Stage::reply(const std::string& name, std::string_view transaction, int status) {
  const auto& line = lines_.at(name);
  const std::string id{transaction};
  octets(name, "MSRP " + id + " " + std::to_string(status) + "\r\nTo-Path: " + line.theirs +
                   "\r\nFrom-Path: " + line.ours + "\r\n-------" + id + "$\r\n");
}

void Stage::octets(const std::string& name, std::string_view text) {
  const auto connection = lines_.at(name).connection;
  while (!text.empty() && lines_.at(name).is_open) {
    const auto room = focus.msrp_prepare(connection);
    const auto count = std::min(room.size(), text.size());
    if (count == 0) return;
    std::ranges::copy(std::as_bytes(std::span{text}).first(count), room.begin());
    text.remove_prefix(count);
    Output out;
    focus.msrp_commit(connection, count, now, out);
    take(out);
  }
}

std::string Stage::hear(const std::string& name) {
  auto all = std::exchange(lines_.at(name).kept, {});
  for (;;) {
    const auto text = std::exchange(lines_.at(name).heard, {});
    if (text.empty()) return all;
    all += text;
    std::string_view rest = text;
    while (answers_sends && !rest.empty()) {
      const auto words = split(take_line(rest), ' ');
      if (words.size() == 3 && words[0] == "MSRP" && words[2] == "SEND") reply(name, words[1], 200);
    }
  }
}

int Stage::status_heard(const std::string& name, const std::string& transaction) {
  const auto text = hear(name);
  const auto begin = "MSRP " + transaction + " ";
  const auto at = text.find(begin);
  return at == std::string::npos ? 0 : std::stoi(text.substr(at + begin.size(), 3));
}

void Stage::cut(const std::string& name) {
  auto& line = lines_.at(name);
  line.is_open = false;
  Output out;
  focus.msrp_closed(line.connection, now, out);
  take(out);
}

void Stage::pass(Duration time) {
  const auto until = now + time;
  for (auto next = focus.deadline(); next && *next <= until; next = focus.deadline()) {
    now = std::max(now, *next);
    Output out;
    focus.wake(now, out);
    take(out);
  }
  now = until;
}

void Stage::take(Output& out) {
  for (auto& one : out.sends) sent.push_back(std::move(one.message));
  for (auto& one : out.stores) {
    if (const auto* forget = std::get_if<ForgetGroup>(&one)) records.erase(forget->focus);
    if (auto* group = std::get_if<StoreGroup>(&one)) stores.push_back(std::move(*group));
  }
  std::ranges::move(out.fetches, std::back_inserter(fetches));
  for (const auto& effect : out.msrp) {
    if (const auto* want = std::get_if<msrp::WantWrite>(&effect)) write(want->connection);
    const auto* close = std::get_if<msrp::Close>(&effect);
    for (auto& [name, line] : lines_) {
      if (close && line.connection == close->connection) line.is_open = false;
    }
  }
  while (!stores_wait && store(true)) {
  }
}

void Stage::fetched(DocumentId id, const FetchedDocument& document) {
  Output out;
  focus.document_fetched(id, document, now, out);
  take(out);
}

void Stage::hear_on(msrp::ConnectionId connection, std::string_view text) {
  for (auto& [name, line] : lines_) {
    if (line.connection == connection) line.heard += text;
  }
}

void Stage::write(msrp::ConnectionId connection) {
  Output out;
  focus.msrp_writable(connection, max_write, now, out);
  for (const auto& effect : out.msrp) {
    const auto* write = std::get_if<msrp::Write>(&effect);
    if (!write) continue;
    for (const auto& piece : write->pieces) {
      if (const auto* text = std::get_if<std::string>(&piece)) hear_on(connection, *text);
      const auto* slice = std::get_if<msrp::BodySlice>(&piece);
      if (slice) hear_on(connection, bodies.text(slice->body).substr(slice->offset, slice->size));
    }
  }
  take(out);
  Output after;
  focus.msrp_written(connection, now, after);
  take(after);
}

Group::Group(Policy policy, const std::vector<std::string>& joining) : Stage{std::move(policy)} {
  receive(flow("f1-2"));
  ok = response("INVITE").value();
  acknowledge(ok);
  focus_uri = contact_uri(ok);
  connect("alice", sdp_of(ok), sdp_of(flow("f1-2")));
  for (const auto& name : joining) join(name);
}

void Group::join(const std::string& name) {
  const auto invite = request("INVITE", "sip:" + name).value();
  invites.insert_or_assign(name, invite);
  answer(invite, flow(chat_answers.at(name)));
  EXPECT_TRUE(request("ACK")) << name;
  connect(name, sdp_of(invite), sdp_of(flow(chat_answers.at(name))));
}

sip::Message Group::bye(const std::string& name) {
  return in_dialog("BYE", name == "alice" ? ok : invites.at(name));
}

void Group::leave(const std::string& name) {
  auto message = bye(name);
  message.add(Name::reason, "SIP;cause=200;text=\"Call completed\"");
  receive(std::move(message));
}

sip::Message Group::file_offer(const std::vector<std::pair<std::string, std::string>>& changes) {
  auto invite = fresh("f3-1", focus_uri);
  std::string body{invite.body()};
  for (const auto& [what, by] : changes) body.replace(body.find(what), what.size(), by);
  invite.set_body("multipart/mixed;boundary=b3ft", body);
  return invite;
}

void Group::begin_file() {
  const auto offer = file_offer();
  receive(offer);
  accept_file("bob");
  file_ok = response("INVITE").value();
  acknowledge(file_ok);
  connect("alice-file", sdp_of(file_ok), sdp_of(offer));
}

void Group::accept_file(const std::string& name) {
  const auto invite = request("INVITE", "sip:" + name).value();
  file_invites.insert_or_assign(name, invite);
  const auto description = cpm::description_of(invite).value();
  const std::string id{*description.media[0].attributes.value("file-transfer-id")};
  auto accepted = flow("f3-5");
  std::string body{accepted.body()};
  body.replace(body.find("Zk21bobQ0w8e7r6t5y4u3i2o1p0a9s8d7"), 33, id);
  body.replace(body.find("/bobft"), 6, "/" + name + "ft");
  accepted.set_body("application/sdp", body);
  accepted.set(Name::contact, flow(chat_answers.at(name)).header(Name::contact));
  answer(invite, accepted);
  EXPECT_TRUE(request("ACK")) << name;
  connect(name + "-file", sdp_of(invite), body);
}

void Group::send_file() {
  frame("alice-file", "SEND",
        {"Message-ID: file-1", "Byte-Range: 1-40/65", "Success-Report: no", "Failure-Report: yes",
         "Content-Type: text/plain"},
        file_text.substr(0, 40), '+');
  frame("alice-file", "SEND",
        {"Message-ID: file-1", "Byte-Range: 41-65/65", "Success-Report: no", "Failure-Report: yes",
         "Content-Type: text/plain"},
        file_text.substr(40));
}

void Group::end_file() { receive(in_dialog("BYE", file_ok)); }

}  // namespace convene::controlling
