#include "tests/store_fixture.h"

#include <unistd.h>

#include <cstdlib>

#include "base/text.h"
#include "io/embedded_reader.h"
#include "io/embedded_store.h"
#include "io/imap_store.h"
#include "io/outbox.h"

namespace convene {

namespace {

std::unique_ptr<io::MessageStore> imap_store(io::Loop& loop, Log& log, io::FileBodyStore& bodies,
                                             std::string_view place) {
  const auto words = split(place, ':');
  store::ImapStoreSettings settings;
  settings.session.credentials.user = words.at(1);
  settings.session.credentials.secret = words.at(2);
  settings.longest_pause = Duration{1'000};
  io::ImapStoreNetwork network{.address = {}, .bodies = &bodies};
  network.address.port = static_cast<std::uint16_t>(to_number(words.at(0)).value());
  return std::make_unique<io::ImapStore>(loop, log, settings, network);
}

}  // namespace

StoreUnderTest::StoreUnderTest() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  account = std::string{test->name()}.substr(0, 60) + "-" + std::to_string(::getpid());
  if (const char* given = std::getenv("CONVENE_ACCOUNT")) account = given;
  if (const char* given = std::getenv("CONVENE_STATE")) state = given;
  reopen();
}

StoreUnderTest::~StoreUnderTest() = default;

void StoreUnderTest::reopen() {
  messages.reset();
  database.reset();
  const char* const imap = std::getenv("CONVENE_IMAP");
  if (imap != nullptr) messages = imap_store(loop, log, bodies, imap);
  if (imap != nullptr && std::getenv("CONVENE_OUTBOX") == nullptr) return;
  database = io::Database::open({.directory = state}, loop, log).value();
  if (imap != nullptr) {
    auto opened = io::Outbox::open({}, io::embedded_files_in(state), *database, loop, log, &bodies,
                                   std::move(messages));
    outbox = opened.value().get();
    messages = *std::move(opened);
    return;
  }
  messages =
      io::EmbeddedStore::open(io::embedded_files_in(state), *database, loop, &bodies).value();
}

bool StoreUnderTest::is_embedded() const { return database != nullptr && outbox == nullptr; }

store::Answer StoreUnderTest::ask(store::Request request) {
  return ask_all({std::move(request)}).front();
}

std::vector<store::Answer> StoreUnderTest::ask_all(std::vector<store::Request> requests) {
  std::vector<store::Answer> answers(requests.size(), fail(Fault::timed_out, "no answer"));
  std::size_t told = 0;
  for (std::size_t i = 0; i < requests.size(); ++i)
    messages->ask(std::move(requests[i]), [&answers, &told, i](store::Answer answer) {
      answers[i] = std::move(answer);
      ++told;
    });
  EXPECT_EQ(told, 0) << "answered within the question";
  EXPECT_TRUE(loop.run_until([&] { return told == answers.size(); }, Duration{60'000}));
  return answers;
}

store::FileContent StoreUnderTest::file(std::string_view octets) {
  const auto body = bodies.create(octets.size()).value();
  EXPECT_TRUE(bodies.write(body, 0, std::as_bytes(std::span{octets})));
  return {.body = body, .octets = octets.size()};
}

std::string StoreUnderTest::read_whole(const store::Folder& folder, store::Uid uid,
                                       std::uint64_t window) {
  std::string text;
  for (;;) {
    const auto piece = answer<store::Octets>(store::Read{
        .account = account, .folder = folder, .uid = uid, .offset = text.size(), .most = window});
    if (piece.octets.empty()) return text;
    text += piece.octets;
  }
}

}  // namespace convene
