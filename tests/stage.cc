#include "tests/stage.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hash.h"

namespace convene::tests {

namespace {

const std::string domain = "example.com";

std::string address_of(const std::string& name) { return "sip:" + name + "@" + domain; }

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

StageSettings::StageSettings() {
  policy.group.focus_host = "cf.example.com";
  policy.information.at_most_every = Duration{0};
}

std::unique_ptr<Stage> Stage::make(std::string_view kind, StageSettings settings) {
  return kind == "sim" ? make_sim_stage(std::move(settings))
                       : make_socket_stage(std::move(settings));
}

// ---- Who is on it. ----

registrar::Settings Stage::pf_settings() const {
  registrar::Settings registrar;
  registrar.domain = domain;
  registrar.authentication.realm = domain;
  for (const auto& name : stage_cast)
    registrar.authentication.users.push_back(
        {.address = address_of(name), .password = "pw-" + name, .display = ""});
  registrar.service_uris = {settings_.policy.group.factories.front().uri};
  registrar.service_hosts = {settings_.policy.group.focus_host};
  return registrar;
}

node::ServerSettings Stage::server_settings(const sip::HostPort& pf) const {
  node::ServerSettings server;
  server.policy = settings_.policy;
  server.media = settings_.focus_media;
  server.controlling.outbound =
      sip::Destination{.transport = sip::Transport::tcp, .address = pf, .flow = {}};
  const std::vector<std::string> trusted{pf.host};
  server.links.trusted = node::TrustedPeers::parse(trusted).value();
  return server;
}

client::Settings Stage::client_settings(const std::string& name, const sip::HostPort& pf) const {
  const auto number = std::ranges::find(stage_cast, name) - stage_cast.begin() + 1;
  client::Settings client;
  client.address = address_of(name);
  if (name == "alice") client.display_name = "Alice";
  client.credentials = {.user = name, .password = "pw-" + name};
  client.instance = "<urn:uuid:00000000-0000-1000-8000-00000000000" + std::to_string(number) + ">";
  client.outbound = sip::Destination{.transport = sip::Transport::tcp, .address = pf, .flow = {}};
  client.route = "<sip:" + to_text(pf) + ";transport=tcp;lr>";
  client.transport = sip::Transport::tcp;
  client.conference_factory = settings_.policy.group.factories.front().uri;
  client.max_file_size = settings_.policy.file_transfer.max_size;
  client.accept_files = true;
  client.services = {.file_transfer = is_one_of(name, {"alice", "bob", "carol"}),
                     .thumbnail = is_one_of(name, {"alice", "bob"}),
                     .store_and_forward = is_one_of(name, {"alice", "bob"})};
  client.chat_only = name == "dave";
  if (settings_.adjust) settings_.adjust(name, client);
  return client;
}

void Stage::begin() {
  for (const auto& name : stage_cast) {
    events_[name];
    add_client(name);
    perform(name, [](HeldClient& node, TimePoint now, node::Effects& out) {
      node.inner().perform([&](client::Client& c, client::Output& o) { c.register_user(now, o); },
                           now, out);
    });
  }
  ASSERT_TRUE(wait([&] {
    return std::ranges::all_of(
        stage_cast, [&](const auto& name) { return count<client::Registered>(name) > 0; });
  })) << log();
}

void Stage::take_events(const std::string& name, HeldClient& node) {
  auto told = node.inner().take_events();
  auto& events = events_.at(name);
  std::ranges::move(told, std::back_inserter(events));
}

// ---- What they do. ----

void Stage::create_group(const std::string& creator, const std::vector<std::string>& members) {
  client::NewGroup group{.subject = "Trail Sunday", .members = {}};
  for (const auto& member : members) group.members.push_back(address_of(member));
  const auto created = with(creator, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group(group, now, o);
  });
  ASSERT_TRUE(created) << created.error().detail;
  groups_[creator] = *created;
  ASSERT_TRUE(wait([&] {
    return count<client::Joined>(creator) > 0 &&
           std::ranges::all_of(members,
                               [&](const auto& name) { return count<client::Invited>(name) > 0; });
  })) << log();
}

void Stage::invite(const std::string& creator, const std::vector<std::string>& uris) {
  const auto created = with(creator, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group({.subject = {}, .members = uris}, now, o);
  });
  ASSERT_TRUE(created) << created.error().detail;
  groups_[creator] = *created;
}

void Stage::disconnect(const std::string& name) {
  const auto ended = count<client::Ended>(name);
  const auto done = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.disconnect(groups_.at(name), now, o);
  });
  ASSERT_TRUE(done) << done.error().detail;
  ASSERT_TRUE(wait([&] { return count<client::Ended>(name) > ended; })) << log();
}

void Stage::rejoin(const std::string& name) {
  const auto done = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.rejoin(groups_.at(name), now, o);
  });
  ASSERT_TRUE(done) << done.error().detail;
}

void Stage::accept(const std::string& name) {
  groups_[name] = events<client::Invited>(name).back().group;
  const auto before = count<client::Joined>(name);
  const auto accepted = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.accept(groups_.at(name), now, o);
  });
  ASSERT_TRUE(accepted) << accepted.error().detail;
  ASSERT_TRUE(wait([&] { return count<client::Joined>(name) > before; })) << log();
}

void Stage::create_session(const std::string& caller, const std::string& called) {
  const auto created = with(caller, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_session({.peer = address_of(called), .subject = "", .ids = {}}, now, o);
  });
  ASSERT_TRUE(created) << created.error().detail;
  groups_[caller] = *created;
  ASSERT_TRUE(wait([&] { return count<client::Invited>(called) > 0; })) << log();
  accept(called);
  ASSERT_TRUE(wait([&] { return count<client::Joined>(caller) > 0; })) << log();
}

void Stage::extend(const std::string& name, const std::string& member) {
  const auto group = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.extend_to_group(groups_.at(name), {.subject = "", .members = {address_of(member)}},
                             now, o);
  });
  ASSERT_TRUE(group) << group.error().detail;
  groups_[name] = *group;
}

std::vector<client::TransferId> Stage::send_files(
    const std::string& name, const std::string& to,
    const std::vector<std::pair<std::string, std::string>>& names_and_octets) {
  std::vector<client::FileToSend> files;
  for (const auto& [file_name, octets] : names_and_octets) {
    client::FileToSend file{.body = bodies(name).create(octets.size()).value(),
                            .name = file_name,
                            .type = "text/plain",
                            .size = octets.size(),
                            .sha1 = digest_of(Digest::sha1, octets)};
    EXPECT_TRUE(bodies(name).write(file.body, 0, std::as_bytes(std::span{octets})));
    files.push_back(std::move(file));
  }
  const auto sent = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_files({.address = address_of(to)}, files, now, o);
  });
  EXPECT_TRUE(sent) << (sent ? "" : sent.error().detail);
  return sent.value_or(std::vector<client::TransferId>{});
}

std::string Stage::say(const std::string& name, std::string text,
                       cpim::DispositionNotification wants) {
  const auto said = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_chat(groups_.at(name), {.octets = text, .wants = wants}, now, o);
  });
  EXPECT_TRUE(said) << (said ? "" : said.error().detail);
  return said.value_or("");
}

client::TransferId Stage::send_file(const std::string& name, std::string_view octets,
                                    client::FileToSend file) {
  file.size = octets.size();
  file.sha1 = digest_of(Digest::sha1, octets);
  file.body = bodies(name).create(octets.size()).value();
  EXPECT_TRUE(bodies(name).write(file.body, 0, std::as_bytes(std::span{octets})));
  const auto sent = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_file(groups_.at(name), file, now, o);
  });
  EXPECT_TRUE(sent) << (sent ? "" : sent.error().detail);
  return sent.value_or(client::TransferId{});
}

void Stage::leave(const std::string& name) {
  const auto left = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(groups_.at(name), now, o);
  });
  EXPECT_TRUE(left) << (left ? "" : left.error().detail);
}

void Stage::cancel_file(const std::string& name, client::TransferId transfer) {
  const auto cancelled = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.cancel_file(transfer, now, o);
  });
  EXPECT_TRUE(cancelled) << (cancelled ? "" : cancelled.error().detail);
}

void Stage::hold_after(const std::string& name, const std::string& text) {
  perform(name, [&](HeldClient& node, TimePoint, node::Effects&) { node.hold_after(text); });
}

bool Stage::is_held(const std::string& name) {
  bool is_held = false;
  perform(name, [&](HeldClient& node, TimePoint, node::Effects&) { is_held = node.is_held(); });
  return is_held;
}

void Stage::let_go(const std::string& name) {
  perform(name, [](HeldClient& node, TimePoint, node::Effects& out) { node.let_go(out); });
}

// ---- What they know. ----

std::vector<std::string> Stage::files(const std::string& name) {
  std::vector<std::string> whole;
  for (const auto& received : events<client::FileReceived>(name)) {
    std::string octets(received.size, '\0');
    const auto read =
        bodies(name).read(received.body, 0, std::as_writable_bytes(std::span{octets}));
    octets.resize(read.value_or(0));
    whole.push_back(std::move(octets));
  }
  return whole;
}

bool Stage::knows(const std::string& name, const std::string& about,
                  client::Participant::State state) {
  const auto rosters = events<client::RosterChanged>(name);
  return !rosters.empty() &&
         std::ranges::any_of(rosters.back().participants, [&](const client::Participant& one) {
           return one.address == address_of(about) && one.state == state;
         });
}

}  // namespace convene::tests
