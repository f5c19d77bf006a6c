#include "apps/tour.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "apps/host.h"
#include "apps/lab_cast.h"
#include "apps/member.h"
#include "apps/screen.h"
#include "apps/thumbnail.h"
#include "apps/tour_files.h"
#include "base/hash.h"
#include "base/text.h"
#include "trace/ladder.h"

namespace convene::apps {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr Duration patience{60'000};
constexpr Duration file_patience{600'000};

// One of the tour's stations did not come out as it has to. Ends the tour.
struct Amiss {
  std::string what;
};

class Tour {
 public:
  Tour(TourSettings settings, Screen& screen, fs::path folder)
      : settings_{std::move(settings)}, screen_{screen}, folder_{std::move(folder)} {}

  void play();
  void draw_ladder();

 private:
  void open_lab();
  void register_members();
  void create_group();
  void chat();
  struct Sent {
    SentFile file;
    std::string label;
    client::TransferId transfer;
    TimePoint begin;
  };
  Sent send(SentFile file, std::string label);
  void follow(const Sent& sent, bool leaves_on_the_way);
  void judge(const Sent& sent);
  std::vector<Bar> bars(const Sent& sent) const;
  void leave(Member& member);
  void close();

  Member& member(std::string_view name) { return *members_.at(std::string{name}); }
  void require(bool holds, const std::string& otherwise) const {
    if (!holds) throw Amiss{otherwise};
  }
  void wait(const std::function<bool()>& predicate, const std::string& what,
            Duration longest = patience) {
    require(loop_.run_until(predicate, longest), what + ": not in time");
  }
  static bool takes_files(const Role& role) {
    return role.device == Device::everything || role.device == Device::files_only;
  }

  TourSettings settings_;
  Screen& screen_;
  fs::path folder_;
  Configuration configuration_;
  io::Loop loop_;
  Calendar calendar_ = io::make_calendar();
  std::unique_ptr<io::LogFile> log_file_;
  std::unique_ptr<io::TextLog> log_;
  std::unique_ptr<Host> host_;
  std::map<std::string, std::unique_ptr<Member>> members_;
  client::GroupId group_;
  std::size_t sent_ = 0;                   // files of alice that are done
  std::map<std::string, TimePoint> done_;  // when a receiver's copy was whole
  std::vector<std::vector<std::string>> results_{
      {"file", "who", "said it can", "got", "SHA-256", "thumbnail", "time", "MB/s"}};
};

void Tour::open_lab() {
  screen_.heading("A lab on this machine");
  configuration_ = lab_configuration();
  configuration_.listen.udp = {"127.0.0.1:0"};
  configuration_.listen.tcp = {"127.0.0.1:0"};
  configuration_.listen.msrp = "127.0.0.1:0";
  configuration_.file_transfer.spool_directory = folder_ / "spool";
  configuration_.trace.file = folder_ / "trace.txt";
  auto file = io::LogFile::open(folder_ / "convened.log");
  require(file.has_value(), "the log cannot be written");
  log_file_ = std::make_unique<io::LogFile>(std::move(*file));
  log_ = std::make_unique<io::TextLog>(Level::info, *log_file_);

  auto host = Host::make(configuration_, loop_, *log_, calendar_);
  require(host.has_value(), host ? "" : host.error().detail);
  host_ = std::move(*host);
  const auto started = host_->start();
  require(started.has_value(), started ? "" : started.error().detail);
  screen_.line("convened " + host_->ready_line());
  fs::create_directories(folder_ / "clients");
}

void Tour::register_members() {
  for (const auto& role : cast()) {
    Member::Settings settings{
        .name = std::string{role.name},
        .client = lab_client(role, configuration_, *host_->addresses().sip.tcp),
        .spool = folder_ / "clients" / role.name};
    auto one = std::make_unique<Member>(std::move(settings), loop_, *log_, calendar_);
    const auto started = one->start();
    require(started.has_value(), started ? "" : started.error().detail);
    one->with([](client::Client& c, TimePoint now, client::Output& o) { c.register_user(now, o); });
    members_.emplace(role.name, std::move(one));
  }
  wait(
      [&] {
        return std::ranges::all_of(
            members_, [](const auto& m) { return m.second->client().is_registered(); });
      },
      "registration");
  screen_.line("alice, bob, carol, dave and erin are registered");
}

// R1.1-R1.24, R2.1-R2.11
void Tour::create_group() {
  screen_.heading("A group");
  client::NewGroup group{.subject = "Trail Sunday", .members = {}};
  for (const auto& role : cast()) {
    if (role.name != "alice")
      group.members.push_back("sip:" + std::string{role.name} + "@" + configuration_.sip.domain);
  }
  const auto created =
      member("alice").with([&](client::Client& c, TimePoint now, client::Output& o) {
        return c.create_group(group, now, o);
      });
  require(created.has_value(), "alice cannot create a group");
  group_ = *created;
  const auto all_joined = [&] {
    return std::ranges::all_of(members_, [](const auto& m) {
      return m.second->template last<client::Joined>() != nullptr;
    });
  };
  wait(all_joined, "everybody joins");
  wait(
      [&] {
        const auto* roster = member("bob").last<client::RosterChanged>();
        return roster != nullptr &&
               std::ranges::count(roster->participants, client::Participant::State::joined,
                                  &client::Participant::state) == std::ssize(cast());
      },
      "bob knows who is there");
  screen_.line("alice created \"Trail Sunday\": " + member("alice").last<client::Joined>()->focus);
  for (const auto& role : cast())
    screen_.line(std::string{role.name} + std::string(8 - role.name.size(), ' ') +
                 "said it can: " + std::string{role.says});
}

// CPM 9.2.12
void Tour::chat() {
  screen_.heading("A chat");
  std::size_t said = 0;
  for (const auto& role : cast()) {
    auto& one = member(role.name);
    const auto group = one.last<client::Joined>()->group;
    const auto sent = one.with([&](client::Client& c, TimePoint now, client::Output& o) {
      return c.send_chat(group, {.octets = std::string{role.words}, .wants = {}, .to = ""}, now, o);
    });
    require(sent.has_value(), std::string{role.name} + " cannot chat");
    ++said;
    screen_.said(role.name, role.words);
  }
  for (const auto& [name, one] : members_) {
    wait([&] { return one->events<client::ChatReceived>().size() == said - 1; },
         name + " hears the others");
  }
}

Tour::Sent Tour::send(SentFile file, std::string label) {
  auto& alice = member("alice");
  const auto adopted = alice.bodies().adopt(file.path);
  require(adopted.has_value(), "the file cannot be read");
  client::FileToSend offered{.body = adopted->body,
                             .name = file.name,
                             .type = file.type,
                             .size = file.size,
                             .sha1 = file.sha1,
                             .thumbnail = file.thumbnail,
                             .wants = {}};
  for (auto& [name, one] : members_) done_.erase(name);
  const auto transfer = alice.with([&](client::Client& c, TimePoint now, client::Output& o) {
    return c.send_file(group_, offered, now, o);
  });
  require(transfer.has_value(), transfer ? "" : "alice cannot send: " + transfer.error().detail);
  return {.file = std::move(file),
          .label = std::move(label),
          .transfer = *transfer,
          .begin = loop_.now()};
}

std::vector<Bar> Tour::bars(const Sent& sent) const {
  std::vector<Bar> all;
  for (const auto& role : cast()) {
    if (!takes_files(role) || role.name == "alice") continue;
    const auto& one = *members_.at(std::string{role.name});
    Bar bar{.name = std::string{role.name}, .total = sent.file.size};
    if (const auto done = done_.find(bar.name); done != done_.end()) {
      bar.done = sent.file.size;
      bar.is_over = true;
      bar.seconds = std::chrono::duration<double>(done->second - sent.begin).count();
    } else if (const auto* progress = one.last<client::FileProgress>();
               progress != nullptr && progress->size == sent.file.size) {
      bar.done = progress->octets;
      bar.seconds = std::chrono::duration<double>(loop_.now() - sent.begin).count();
    }
    all.push_back(std::move(bar));
  }
  return all;
}

void Tour::leave(Member& one) {
  const auto* joined = one.last<client::Joined>();
  const auto left = one.with([&](client::Client& c, TimePoint now, client::Output& o) {
    return c.leave(joined->group, now, o);
  });
  require(left.has_value(), one.name() + " cannot leave");
}

// R3.1-R3.6; with `leaves_on_the_way` R6.9: everybody leaves the chat while the file is on its way.
void Tour::follow(const Sent& sent, bool leaves_on_the_way) {
  std::size_t expected = 0;
  std::map<std::string, std::size_t> before;
  for (const auto& role : cast()) expected += takes_files(role) && role.name != "alice" ? 1 : 0;
  for (const auto& [name, one] : members_)
    before[name] = one->events<client::FileReceived>().size();

  bool has_left = !leaves_on_the_way;
  auto next_frame = loop_.now();
  const auto is_over = [&] {
    for (const auto& [name, one] : members_) {
      if (one->last<client::FileFailed>() != nullptr) return true;
      if (one->events<client::FileReceived>().size() > before[name])
        done_.emplace(name, loop_.now());
    }
    if (loop_.now() >= next_frame) {
      screen_.bars(bars(sent));
      next_frame = loop_.now() + 100ms;
    }
    return done_.size() == expected || (!has_left && bars(sent).front().done > sent.file.size / 3);
  };
  wait(is_over, "the file arrives", file_patience);
  if (!has_left && done_.size() < expected) {
    has_left = true;
    for (auto& [name, one] : members_) leave(*one);
    screen_.line("(everybody has left the chat; the file goes on: CPM 9.2.7)");
    wait(is_over, "the file arrives", file_patience);
  }
  screen_.bars(bars(sent));
  screen_.end_bars();
  wait([&] { return member("alice").events<client::FileSent>().size() > sent_; },
       "alice knows that it was sent");
  ++sent_;
}

void Tour::judge(const Sent& sent) {
  for (const auto& role : cast()) {
    if (role.name == "alice") continue;
    auto& one = member(role.name);
    std::vector<std::string> row{sent.label, std::string{role.name}, std::string{role.says}};
    const auto offers = one.events<client::FileOffered>();
    if (!takes_files(role)) {
      const bool was_invited =
          std::ranges::any_of(offers, [&](const auto& o) { return o.name == sent.file.name; });
      require(!was_invited, one.name() + " was invited to a file");
      row.emplace_back(role.device == Device::chat_only ? "not invited: CPM 9.3.1 (2)"
                                                        : "not invited: CPM 9.3.1 (3) a");
      results_.push_back(std::move(row));
      continue;
    }
    const auto received = one.events<client::FileReceived>().back();
    const auto directory = folder_ / "received" / role.name;
    fs::create_directories(directory);
    const auto path = one.bodies().save_as(received.body, directory, sent.file.name);
    require(path.has_value(), one.name() + " cannot save the file");
    one.bodies().drop(received.body);
    const bool is_equal = sha256_of_file(*path) == sent.file.sha256;
    const bool has_thumbnail = offers.back().thumbnail.has_value();
    const bool wants_thumbnail = sent.file.thumbnail && role.device == Device::everything;
    const double seconds = std::chrono::duration<double>(done_.at(one.name()) - sent.begin).count();
    row.insert(row.end(),
               {megabytes(received.size), is_equal ? "equal" : "DIFFERS",
                has_thumbnail ? "yes" : (sent.file.thumbnail ? "no (R3.3)" : "none sent"),
                decimal(seconds, 2) + " s",
                decimal(static_cast<double>(received.size) / 1e6 / seconds, 0)});
    results_.push_back(std::move(row));
    require(is_equal, one.name() + " holds another file than alice sent");
    require(has_thumbnail == wants_thumbnail, one.name() + ": thumbnail");
  }
}

void Tour::close() {
  for (auto& [name, one] : members_)
    one->with([](client::Client& c, TimePoint now, client::Output& o) { c.unregister(now, o); });
  wait(
      [&] {
        return std::ranges::all_of(members_,
                                   [](const auto& m) { return m.second->client().is_idle(); });
      },
      "everybody signs off");
  const auto left = host_->snapshot();
  require(left.controlling.transfers.empty() && left.controlling.bodies == 0,
          "the server kept something of the files");
  std::size_t running = members_.size() + 1;
  const auto stopped = [&] { --running; };
  for (auto& [name, one] : members_) one->stop(stopped);
  host_->stop(stopped);
  wait([&] { return running == 0; }, "everything stops");
}

void Tour::play() {
  open_lab();
  register_members();
  create_group();
  chat();

  screen_.heading("A picture, with its thumbnail");
  const auto picture = send(picture_to_send(settings_.picture), "picture");
  follow(picture, false);
  judge(picture);

  screen_.heading("A file of " + megabytes(settings_.big_file_octets) +
                  "; the chat ends while it runs");
  const auto big =
      send(big_file_to_send(folder_ / "big.bin", settings_.big_file_octets), "big file");
  follow(big, true);
  judge(big);

  screen_.heading("Who got what");
  screen_.table(results_);
  close();
}

void Tour::draw_ladder() {
  if (settings_.ladder.empty()) return;
  const auto text = content_of(folder_ / "trace.txt");
  const auto records = trace::parse_trace(text);
  require(records.has_value(), "the trace cannot be read");
  const auto ladder = trace::make_ladder(*records);
  std::ofstream{settings_.ladder, std::ios::binary} << trace::to_svg(ladder);
  screen_.line("what went over the wire: " + settings_.ladder + " (" +
               std::to_string(ladder.arrows.size()) + " arrows)");
}

}  // namespace

int play_tour(const TourSettings& settings) {
  Screen screen{stdout};
  const bool is_kept = !settings.keep.empty();
  const fs::path folder = is_kept ? fs::path{settings.keep} : make_temporary_folder();
  fs::create_directories(folder);
  int status = 0;
  try {
    Tour tour{settings, screen, folder};
    tour.play();
    tour.draw_ladder();
  } catch (const Amiss& amiss) {
    screen.heading("Not as it has to be: " + amiss.what);
    screen.line("the log: " + last_lines(folder / "convened.log", 20));
    status = 1;
  }
  if (!is_kept) fs::remove_all(folder);
  return status;
}

}  // namespace convene::apps
