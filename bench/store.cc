// Messages made durable, ours against what the disk and the server can do: see README.md.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "bench/store_sync.h"
#include "io/database.h"
#include "io/embedded_reader.h"
#include "io/embedded_store.h"
#include "io/imap_store.h"
#include "io/loop.h"
#include "io/outbox.h"

namespace convene::bench {
namespace {

constexpr std::size_t message_octets = 1'024;

struct Load {
  std::size_t recipients;
  std::size_t messages;
  std::size_t under_way;  // messages
};

double seconds_of(const std::function<void()>& work) {
  const auto begin = io::monotonic_now();
  work();
  return std::chrono::duration<double>(io::monotonic_now() - begin).count();
}

store::Object message(std::size_t number) {
  auto text =
      "IMDN-Message-ID: m" + std::to_string(number) + "\r\nContent-Type: Message/CPIM\r\n\r\n";
  text.resize(message_octets, 'x');
  return {.pieces = {text + "\r\n"}, .flags = {}, .imdn_message_id = "m" + std::to_string(number)};
}

// Each message to all recipients; the next one begins when one is in the store of all.
void store_all(io::MessageStore& messages, io::Loop& loop, const Load& load,
               const std::string& account) {
  std::size_t begun = 0;
  std::size_t done = 0;
  std::vector<std::size_t> left(load.messages, load.recipients);
  std::function<void()> begin = [&] {
    const auto number = begun++;
    for (std::size_t i = 0; i < load.recipients; ++i) {
      messages.ask(store::Write{.account = account + std::to_string(i),
                                .folder = {{"Default", "c", "s"}},
                                .objects = {message(number)}},
                   [&, number](store::Answer answer) {
                     if (!answer) {
                       std::fprintf(stderr, "%s\n", answer.error().detail.c_str());
                       std::exit(1);
                     }
                     if (--left[number] > 0) return;
                     if (++done == load.messages) return loop.stop();
                     if (begun < load.messages) begin();
                   });
    }
  };
  for (std::size_t i = 0; i < std::min(load.under_way, load.messages); ++i) begin();
  loop.run();
}

// One row for each recipient, as many to a commit as ours has under way, and nothing else.
void raw_sqlite(const std::string& path, const Load& load) {
  auto database = io::Sqlite::open(path, io::Sqlite::Access::read_write).value();
  database.run_script("CREATE TABLE t (folder INTEGER, uid INTEGER, text BLOB)").value();
  const auto text = text_of(message(0));
  for (std::size_t done = 0; done < load.messages;) {
    const auto until = std::min(done + load.under_way, load.messages);
    database.run("BEGIN IMMEDIATE").value();
    for (; done < until; ++done)
      for (std::size_t i = 0; i < load.recipients; ++i)
        database.run("INSERT INTO t VALUES (?, ?, ?)", i, done, io::Blob{text}).value();
    database.run("COMMIT").value();
  }
}

void print(const char* what, const Load& load, double ours, double raw) {
  const auto rows = static_cast<double>(load.messages * load.recipients);
  const auto count = static_cast<double>(load.messages);
  std::printf(
      "%-10s %4zu recipients  %8.0f messages/s  %9.0f stored/s   raw %9.0f stored/s   ratio %.2f\n",
      what, load.recipients, count / ours, rows / ours, rows / raw, raw / ours);
}

void embedded(const std::string& directory, const Load& load) {
  SilentLog log;
  io::Loop loop;
  const auto state = directory + "/state";
  double ours = 0;
  {
    auto database = io::Database::open({.directory = state}, loop, log).value();
    auto messages =
        io::EmbeddedStore::open(io::embedded_files_in(state), *database, loop, nullptr).value();
    ours = seconds_of([&] { store_all(*messages, loop, load, "u"); });
  }
  const auto raw = seconds_of([&] { raw_sqlite(directory + "/raw.db", load); });
  print("embedded", load, ours, raw);
}

// As many messages to a command as ours has under way, one folder after the other.
void raw_appends(io::MessageStore& messages, io::Loop& loop, const Load& load) {
  std::size_t left = 0;
  for (std::size_t i = 0; i < load.recipients; ++i) {
    for (std::size_t done = 0; done < load.messages; done += 30) {
      store::Write write{.account = "raw" + std::to_string(i), .folder = {{"Default", "c", "s"}}};
      for (auto at = done; at < std::min(done + 30, load.messages); ++at)
        write.objects.push_back(message(at));
      ++left;
      messages.ask(std::move(write), [&](const store::Answer& answer) {
        if (!answer) std::exit(1);
        if (--left == 0) loop.stop();
      });
    }
  }
  loop.run();
}

// `place`: port:user:secret, of a server like examples/dovecot.
std::unique_ptr<io::ImapStore> imap_store(std::string_view place, io::Loop& loop, Log& log) {
  const auto words = split(place, ':');
  store::ImapStoreSettings settings;
  settings.session.credentials.user = words.at(1);
  settings.session.credentials.secret = words.at(2);
  settings.max_waiting = 1'000'000;
  io::ImapStoreNetwork network;
  network.address.port = static_cast<std::uint16_t>(to_number(words.at(0)).value());
  return std::make_unique<io::ImapStore>(loop, log, settings, network);
}

// The same behind an outbox: on our disk first, then there, then off our disk.
void outbox(const std::string& directory, std::string_view place, const Load& load) {
  SilentLog log;
  io::Loop loop;
  const auto state = directory + "/outbox";
  double ours = 0;
  {
    auto database = io::Database::open({.directory = state}, loop, log).value();
    auto messages = io::Outbox::open({}, io::embedded_files_in(state), *database, loop, log,
                                     nullptr, imap_store(place, loop, log))
                        .value();
    ours = seconds_of(
        [&] { store_all(*messages, loop, load, "o" + std::to_string(load.recipients) + "-"); });
  }
  const auto raw = seconds_of([&] { raw_appends(*imap_store(place, loop, log), loop, load); });
  print("outbox", load, ours, raw);
}

void imap(std::string_view place, const Load& load) {
  SilentLog log;
  io::Loop loop;
  const auto store = imap_store(place, loop, log);
  auto& messages = *store;
  const auto ours = seconds_of(
      [&] { store_all(messages, loop, load, "u" + std::to_string(load.recipients) + "-"); });
  const auto raw = seconds_of([&] { raw_appends(messages, loop, load); });
  print("imap", load, ours, raw);
}

// One user's hundred thousand, in a hundred folders, and a client that fetches them all; then one
// more.
void sync(io::MessageStore& messages, io::Loop& loop, const char* what) {
  constexpr std::size_t folders = 100, of_each = 1'000, under_way = 512;
  std::size_t begun = 0, done = 0;
  const auto store_one = [&](auto&& again) -> void {
    const auto number = begun++;
    const auto folder = "s" + std::to_string(number % folders);
    messages.ask(
        store::Write{
            .account = "sync", .folder = {{"Default", "c", folder}}, .objects = {message(number)}},
        [&, again](const store::Answer& answer) {
          if (!answer) std::exit(1);
          if (++done == begun && begun >= folders * of_each) return loop.stop();
          if (begun < folders * of_each) again(again);
        });
  };
  const auto stored = seconds_of([&] {
    for (std::size_t i = 0; i < under_way; ++i) store_one(store_one);
    loop.run();
  });
  Copy copy{messages, loop, "sync"};
  const auto all = copy.sync();
  const auto none = copy.sync();
  done = begun;
  store_one(store_one);
  loop.run();
  const auto one = copy.sync();
  std::printf(
      "%-10s %zu messages in %zu folders stored in %.1f s, fetched in %.1f s (%.0f MB); nothing "
      "new: "
      "%zu in %.3f s; one more: %zu in %.3f s\n",
      what, all.objects, all.folders, stored, all.seconds, static_cast<double>(all.octets) / 1e6,
      none.objects, none.seconds, one.objects, one.seconds);
}

void sync_embedded(const std::string& directory) {
  SilentLog log;
  io::Loop loop;
  const auto state = directory + "/sync";
  auto database = io::Database::open({.directory = state}, loop, log).value();
  auto messages =
      io::EmbeddedStore::open(io::embedded_files_in(state), *database, loop, nullptr).value();
  sync(*messages, loop, "embedded");
}

void sync_imap(std::string_view place) {
  SilentLog log;
  io::Loop loop;
  sync(*imap_store(place, loop, log), loop, "imap");
}

}  // namespace
}  // namespace convene::bench

int main(int count, char** words) {
  using namespace convene::bench;
  const std::string directory = std::string{count > 1 ? words[1] : "."} + "/convene-bench-store";
  for (const Load& load : {Load{1, 50'000, 256}, Load{100, 2'000, 64}}) {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    embedded(directory, load);
    if (count <= 2) continue;
    const auto there = load.recipients == 1 ? Load{1, 5'000, 256} : Load{100, 200, 64};
    imap(words[2], there);
    outbox(directory, words[2], there);
  }
  sync_embedded(directory);
  if (count > 2) sync_imap(words[2]);
  std::filesystem::remove_all(directory);
}
