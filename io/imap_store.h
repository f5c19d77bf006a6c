#pragma once

#include <map>
#include <memory>

#include "base/log.h"
#include "io/alive.h"
#include "io/imap_link.h"
#include "io/message_store.h"
#include "store/imap_store.h"

namespace convene::io {

struct ImapStoreNetwork {
  ImapAddress address = {};
  const Tls* tls = nullptr;           // none: plain TCP, which is for this machine only
  msrp::BodyStore* bodies = nullptr;  // of the files that objects name
};

// The message store on an IMAP server. Our secret is only said in TLS or to an address of this
// machine.
class ImapStore final : public MessageStore {
 public:
  // What `network` points to, `loop` and `log` outlive it.
  ImapStore(Loop& loop, Log& log, store::ImapStoreSettings settings, ImapStoreNetwork network);

  void ask(store::Request request, Told told) override;

 private:
  void perform(store::ImapStoreEffects effects);
  void open(store::LinkId id);
  void close(store::LinkId id);
  template <class Input>
  void tell(Input input);
  void set_timer();
  void wake();

  Loop& loop_;
  ImapStoreNetwork network_;
  store::ImapStore machine_;
  Lingering lingering_;
  Timer timer_;
  std::map<store::LinkId, std::unique_ptr<ImapLink>> links_;
  std::map<store::RequestId, Told> asked_;
  std::uint64_t requests_ = 0;
  Alive alive_;
};

}  // namespace convene::io
