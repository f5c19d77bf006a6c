#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apps/screen.h"
#include "base/time.h"
#include "client/event.h"
#include "scenario/script.h"

namespace convene::apps {

// A file on its way to one client.
struct TourCopy {
  std::string client;
  client::TransferId transfer;
  bool has_thumbnail = false;
  std::uint64_t octets = 0;  // that are here
  std::optional<TimePoint> done;
  msrp::BodyId body;  // when it is done
};

// Shows a scenario of one group and its files as it goes: who is there, what is said, how far each
// copy of a file is, and in the end who got what. From what the clients tell, and nothing else.
class TourShow {
 public:
  // Both outlive it.
  TourShow(const scenario::Script& script, Screen& screen) : script_{script}, screen_{screen} {}

  void told(const std::string& name, const client::Event& event, TimePoint now);
  void step_ended(TimePoint now);
  void results();  // the table: when all has come out as it has to

  struct File {
    std::string name;
    std::string sender;  // of the clients
    std::uint64_t size = 0;
    TimePoint begin{};
    std::vector<TourCopy> copies = {};
    bool is_over = false;
  };
  const std::vector<File>& files() const { return files_; }

 private:
  void registered(const std::string& name);
  void joined(const std::string& name, const client::Joined& event);
  void heard(const client::ChatReceived& event);
  void offered(const std::string& name, const client::FileOffered& event);
  void draw(TimePoint now);
  TourCopy* copy_of(const std::string& name, client::TransferId transfer);
  std::vector<Bar> bars(const File& file, TimePoint now) const;
  std::size_t receivers(const File& file) const;
  std::vector<std::string> row(const File& file, const scenario::ClientDeclaration& client) const;

  const scenario::Script& script_;
  Screen& screen_;
  std::set<std::string> registered_;
  std::set<std::string> in_;  // the chat
  std::set<std::string> heard_;
  std::vector<File> files_;
  TimePoint step_ended_{};
  TimePoint next_frame_{};
};

}  // namespace convene::apps
