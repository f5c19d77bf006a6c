#include "bench/main_job.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <stdexcept>
#include <variant>

#include "bench/child.h"
#include "io/file_body_store.h"
#include "io/kernel_random.h"
#include "io/runner.h"
#include "load/forgetful_bodies.h"
#include "node/client_node.h"
#include "node/server_node.h"

namespace convene::bench {

namespace {

constexpr std::uint64_t largest_file = 64ULL << 30;
const std::string domain = "bench.example";
const std::string factory = "sip:conference-factory@bench.example";

std::string address_of(std::size_t number) {
  return "sip:member-" + std::to_string(number) + "@" + domain;
}

struct Machine {
  io::Loop loop;
  io::KernelRandom random;
  SilentLog log;
  Calendar calendar = io::make_calendar();
  Surroundings surroundings() { return {random, log, calendar}; }
};

node::ServerSettings server_settings(std::size_t members) {
  node::ServerSettings server;
  server.policy.group.factories = {{.uri = factory, .type = controlling::GroupType::open}};
  server.policy.group.focus_host = "focus." + domain;
  server.policy.group.max_participants = members;
  server.policy.file_transfer.max_size = largest_file;
  registrar::Settings registrar;
  registrar.domain = domain;
  registrar.authentication.realm = domain;
  registrar.authentication.open = true;
  registrar.service_uris = {factory};
  registrar.service_hosts = {server.policy.group.focus_host};
  server.registrar = std::move(registrar);
  server.media.max_unbound_per_source = 1'000;  // all come from one address
  return server;
}

void serve(int line, std::size_t members, cpm::MediaSecurity security,
           const std::string& spool_directory) {
  Machine machine;
  io::FileBodyStore bodies{spool_directory};
  auto server = server_settings(members);
  server.policy.media.security = security;
  node::ServerNode node{std::move(server), machine.surroundings(), bodies};
  io::RunnerSettings settings;
  settings.tcp = settings.msrp = settings.msrps = {{"127.0.0.1", 0}};
  settings.media_tls = io::TlsSettings{.self_signed = true};
  io::Runner runner{machine.loop, node, &bodies, machine.log, settings};
  if (const auto started = runner.start(); !started)
    throw std::runtime_error(started.error().detail);
  say(line, runner.addresses().sip.tcp->port);
  machine.loop.run();
}

client::Settings client_settings(std::size_t number, std::uint16_t port,
                                 cpm::MediaSecurity security) {
  client::Settings client;
  client.address = address_of(number);
  client.outbound = sip::Destination{
      .transport = sip::Transport::tcp, .address = {"127.0.0.1", port}, .flow = {}};
  client.conference_factory = factory;
  client.max_file_size = largest_file;
  client.security = security;
  client.accept_invitations = true;
  client.accept_files = true;
  client.instance =
      "<urn:uuid:00000000-0000-1000-8000-" + std::to_string(100'000'000'000 + number) + ">";
  return client;
}

io::RunnerSettings client_runner() {
  io::RunnerSettings settings;
  settings.tcp = {{"127.0.0.1", 0}};
  settings.media_tls = io::TlsSettings{.self_signed = true};
  return settings;
}

template <class F>
void call(io::Runner& runner, F f) {
  runner.perform([&](node::Node& node, TimePoint now, node::Effects& out) {
    static_cast<node::ClientNode&>(node).perform(
        [&](client::Client& c, client::Output& o) { f(c, now, o); }, now, out);
  });
}

// One receiver, and what it has told.
class Receiver {
 public:
  Receiver(Machine& machine, std::size_t number, std::uint16_t port, const FileOfRun& file,
           cpm::MediaSecurity security)
      : bodies_{file.sha1},
        node_{client_settings(number, port, security), {}, machine.surroundings(), bodies_},
        runner_{machine.loop, node_, nullptr, machine.log, client_runner()} {
    if (!runner_.start()) throw std::runtime_error("a receiver cannot start");
    runner_.after_turn([this] { note(); });
    call(runner_,
         [](client::Client& c, TimePoint now, client::Output& o) { c.register_user(now, o); });
  }
  bool is_registered = false;
  bool is_joined = false;
  bool has_file = false;
  bool has_failed = false;

 private:
  void note() {
    for (const auto& event : node_.take_events()) {
      is_registered |= std::holds_alternative<client::Registered>(event);
      is_joined |= std::holds_alternative<client::Joined>(event);
      has_file |= std::holds_alternative<client::FileReceived>(event);
      has_failed |= std::holds_alternative<client::FileFailed>(event);
    }
  }
  load::ForgetfulBodies bodies_;
  node::ClientNode node_;
  io::Runner runner_;
};

void receive(int line, std::size_t count, std::uint16_t port, const FileOfRun& file,
             cpm::MediaSecurity security) {
  Machine machine;
  std::list<Receiver> receivers;
  const auto wait_for = [&](bool Receiver::* what) {
    const auto all = [&] {
      if (std::ranges::any_of(receivers, &Receiver::has_failed))
        throw std::runtime_error("a receiver's file failed");
      return std::ranges::all_of(receivers, what);
    };
    if (!machine.loop.run_until(all, std::chrono::minutes{5}))
      throw std::runtime_error("the receivers wait in vain");
  };
  for (std::size_t number = 1; number <= count; ++number)
    receivers.emplace_back(machine, number, port, file, security);
  wait_for(&Receiver::is_registered);
  say(line, 'R');
  wait_for(&Receiver::is_joined);
  say(line, 'J');
  wait_for(&Receiver::has_file);
  say(line, 'D');
  machine.loop.run();
}

void send(int line, std::size_t receivers, std::uint16_t port, const FileOfRun& file,
          cpm::MediaSecurity security, const std::string& spool_directory) {
  Machine machine;
  io::FileBodyStore bodies{spool_directory};
  node::ClientNode node{client_settings(0, port, security), {}, machine.surroundings(), bodies};
  io::Runner runner{machine.loop, node, &bodies, machine.log, client_runner()};
  if (!runner.start()) throw std::runtime_error("the sender cannot start");

  std::vector<client::Event> events;
  runner.after_turn([&] { std::ranges::move(node.take_events(), std::back_inserter(events)); });
  const auto wait_for = [&]<class Event>(std::type_identity<Event>) {
    const auto has_come = [&] {
      return std::ranges::any_of(
          events, [](const auto& event) { return std::holds_alternative<Event>(event); });
    };
    if (!machine.loop.run_until(has_come, std::chrono::minutes{5}))
      throw std::runtime_error("the sender waits in vain");
  };

  call(runner, [](auto& c, TimePoint now, auto& o) { c.register_user(now, o); });
  wait_for(std::type_identity<client::Registered>{});
  client::NewGroup group{.subject = "bench", .members = {}};
  for (std::size_t number = 1; number <= receivers; ++number)
    group.members.push_back(address_of(number));
  client::GroupId id;
  call(runner,
       [&](auto& c, TimePoint now, auto& o) { id = c.create_group(group, now, o).value(); });
  wait_for(std::type_identity<client::Joined>{});
  say(line, 'J');

  char word = 0;
  while (::read(line, &word, 1) < 1) {
  }
  client::FileToSend sent{.body = bodies.adopt(file.path).value().body, .name = "bench.bin"};
  sent.size = file.octets;
  sent.sha1 = file.sha1;
  call(runner,
       [&](auto& c, TimePoint now, auto& o) { (void)c.send_file(id, sent, now, o).value(); });
  wait_for(std::type_identity<client::FileSent>{});
  say(line, 'D');
  machine.loop.run();
}

}  // namespace

MainJobFigures main_job(const FileOfRun& file, std::size_t receivers, cpm::MediaSecurity security,
                        const std::string& spool_directory) {
  const Child server{[&](int line) { serve(line, receivers + 1, security, spool_directory); }};
  const auto port = static_cast<std::uint16_t>(server.hear());
  const Child all_receivers{[&](int line) { receive(line, receivers, port, file, security); }};
  all_receivers.hear();
  const Child sender{
      [&](int line) { send(line, receivers, port, file, security, spool_directory); }};
  sender.hear();
  all_receivers.hear();

  MainJobFigures figures;
  figures.idle = figures.most = figures_of(server.id());
  const auto look = [&] {
    const auto now = figures_of(server.id());
    figures.most.anonymous = std::max(figures.most.anonymous, now.anonymous);
    figures.most.mapped = std::max(figures.most.mapped, now.mapped);
  };
  const auto begin = std::chrono::steady_clock::now();
  sender.tell('S');
  all_receivers.hear(look);
  figures.seconds = std::chrono::duration<double>{std::chrono::steady_clock::now() - begin}.count();
  figures.end = figures_of(server.id());
  sender.hear(look);
  return figures;
}

}  // namespace convene::bench
