#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "node/client_node.h"
#include "node/server_node.h"
#include "sim/world.h"

namespace convene::tests {

struct BigGroupSettings {
  std::uint64_t seed = 1;
  std::size_t members = 100;
  std::size_t file_octets = 10U << 20;
  double loss = 0.05;         // of each datagram
  double duplication = 0.05;  // the same
  double reordering = 0.05;   // the same
};

// One file in one large group whose SIP goes over bad links; MSRP goes over TCP, which is late
// where UDP loses. Of twenty members eighteen take files; one says chat only, one nothing.
//
// What must come out does not depend on the seed: everybody joins, who takes files has the file
// whole and once, nobody else is asked, and when all have left nothing is left anywhere.
class BigGroup {
 public:
  explicit BigGroup(BigGroupSettings settings);

  // What came out otherwise than it must; empty: nothing did.
  std::string run();

  const sim::World& world() const { return world_; }

 private:
  struct Member {  // what its client has told
    std::size_t registered = 0;
    std::size_t joined = 0;
    std::size_t ended = 0;
    std::size_t offered = 0;
    std::size_t sent = 0;
    std::size_t received = 0;
    std::size_t failed = 0;
    client::GroupId group;
    msrp::BodyId file;
    std::string trouble;  // the first
  };

  void add_server();
  void add_member(std::size_t number);
  void note(Member& member, const client::Event& event);
  bool everybody(std::size_t Member::* count) const;
  std::string tell_missing(const char* what, std::size_t Member::* count) const;

  std::string gather();
  std::string send();
  std::string check_files();
  bool is_the_file(std::string_view octets) const;
  std::string leave();
  std::string leftovers();

  BigGroupSettings settings_;
  sim::World world_;
  std::map<std::string, Member> members_;
  std::size_t told_ = 0;  // events that count, of all members
  std::string file_;
  std::string_view sent_;  // the same, in the sender's store
};

}  // namespace convene::tests
