#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/time.h"
#include "client/client.h"

namespace convene::load {

// Where a crowd's clients are: real sockets in apps, a simulated network in tests. Whoever runs the
// stage tells the crowd what its clients tell.
class Stage {
 public:
  virtual ~Stage() = default;

  virtual std::string address(std::size_t member) const = 0;

  // Calls into a client at once; performs what it asks for.
  using Call = std::function<void(client::Client&, TimePoint, client::Output&)>;
  virtual void perform(std::size_t member, const Call& call) = 0;

  // A file of the size that is planned, for this member to send.
  virtual client::FileToSend file(std::size_t member) = 0;
  // A member has received this, and needs it no more.
  virtual void drop(std::size_t member, msrp::BodyId body) = 0;
};

}  // namespace convene::load
