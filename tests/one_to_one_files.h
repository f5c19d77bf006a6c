#pragma once

#include "tests/lab.h"

namespace convene::tests {

// Alice and Bob, and files between the two, on a simulated network. Bob accepts what he is offered.
struct OneToOneFiles : testing::Test {
  void begin(LabSettings settings = {}) {
    lab.emplace(std::move(settings));
    for (const char* name : {"alice", "bob"}) lab->add(name, Device::everything);
    ASSERT_TRUE(lab->wait([&] {
      return lab->count<client::Registered>("alice") + lab->count<client::Registered>("bob") == 2;
    })) << lab->world().log();
  }
  static LabSettings slow() {
    LabSettings settings;
    settings.world.link.octets_per_second = 2'000'000;
    return settings;
  }

  std::vector<client::TransferId> send(const client::FileDestination& to,
                                       const std::vector<std::string>& files) {
    std::vector<client::FileToSend> prepared;
    for (const auto& octets : files) {
      prepared.push_back(lab->file_of("alice", octets));
      prepared.back().name = "file-" + std::to_string(++number) + ".bin";
    }
    const auto sent = lab->with("alice", [&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_files(to, prepared, now, o);
    });
    EXPECT_TRUE(sent) << (sent ? "" : sent.error().detail);
    return sent.value_or(std::vector<client::TransferId>{});
  }
  std::vector<client::TransferId> send_to_bob(const std::vector<std::string>& files) {
    return send({.address = "sip:bob@ims.example"}, files);
  }
  template <class E>
  bool wait_for(const std::string& name, std::size_t count = 1) {
    return lab->wait([&] { return lab->count<E>(name) >= count; }, 10min);
  }
  // Both have nothing left of it.
  bool wait_for_nothing() {
    return lab->wait(
        [&] {
          return lab->client("alice").dialogs() + lab->client("bob").dialogs() == 0 &&
                 lab->client("alice").media_sessions() + lab->client("bob").media_sessions() == 0;
        },
        10min);
  }
  // What somebody has sent by SIP that begins so, of what the wire has kept.
  std::vector<std::string> sent(const std::string& name, const std::string& beginning) const {
    std::vector<std::string> found;
    for (const auto& one : lab->world().wire()) {
      if (one.from == name && one.octets.starts_with(beginning)) found.push_back(one.octets);
    }
    return found;
  }

  mutable std::optional<Lab> lab;
  int number = 0;
};

}  // namespace convene::tests
