#pragma once

#include <functional>
#include <utility>

#include "store/requests.h"

namespace convene::io {

// A message store: embedded_store.h or imap_store.h. Every request that is asked is answered once,
// on the loop's thread and never within ask(); unless the store is destroyed before.
class MessageStore {
 public:
  using Told = std::move_only_function<void(store::Answer)>;

  virtual ~MessageStore() = default;
  virtual void ask(store::Request request, Told told) = 0;

  // A Write, with `kept` called once it is durable on this machine, before it is told; as the
  // store itself is that, unless an outbox stands before it.
  using Kept = std::move_only_function<void()>;
  virtual void keep(store::Write write, Kept kept, Told told) {
    ask(std::move(write),
        [kept = std::move(kept), told = std::move(told)](store::Answer answer) mutable {
          if (answer) kept();
          told(std::move(answer));
        });
  }
};

}  // namespace convene::io
