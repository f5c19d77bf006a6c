#include "apps/tour_show.h"

#include <algorithm>

#include "sip/name_addr.h"

namespace convene::apps {

namespace {

constexpr Duration frame{100};

// "alice" of "sip:alice@ims.example".
std::string name_in(const client::Person& person) {
  const auto uri = sip::parse_uri(person.address);
  return uri ? uri->user : person.address;
}

// R2.8, R2.9: what the Contact says, in words.
std::string says(const scenario::ClientDeclaration& client) {
  if (client.is_chat_only) return "chat only";
  std::string words;
  const auto add = [&](bool is_said, std::string_view what) {
    if (is_said) words += (words.empty() ? "" : ", ") + std::string{what};
  };
  add(client.services.file_transfer, "files");
  add(client.services.thumbnail, "thumbnails");
  add(client.services.store_and_forward, "store and forward");
  return words.empty() ? "nothing" : words;
}

double seconds_between(TimePoint begin, TimePoint end) {
  return std::chrono::duration<double>(end - begin).count();
}

}  // namespace

void TourShow::told(const std::string& name, const client::Event& event, TimePoint now) {
  if (std::holds_alternative<client::Registered>(event)) return registered(name);
  if (const auto* in = std::get_if<client::Joined>(&event)) return joined(name, *in);
  if (const auto* chat = std::get_if<client::ChatReceived>(&event)) return heard(*chat);
  if (const auto* offer = std::get_if<client::FileOffered>(&event)) return offered(name, *offer);
  if (std::holds_alternative<client::Ended>(event)) {
    in_.erase(name);
    if (in_.empty() && !files_.empty() && !files_.back().is_over)
      screen_.line("(everybody has left the chat; the file goes on: CPM 9.2.7)");
    return;
  }
  if (const auto* progress = std::get_if<client::FileProgress>(&event)) {
    if (auto* const copy = copy_of(name, progress->transfer)) copy->octets = progress->octets;
  } else if (const auto* received = std::get_if<client::FileReceived>(&event)) {
    auto* const copy = copy_of(name, received->transfer);
    if (!copy) return;
    copy->octets = received->size;
    copy->done = now;
    copy->body = received->body;
  } else {
    return;
  }
  if (now < next_frame_) return;
  next_frame_ = now + frame;
  draw(now);
}

void TourShow::registered(const std::string& name) {
  registered_.insert(name);
  if (registered_.size() != script_.clients.size()) return;
  std::string all;
  for (const auto& client : script_.clients) all += (all.empty() ? "" : ", ") + client.name;
  screen_.line("registered: " + all);
}

void TourShow::joined(const std::string& name, const client::Joined& event) {
  in_.insert(name);
  if (in_.size() != script_.clients.size()) return;
  screen_.heading("A group");
  screen_.line(event.focus);
  for (const auto& client : script_.clients)
    screen_.line(client.name + std::string(8 - std::min<std::size_t>(client.name.size(), 7), ' ') +
                 "said it can: " + says(client));
}

// Each message once, whoever hears it first.
void TourShow::heard(const client::ChatReceived& event) {
  if (heard_.empty()) screen_.heading("A chat");
  if (heard_.insert(event.id).second) screen_.said(name_in(event.from), event.octets);
}

void TourShow::offered(const std::string& name, const client::FileOffered& event) {
  if (files_.empty() || files_.back().name != event.name) {
    files_.push_back({.name = event.name,
                      .sender = name_in(event.from),
                      .size = event.size,
                      .begin = step_ended_});
    screen_.heading("A file into the group: " + event.name + ", " + megabytes(event.size));
  }
  files_.back().copies.push_back({.client = name,
                                  .transfer = event.transfer,
                                  .has_thumbnail = event.thumbnail.has_value(),
                                  .done = {},
                                  .body = {}});
}

void TourShow::step_ended(TimePoint now) {
  step_ended_ = now;
  if (files_.empty() || files_.back().is_over) return;
  auto& file = files_.back();
  const auto done = std::ranges::count_if(
      file.copies, [](const TourCopy& copy) { return copy.done.has_value(); });
  if (std::cmp_less(done, receivers(file))) return;
  file.is_over = true;
  draw(now);
  screen_.end_bars();
}

void TourShow::draw(TimePoint now) { screen_.bars(bars(files_.back(), now)); }

TourCopy* TourShow::copy_of(const std::string& name, client::TransferId transfer) {
  for (auto& file : files_) {
    for (auto& copy : file.copies) {
      if (copy.client == name && copy.transfer == transfer) return &copy;
    }
  }
  return nullptr;
}

std::vector<Bar> TourShow::bars(const File& file, TimePoint now) const {
  std::vector<Bar> all;
  for (const auto& copy : file.copies) {
    all.push_back({.name = copy.client,
                   .done = copy.octets,
                   .total = file.size,
                   .seconds = seconds_between(file.begin, copy.done.value_or(now)),
                   .is_over = copy.done.has_value()});
  }
  std::ranges::sort(all, {}, &Bar::name);
  return all;
}

std::size_t TourShow::receivers(const File& file) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(script_.clients, [&](const scenario::ClientDeclaration& client) {
        return client.services.file_transfer && client.name != file.sender;
      }));
}

std::vector<std::string> TourShow::row(const File& file,
                                       const scenario::ClientDeclaration& client) const {
  std::vector<std::string> cells{file.name, client.name, says(client)};
  const auto copy = std::ranges::find(file.copies, client.name, &TourCopy::client);
  if (copy == file.copies.end() || !copy->done) {
    cells.emplace_back(client.is_chat_only ? "not invited: CPM 9.3.1 (2)"
                                           : "not invited: CPM 9.3.1 (3) a");
    return cells;
  }
  const bool had_thumbnail =
      std::ranges::any_of(file.copies, [](const TourCopy& one) { return one.has_thumbnail; });
  const auto seconds = seconds_between(file.begin, *copy->done);
  cells.push_back(megabytes(copy->octets));
  cells.emplace_back("equal");
  cells.emplace_back(copy->has_thumbnail ? "yes" : had_thumbnail ? "no (R3.3)" : "none sent");
  cells.push_back(decimal(seconds, 2) + " s");
  cells.push_back(decimal(static_cast<double>(copy->octets) / 1e6 / std::max(seconds, 0.001), 0));
  return cells;
}

void TourShow::results() {
  std::vector<std::vector<std::string>> rows{
      {"file", "who", "said it can", "got", "SHA-256", "thumbnail", "time", "MB/s"}};
  for (const auto& file : files_) {
    for (const auto& client : script_.clients) {
      if (client.name != file.sender) rows.push_back(row(file, client));
    }
  }
  screen_.heading("Who got what");
  screen_.table(rows);
}

}  // namespace convene::apps
