#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "client/client.h"
#include "msrp/body_store.h"
#include "scenario/script.h"

namespace convene::scenario {

// What a scenario is played on: real sockets in apps, a simulated network in tests. Whoever runs
// the stage tells the player what its clients tell.
class Stage {
 public:
  virtual ~Stage() = default;

  // Brings a client up, not registered yet. Its CPM address.
  virtual Result<std::string> add(const ClientDeclaration& client) = 0;

  // Calls into a client at once; performs what it asks for.
  using Call = std::function<void(client::Client&, TimePoint, client::Output&)>;
  virtual void perform(const std::string& name, const Call& call) = 0;
  virtual const client::Client& client(const std::string& name) = 0;

  // Where this client keeps its files.
  virtual msrp::BodyStore& bodies(const std::string& name) = 0;
  // A file beside the scenario, ready to be sent by this client.
  virtual Result<client::FileToSend> open_file(const std::string& name,
                                               const std::string& path) = 0;

  // An event in words, for people.
  virtual std::string words_of(const client::Event& event) const = 0;
};

}  // namespace convene::scenario
