#include "tests/lab.h"

#include <algorithm>
#include <cstdlib>

#include "base/hash.h"
#include "cpm/service.h"

namespace convene::tests {

namespace {

constexpr std::size_t numbered_members = 128;  // member-0 ...

std::vector<std::string> users() {
  std::vector<std::string> names{"alice", "bob", "carol", "dave", "erin", "frank", "mallory"};
  for (std::size_t i = 0; i < numbered_members; ++i) names.push_back("member-" + std::to_string(i));
  return names;
}

std::string address_of(std::string_view name) {
  return "sip:" + std::string{name} + "@ims.example";
}

node::ServerSettings server_settings(const LabSettings& lab) {
  registrar::Settings registrar;
  registrar.domain = "ims.example";
  registrar.authentication.realm = "ims.example";
  for (const auto& name : users())
    registrar.authentication.users.push_back(
        {.address = address_of(name), .password = "pw-" + name, .display = ""});
  registrar.service_uris = {lab.policy.group.factories.front().uri};
  registrar.service_hosts = {lab.policy.group.focus_host};
  for (const auto& host : lab.policy.group.group_hosts) registrar.service_hosts.push_back(host);

  node::ServerSettings server;
  server.policy = lab.policy;
  server.registrar = std::move(registrar);
  server.participating = lab.participating;
  server.media.stall_timeout = lab.media_stall;
  return server;
}

}  // namespace

LabSettings::LabSettings() {
  policy.group.factories = {
      {.uri = "sip:conference-factory@ims.example", .type = controlling::GroupType::open}};
  policy.group.focus_host = "10.0.0.1:5060";
  policy.group.max_participants = 150;
  policy.file_transfer.max_size = 256U << 20;
  // The same tests once more, with the Participating Functions on the way: tests/CMakeLists.txt.
  // With "recording" everything is recorded, so that all media passes through them, too.
  const auto* const variant = std::getenv("CONVENE_LAB_PARTICIPATING");
  if (variant == nullptr) return;
  participating.emplace();
  participating->preferences.offline_storage = participating->history.has_store =
      std::string_view{variant} == "recording";
}

Lab::Lab(LabSettings settings) : settings_{std::move(settings)}, world_{settings_.world} {
  world_.add("cf", "10.0.0.1", [this](sim::Machine machine) {
    auto server = std::make_unique<node::ServerNode>(server_settings(settings_),
                                                     machine.surroundings, machine.bodies);
    server->restore(machine.disk.records());
    server->restore(machine.disk.deferred_entries());
    return server;
  });
}

client::Settings Lab::settings_of(const std::string& user, Device device) const {
  client::Settings client;
  client.address = address_of(user);
  client.display_name = user;
  client.display_name[0] = static_cast<char>(user[0] - 'a' + 'A');
  client.credentials = {.user = user, .password = "pw-" + user};
  client.outbound =
      sip::Destination{.transport = settings_.transport, .address = {"10.0.0.1", 5060}, .flow = {}};
  client.transport = settings_.transport;
  client.conference_factory = settings_.policy.group.factories.front().uri;
  client.profile = settings_.profile;
  client.max_file_size = settings_.policy.file_transfer.max_size;
  client.accept_invitations = true;
  client.accept_files = true;
  const auto number = std::to_string(1'000'000 + seen_.size());
  client.instance = "<urn:uuid:00000000-0000-1000-8000-00000" + number + ">";
  client.services = {.file_transfer = device == Device::everything || device == Device::files_only,
                     .thumbnail = device == Device::everything,
                     .store_and_forward = device == Device::everything};
  client.chat_only = device == Device::chat_only;
  client.media.stall_timeout = settings_.media_stall;
  return client;
}

void Lab::add(const std::string& name, Device device) { add_device(name, name, device); }

void Lab::add_device(const std::string& name, const std::string& user, Device device) {
  const auto host = "10.0." + std::to_string(1 + seen_.size() / 200) + "." +
                    std::to_string(1 + seen_.size() % 200);
  auto settings = settings_of(user, device);
  if (settings_.adjust) settings_.adjust(name, settings);
  seen_[name];
  sim::HostSettings host_settings{.address = host, .accepts_streams = true};
  if (settings_.equip) settings_.equip(name, host_settings);
  world_.add(name, std::move(host_settings), [settings](sim::Machine machine) {
    return std::make_unique<node::ClientNode>(settings, node::SipLinkSettings{},
                                              machine.surroundings, machine.bodies);
  });
  world_.after_input(name, [this, name](node::Node& node, TimePoint, node::Effects&) {
    auto told = dynamic_cast<node::ClientNode&>(node).take_events();
    auto& seen = seen_[name];
    seen.insert(seen.end(), std::make_move_iterator(told.begin()),
                std::make_move_iterator(told.end()));
  });
  register_user(name);
}

void Lab::register_user(const std::string& name) {
  world_.perform<node::ClientNode>(name, [](node::ClientNode& node, TimePoint now,
                                            node::Effects& out) {
    node.perform([&](client::Client& c, client::Output& o) { c.register_user(now, o); }, now, out);
  });
}

void Lab::add_cast() {
  add("alice", Device::everything);
  add("bob", Device::everything);
  add("carol", Device::files_only);
  add("dave", Device::chat_only);
  add("erin", Device::silent);
  ASSERT_TRUE(wait([&] {
    return std::ranges::all_of(
        seen_, [&](const auto& member) { return count<client::Registered>(member.first) > 0; });
  })) << "not all registered; seed "
      << world_.seed() << "\n"
      << world_.log();
}

void Lab::create_group(const std::string& creator, const std::vector<std::string>& members,
                       std::string subject) {
  client::NewGroup group{.subject = std::move(subject), .members = {}};
  for (const auto& member : members) group.members.push_back(address_of(member));
  const auto created = with(creator, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_group(group, now, o);
  });
  ASSERT_TRUE(created) << created.error().detail;
  groups_[creator] = *created;
  const auto all_joined = [&] {
    return count<client::Joined>(creator) > 0 &&
           std::ranges::all_of(members, [&](const auto& member) {
             return !seen_.contains(member) || count<client::Joined>(member) > 0;
           });
  };
  ASSERT_TRUE(wait(all_joined)) << "not all joined; seed " << world_.seed() << "\n" << world_.log();
  for (const auto& member : members) {
    if (seen_.contains(member)) groups_[member] = events<client::Joined>(member).back().group;
  }
}

void Lab::create_session(const std::string& caller, const std::string& user,
                         const std::string& answering) {
  const auto created = with(caller, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.create_session({.peer = address_of(user), .subject = "", .ids = {}}, now, o);
  });
  ASSERT_TRUE(created) << created.error().detail;
  groups_[caller] = *created;
  ASSERT_TRUE(wait([&] {
    return count<client::Joined>(caller) > 0 && count<client::Joined>(answering) > 0;
  })) << "no session; seed "
      << world_.seed() << "\n"
      << world_.log();
  groups_[answering] = events<client::Joined>(answering).back().group;
}

std::string Lab::say(const std::string& name, std::string text) {
  const auto said = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_chat(group_of(name),
                       {.octets = std::move(text),
                        .content_type = "text/plain;charset=UTF-8",
                        .wants = {},
                        .to = ""},
                       now, o);
  });
  EXPECT_TRUE(said) << (said ? "" : said.error().detail);
  return said.value_or("");
}

client::FileToSend Lab::file_of(const std::string& name, std::string octets,
                                client::FileToSend file) {
  file.size = octets.size();
  if (file.sha1.empty()) file.sha1 = digest_of(Digest::sha1, octets);
  if (file.name.empty()) file.name = "plan.txt";
  file.body = world_.bodies(name).adopt(std::move(octets));
  return file;
}

client::TransferId Lab::send_file(const std::string& name, std::string octets,
                                  client::FileToSend file) {
  file = file_of(name, std::move(octets), std::move(file));
  const auto sent = with(name, [&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_file(group_of(name), std::move(file), now, o);
  });
  EXPECT_TRUE(sent) << (sent ? "" : sent.error().detail);
  return sent.value_or(client::TransferId{});
}

std::vector<std::string> Lab::files(const std::string& name) {
  std::vector<std::string> whole;
  for (const auto& received : events<client::FileReceived>(name))
    whole.emplace_back(world_.bodies(name).octets(received.body));
  return whole;
}

std::vector<std::string> Lab::chats(const std::string& name) const {
  std::vector<std::string> texts;
  for (const auto& chat : events<client::ChatReceived>(name)) texts.push_back(chat.octets);
  return texts;
}

std::string Lab::leftovers() {
  const auto snapshot = server().snapshot();
  std::string left;
  const auto tell = [&](std::string_view what, std::size_t count) {
    if (count > 0) left += std::string{what} + "=" + std::to_string(count) + " ";
  };
  tell("transfers", snapshot.controlling.transfers.size());
  tell("bodies", snapshot.controlling.bodies);
  const auto& groups = snapshot.controlling.groups;
  const bool is_quiet = std::ranges::none_of(groups, &controlling::GroupView::is_active);
  if (!is_quiet) return left;
  tell("dialogs", snapshot.controlling.dialogs);
  tell("transactions", snapshot.controlling.transactions);
  tell("msrp_sessions", snapshot.controlling.msrp_sessions);
  tell("pending", snapshot.controlling.pending);
  tell("calls", snapshot.participating.calls);
  tell("participating_transactions", snapshot.participating.transactions);
  tell("records", snapshot.participating.records);
  tell("media", snapshot.participating.media);
  tell("passing", snapshot.participating.passing);
  tell("registrar_transactions", snapshot.registrar_transactions);
  // What groups leave is kept for long; anything that shall happen soon is a timer left behind.
  const auto alarm = snapshot.controlling.next_alarm;
  tell("timers", alarm && *alarm < world_.now() + 5min ? 1 : 0);
  return left;
}

std::string octets_of_file(std::size_t size, std::uint64_t seed) {
  std::string octets(size, '\0');
  SeededRandom random{seed};
  random.fill(std::as_writable_bytes(std::span{octets}));
  return octets;
}

}  // namespace convene::tests
