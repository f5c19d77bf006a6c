#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "io/database.h"
#include "io/file_body_store.h"
#include "io/loop.h"
#include "io/message_store.h"
#include "io/test_directory.h"

namespace convene::io {
class Outbox;
}

namespace convene {

// A message store as a server has it: the embedded one in a directory of the test, or, when the
// environment says CONVENE_IMAP=port:user:secret, that of an IMAP server on this machine; with
// CONVENE_OUTBOX an outbox stands before it. CONVENE_ACCOUNT names the account that is written to,
// CONVENE_STATE the directory of what is kept here.
class StoreUnderTest : public testing::Test {
 protected:
  StoreUnderTest();
  ~StoreUnderTest() override;

  // Asks, and waits for the answer.
  store::Answer ask(store::Request request);
  template <class T>
  T answer(store::Request request) {
    auto told = ask(std::move(request));
    if (!told) {
      ADD_FAILURE() << told.error().detail;
      return {};
    }
    return std::get<T>(std::move(*told));
  }

  // Several at once, in their order.
  std::vector<store::Answer> ask_all(std::vector<store::Request> requests);

  store::FileContent file(std::string_view octets);
  std::string read_whole(const store::Folder& folder, store::Uid uid, std::uint64_t window = 1'000);
  void reopen();  // as after a restart
  bool is_embedded() const;

  io::TestDirectory directory;
  SilentLog log;
  io::Loop loop;
  io::FileBodyStore bodies{directory / "spool"};
  std::string state = directory / "state";
  std::unique_ptr<io::Database> database;  // of the embedded store, or the outbox
  std::unique_ptr<io::MessageStore> messages;
  io::Outbox* outbox = nullptr;  // messages, if it is that
  std::string account;           // another one for each test
};

}  // namespace convene
