#include "tests/big_group.h"

#include <algorithm>
#include <span>

#include "base/hash.h"
#include "base/random.h"

namespace convene::tests {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t seed_of_file = 0xf11e;  // every world sends the same

std::string name_of(std::size_t number) { return "member-" + std::to_string(number); }
std::string address_of(std::size_t number) { return "sip:" + name_of(number) + "@ims.example"; }
std::string password_of(std::size_t number) { return "pw-" + name_of(number); }
std::string host_of(std::size_t number) {
  return "10.0." + std::to_string(1 + number / 200) + "." + std::to_string(1 + number % 200);
}

enum class Device { files, chat_only, silent };
Device device_of(std::size_t number) {
  if (number % 20 == 7) return Device::chat_only;
  return number % 20 == 13 ? Device::silent : Device::files;
}
bool takes_files(std::size_t number) { return number > 0 && device_of(number) == Device::files; }

sim::WorldSettings world_of(const BigGroupSettings& group) {
  sim::WorldSettings world;
  world.seed = group.seed;
  world.link = {.delay = 5ms,
                .jitter = 5ms,
                .loss = group.loss,
                .duplication = group.duplication,
                .reordering = group.reordering};
  world.keeps_wire = false;
  world.window_octets = 262'144;  // fewer, larger segments: there are a hundred copies of the file
  world.largest_segment = 196'608;
  return world;
}

controlling::Policy policy_of(const BigGroupSettings& group) {
  controlling::Policy policy;
  policy.group.factories = {
      {.uri = "sip:conference-factory@ims.example", .type = controlling::GroupType::open}};
  policy.group.focus_host = "10.0.0.1:5060";
  policy.group.max_participants = group.members;
  policy.file_transfer.max_size = group.file_octets;
  policy.media.max_chunk = 262'144;  // as the window of the links, for the same reason
  return policy;
}

node::ServerSettings server_of(const BigGroupSettings& group) {
  node::ServerSettings server;
  server.policy = policy_of(group);
  registrar::Settings registrar;
  registrar.domain = "ims.example";
  registrar.authentication.realm = "ims.example";
  for (std::size_t number = 0; number < group.members; ++number)
    registrar.authentication.users.push_back(
        {.address = address_of(number), .password = password_of(number), .display = ""});
  registrar.service_uris = {server.policy.group.factories.front().uri};
  registrar.service_hosts = {server.policy.group.focus_host};
  server.registrar = std::move(registrar);
  return server;
}

client::Settings client_of(const BigGroupSettings& group, std::size_t number) {
  client::Settings client;
  client.address = address_of(number);
  client.credentials = {.user = name_of(number), .password = password_of(number)};
  client.outbound =
      sip::Destination{.transport = sip::Transport::udp, .address = {"10.0.0.1", 5060}, .flow = {}};
  client.transport = sip::Transport::udp;
  client.conference_factory = "sip:conference-factory@ims.example";
  client.max_file_size = group.file_octets;
  client.accept_invitations = true;
  client.accept_files = true;
  client.instance =
      "<urn:uuid:00000000-0000-1000-8000-" + std::to_string(100'000'000'000 + number) + ">";
  const bool has_files = device_of(number) == Device::files;
  client.services = {.file_transfer = has_files,
                     .thumbnail = has_files && number % 2 == 0,
                     .store_and_forward = false};
  client.chat_only = device_of(number) == Device::chat_only;
  return client;
}

}  // namespace

BigGroup::BigGroup(BigGroupSettings settings) : settings_{settings}, world_{world_of(settings)} {
  file_.resize(settings_.file_octets);
  SeededRandom random{seed_of_file};
  random.fill(std::as_writable_bytes(std::span{file_}));
  add_server();
  for (std::size_t number = 0; number < settings_.members; ++number) add_member(number);
}

void BigGroup::add_server() {
  world_.add("cf", "10.0.0.1", [server = server_of(settings_)](sim::Machine machine) {
    return std::make_unique<node::ServerNode>(server, machine.surroundings, machine.bodies);
  });
}

void BigGroup::add_member(std::size_t number) {
  const auto name = name_of(number);
  auto& member = members_[name];
  world_.add(name, sim::HostSettings{.address = host_of(number), .accepts_streams = true},
             [client = client_of(settings_, number)](sim::Machine machine) {
               return std::make_unique<node::ClientNode>(client, node::SipLinkSettings{},
                                                         machine.surroundings, machine.bodies);
             });
  world_.after_input(name, [this, &member](node::Node& node, TimePoint, node::Effects&) {
    for (const auto& event : static_cast<node::ClientNode&>(node).take_events())
      note(member, event);
  });
}

void BigGroup::note(Member& member, const client::Event& event) {
  ++told_;
  if (std::holds_alternative<client::Registered>(event)) ++member.registered;
  if (std::holds_alternative<client::FileOffered>(event)) ++member.offered;
  if (std::holds_alternative<client::FileSent>(event)) ++member.sent;
  if (const auto* joined = std::get_if<client::Joined>(&event)) {
    ++member.joined;
    member.group = joined->group;
  }
  if (const auto* received = std::get_if<client::FileReceived>(&event)) {
    ++member.received;
    member.file = received->body;
    if (!received->hash_was_checked) member.trouble = "a file without a hash";
  }
  if (const auto* ended = std::get_if<client::Ended>(&event)) {
    ++member.ended;
    if (ended->reason != client::EndReason::left && member.trouble.empty())
      member.trouble = "ended: " + std::to_string(ended->status) + " " + ended->text;
  }
  if (const auto* failed = std::get_if<client::FileFailed>(&event)) {
    ++member.failed;
    if (member.trouble.empty())
      member.trouble = "file failed: " + std::to_string(failed->status) + " " + failed->reason;
  }
}

bool BigGroup::everybody(std::size_t Member::* count) const {
  return std::ranges::all_of(members_, [&](const auto& one) { return one.second.*count == 1; });
}

std::string BigGroup::tell_missing(const char* what, std::size_t Member::* count) const {
  std::string text = std::string{"not all "} + what + ":";
  for (const auto& [name, member] : members_) {
    if (member.*count == 1) continue;
    text += " " + name + "=" + std::to_string(member.*count);
    if (!member.trouble.empty()) text += " (" + member.trouble + ")";
  }
  return text;
}

std::string BigGroup::run() {
  for (const auto step : {&BigGroup::gather, &BigGroup::send, &BigGroup::check_files,
                          &BigGroup::leave, &BigGroup::leftovers}) {
    if (auto trouble = (this->*step)(); !trouble.empty()) return trouble;
  }
  return {};
}

// All register, then the first creates the group of all.
std::string BigGroup::gather() {
  const auto wait_for = [&](std::size_t Member::* count) {
    std::size_t seen = 0;  // what must be counted is counted only when something was told
    return world_.run_until([&] { return told_ != seen && ((seen = told_), everybody(count)); },
                            3min);
  };
  for (std::size_t number = 0; number < settings_.members; ++number) {
    world_.perform<node::ClientNode>(
        name_of(number), [](node::ClientNode& node, TimePoint now, node::Effects& out) {
          node.perform([&](client::Client& c, client::Output& o) { c.register_user(now, o); }, now,
                       out);
        });
  }
  if (!wait_for(&Member::registered)) return tell_missing("registered", &Member::registered);

  client::NewGroup group{.subject = "Trail Sunday", .members = {}};
  for (std::size_t number = 1; number < settings_.members; ++number)
    group.members.push_back(address_of(number));
  world_.perform<node::ClientNode>(
      name_of(0), [&](node::ClientNode& node, TimePoint now, node::Effects& out) {
        (void)node.perform(
            [&](client::Client& c, client::Output& o) { return c.create_group(group, now, o); },
            now, out);
      });
  if (!wait_for(&Member::joined)) return tell_missing("joined", &Member::joined);
  return {};
}

std::string BigGroup::send() {
  client::FileToSend file{.body = world_.bodies(name_of(0)).adopt(file_), .name = "plan.bin"};
  sent_ = world_.bodies(name_of(0)).octets(file.body);
  file.size = file_.size();
  file.sha1 = digest_of(Digest::sha1, file_);
  Result<client::TransferId> begun{};
  world_.perform<node::ClientNode>(
      name_of(0), [&](node::ClientNode& node, TimePoint now, node::Effects& out) {
        begun = node.perform(
            [&](client::Client& c, client::Output& o) {
              return c.send_file(members_.at(name_of(0)).group, file, now, o);
            },
            now, out);
      });
  if (!begun) return "the file cannot be sent: " + begun.error().detail;

  const auto is_done = [&] {
    if (members_.at(name_of(0)).sent + members_.at(name_of(0)).failed == 0) return false;
    for (std::size_t number = 1; number < settings_.members; ++number) {
      const auto& member = members_.at(name_of(number));
      if (takes_files(number) && member.received + member.failed == 0) return false;
    }
    return true;
  };
  std::size_t seen = 0;
  world_.run_until([&] { return told_ != seen && ((seen = told_), is_done()); }, 10min);
  world_.run_for(40s);  // whatever would come a second time, comes; all BYEs are over
  return {};
}

std::string BigGroup::check_files() {
  const auto& sender = members_.at(name_of(0));
  if (sender.sent != 1) return "the sender did not send it once: " + sender.trouble;
  if (sent_ != file_) return "the sender's file has changed";
  for (std::size_t number = 1; number < settings_.members; ++number) {
    const auto name = name_of(number);
    const auto& member = members_.at(name);
    const std::size_t owed = takes_files(number) ? 1 : 0;
    if (member.offered != owed || member.received != owed)
      return name + " was offered " + std::to_string(member.offered) + ", received " +
             std::to_string(member.received) + " files: " + member.trouble;
    if (!member.trouble.empty()) return name + ": " + member.trouble;
    if (owed == 1 && !is_the_file(world_.bodies(name).octets(member.file)))
      return name + " holds another file";
  }
  return {};
}

// Octets that are shared with the sender need not be looked at again.
bool BigGroup::is_the_file(std::string_view octets) const {
  const bool is_shared = octets.data() == sent_.data() && octets.size() == sent_.size();
  return is_shared || octets == file_;
}

std::string BigGroup::leave() {
  for (std::size_t number = 0; number < settings_.members; ++number) {
    const auto name = name_of(number);
    if (members_.at(name).ended > 0) continue;  // nobody else was left
    world_.perform<node::ClientNode>(
        name, [&](node::ClientNode& node, TimePoint now, node::Effects& out) {
          (void)node.perform(
              [&](client::Client& c, client::Output& o) {
                return c.leave(members_.at(name).group, now, o);
              },
              now, out);
        });
  }
  world_.run_for(3min);  // the longest a transaction lasts is 64*T1
  return {};
}

std::string BigGroup::leftovers() {
  std::string left;
  const auto tell = [&](const std::string& what, std::size_t count, std::size_t owed = 0) {
    if (count != owed) left += what + "=" + std::to_string(count) + " ";
  };
  const auto at_server = world_.get<node::ServerNode>("cf").snapshot();
  tell("transfers", at_server.controlling.transfers.size());
  tell("bodies", at_server.controlling.bodies);
  tell("dialogs", at_server.controlling.dialogs);
  tell("transactions", at_server.controlling.transactions);
  tell("msrp_sessions", at_server.controlling.msrp_sessions);
  tell("msrp_connections", at_server.controlling.msrp_connections);
  tell("pending", at_server.controlling.pending);
  tell("registrar_transactions", at_server.registrar_transactions);
  for (std::size_t number = 0; number < settings_.members; ++number) {
    const auto name = name_of(number);
    const auto& client = world_.get<node::ClientNode>(name).client();
    tell(name + ".dialogs", client.dialogs());
    tell(name + ".media_sessions", client.media_sessions());
    tell(name + ".transfers", client.transfers().size());
    tell(name + ".bodies", world_.bodies(name).bodies(),
         number == 0 || takes_files(number) ? 1 : 0);
  }
  return left.empty() ? left : "left behind: " + left;
}

}  // namespace convene::tests
