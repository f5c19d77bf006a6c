#pragma once

#include <memory>
#include <utility>

namespace convene::io {

// Lets a handler that is already under way find out that its owner is gone.
class Alive {
 public:
  template <class Handler>
  auto guard(Handler handler) const {
    return
        [token = std::weak_ptr{token_}, handler = std::move(handler)](auto&&... arguments) mutable {
          if (!token.expired()) handler(std::forward<decltype(arguments)>(arguments)...);
        };
  }

 private:
  std::shared_ptr<char> token_ = std::make_shared<char>();
};

}  // namespace convene::io
