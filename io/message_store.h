#pragma once

#include "store/requests.h"

namespace convene::io {

// A message store: embedded_store.h or imap_store.h. Every request that is asked is answered once,
// on the loop's thread and never within ask(); unless the store is destroyed before.
class MessageStore {
 public:
  using Told = std::move_only_function<void(store::Answer)>;

  virtual ~MessageStore() = default;
  virtual void ask(store::Request request, Told told) = 0;
};

}  // namespace convene::io
