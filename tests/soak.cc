#include "tests/soak.h"

#include <algorithm>
#include <span>

namespace convene::tests {

using namespace std::chrono_literals;

namespace {

constexpr Duration quiet = 45s;  // after it no transaction is left: 64*T1 and more
constexpr std::size_t effects_of_a_step = 60;

sim::WorldSettings world_of(const SoakSettings& soak) {
  sim::WorldSettings world;
  world.seed = soak.seed;
  world.link = {.delay = 5ms, .jitter = 3ms};
  world.keeps_wire = false;
  world.log_octets = 4U << 20;
  return world;
}

std::string name_of(std::size_t user) { return "user-" + std::to_string(user); }
std::string address_of(std::size_t user) { return "sip:" + name_of(user) + "@ims.example"; }

}  // namespace

std::string octets_of_soak_file(std::string_view name, std::size_t size) {
  std::string octets(size, '\0');
  std::uint64_t seed = 7;
  for (const char c : name) seed = seed * 31 + static_cast<unsigned char>(c);
  SeededRandom random{seed};
  random.fill(std::as_writable_bytes(std::span{octets}));
  return octets;
}

Soak::Soak(SoakSettings settings)
    : settings_{settings}, random_{settings.seed}, world_{world_of(settings)} {
  add_server();
  users_.resize(settings_.users);
  for (Number user = 0; user < settings_.users; ++user) add_user(user);
}

void Soak::add_server() {
  node::ServerSettings server;
  auto& policy = server.policy;
  policy.group.factories = {
      {.uri = "sip:conference-factory@ims.example", .type = controlling::GroupType::open}};
  policy.group.focus_host = "10.0.0.1:5060";
  policy.group.session_expires = 6h;
  policy.information.expires = 24h;
  policy.group.keep_state = std::chrono::hours{settings_.hours};  // no group is forgotten
  policy.state.is_durable = true;
  registrar::Settings registrar;
  registrar.domain = "ims.example";
  registrar.authentication.realm = "ims.example";
  for (Number user = 0; user < settings_.users; ++user)
    registrar.authentication.users.push_back(
        {.address = address_of(user), .password = "pw", .display = ""});
  registrar.default_expires = registrar.max_expires = 24h;
  registrar.service_uris = {policy.group.factories.front().uri};
  registrar.service_hosts = {policy.group.focus_host};
  server.registrar = std::move(registrar);

  world_.add("cf", "10.0.0.1", [server](sim::Machine machine) {
    auto node = std::make_unique<node::ServerNode>(server, machine.surroundings, machine.bodies);
    node->restore(machine.disk.records());
    return node;
  });
}

void Soak::add_user(Number number) {
  auto& user = users_[number];
  user.name = name_of(number);
  user.address = address_of(number);

  client::Settings client;
  client.address = user.address;
  client.credentials = {.user = user.name, .password = "pw"};
  client.outbound =
      sip::Destination{.transport = sip::Transport::tcp, .address = {"10.0.0.1", 5060}, .flow = {}};
  client.transport = sip::Transport::tcp;
  client.conference_factory = "sip:conference-factory@ims.example";
  client.accept_invitations = true;
  client.accept_files = true;
  client.max_sessions = 10 * settings_.groups;
  client.max_ended_sessions = 10 * settings_.groups;
  client.registration_expires = 24h;
  client.session_expires = 6h;
  client.subscription_expires = 24h;
  client.instance =
      "<urn:uuid:00000000-0000-1000-8000-" + std::to_string(100'000'000'000 + number) + ">";
  client.services = {.file_transfer = true, .thumbnail = false, .store_and_forward = false};

  const auto host =
      "10.0." + std::to_string(1 + number / 200) + "." + std::to_string(1 + number % 200);
  world_.add(user.name, sim::HostSettings{.address = host}, [client](sim::Machine machine) {
    return std::make_unique<node::ClientNode>(client, node::SipLinkSettings{}, machine.surroundings,
                                              machine.bodies);
  });
  world_.after_input(user.name, [this, number](node::Node& node, TimePoint, node::Effects&) {
    for (const auto& event : static_cast<node::ClientNode&>(node).take_events())
      note(users_[number], event);
  });
}

void Soak::note(User& user, const client::Event& event) {
  if (std::holds_alternative<client::Registered>(event)) ++user.registered;
  if (std::holds_alternative<client::FileSent>(event)) ++user.sent;
  if (const auto* chat = std::get_if<client::ChatReceived>(&event)) ++user.chats[chat->octets];
  if (const auto* sent = std::get_if<client::ChatSent>(&event)) user.said.insert(sent->id);
  if (const auto* file = std::get_if<client::FileReceived>(&event)) {
    auto& bodies = world_.bodies(user.name);
    const std::string octets{bodies.octets(file->body)};
    const auto name = octets.substr(0, octets.find('\n'));
    ++user.files[name];
    if (!octets.ends_with(octets_of_soak_file(name, settings_.file_octets)))
      user.trouble = name + " is another file";
    bodies.drop(file->body);
  }
}

void Soak::register_user(Number user) {
  world_.perform<node::ClientNode>(users_[user].name, [](node::ClientNode& node, TimePoint now,
                                                         node::Effects& out) {
    node.perform([&](client::Client& c, client::Output& o) { c.register_user(now, o); }, now, out);
  });
}

void Soak::settle() { world_.run_for(quiet); }

std::string Soak::start() {
  for (Number user = 0; user < users_.size(); ++user) register_user(user);
  settle();
  for (const auto& user : users_) {
    if (user.registered == 0) return user.name + " is not registered";
  }
  return {};
}

std::string Soak::run_for(std::uint64_t hours) {
  if (groups_.empty() && figures_.checks == 0) {
    if (auto trouble = start(); !trouble.empty()) return trouble;
  }
  const auto whole = world_.start() + std::chrono::hours{settings_.hours};
  const auto end = std::min(whole, world_.now() + std::chrono::hours{hours});
  while (world_.now() < end) {
    if (auto trouble = step(); !trouble.empty()) return trouble;
    if (auto trouble = check(); !trouble.empty()) return trouble;
    ++figures_.checks;
    const auto most = 2 * static_cast<std::uint64_t>(settings_.between.count());
    world_.run_for(Duration{static_cast<Duration::rep>(below(most))});
    figures_.virtual_hours = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::hours>(world_.now() - world_.start()).count());
  }
  return {};
}

// ---- The server dies. ----

std::string Soak::crash() {
  world_.crash("cf");
  ++figures_.crashes;
  world_.run_for(Duration{static_cast<Duration::rep>(1 + below(300'000))});
  restart();
  return {};
}

void Soak::maybe_die() {
  may_have_died_ = chance(10);
  if (may_have_died_) world_.crash_at_effect("cf", 1 + below(effects_of_a_step));
}

bool Soak::has_died() {
  if (!may_have_died_) return false;
  may_have_died_ = false;
  if (world_.is_up("cf")) {
    world_.crash_at_effect("cf", 0);  // never
    return false;
  }
  ++figures_.crashes;
  ++figures_.crashes_inside;
  restart();
  return true;
}

void Soak::restart() {
  world_.restart("cf");
  world_.run_for(40s);  // connections that died are noticed
  for (Number user = 0; user < users_.size(); ++user) register_user(user);
  settle();
}

std::string Soak::figures_text() const {
  std::string text;
  for (const auto& [what, count] : figures_.steps)
    text += (text.empty() ? "" : ", ") + what + " " + std::to_string(count);
  return std::to_string(figures_.virtual_hours) + " hours: " + text + "; the server died " +
         std::to_string(figures_.crashes) + " times, " + std::to_string(figures_.crashes_inside) +
         " of them in the middle of something; " + std::to_string(figures_.chats_delivered) +
         " chats and " + std::to_string(figures_.files_delivered) + " files delivered; " +
         std::to_string(figures_.checks) + " checks";
}

}  // namespace convene::tests
