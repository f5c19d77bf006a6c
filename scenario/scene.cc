#include "scenario/scene.h"

#include <algorithm>
#include <span>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"

namespace convene::scenario {

namespace {

constexpr std::size_t slice_octets = 1U << 20;
constexpr std::size_t max_lines = 20;

// Random octets, the same for the same size.
Result<msrp::BodyId> make_file(msrp::BodyStore& bodies, const FileDeclaration& file) {
  const auto body = TRY(bodies.create(file.size));
  SeededRandom random{file.size};
  std::string slice;
  for (std::uint64_t at = 0; at < file.size; at += slice.size()) {
    slice.resize(std::min<std::uint64_t>(slice_octets, file.size - at));
    random.fill(std::as_writable_bytes(std::span{slice}));
    TRY(bodies.write(body, at, std::as_bytes(std::span{slice})));
  }
  return body;
}

Result<std::string> digest_of_body(Digest digest, msrp::BodyStore& bodies, msrp::BodyId body,
                                   std::uint64_t size) {
  const auto hash = bodies.digest(body, digest);
  TRY(hash->advance(size));
  return hash->finish();
}

bool is_noise(const client::Event& event) {
  return std::holds_alternative<client::FileProgress>(event) ||
         std::holds_alternative<client::Registered>(event);
}

}  // namespace

void Scene::add(const std::string& name, std::string address) {
  addresses_[name] = std::move(address);
  seen_[name];
}

// Of progress only the latest is kept.
void Scene::told(const std::string& name, client::Event event) {
  auto& seen = seen_.at(name);
  const auto* progress = std::get_if<client::FileProgress>(&event);
  if (progress != nullptr && !seen.empty()) {
    auto* before = std::get_if<client::FileProgress>(&seen.back().event);
    if (before != nullptr && before->transfer == progress->transfer) {
      *before = *progress;
      return;
    }
  }
  seen.push_back({.event = std::move(event)});
}

std::string Scene::address_of(const std::string& name) const {
  const auto found = addresses_.find(name);
  return found == addresses_.end() ? name : found->second;
}

bool Scene::is_from(const client::Person& person, const std::string& name) const {
  return name == "somebody" ? person.address.empty() : person.address == address_of(name);
}

std::string Scene::instead(const std::string& name) const {
  std::string text;
  std::size_t lines = 0;
  for (const auto& told : seen_.at(name)) {
    if (told.is_taken || is_noise(told.event)) continue;
    const auto words = stage_.words_of(told.event);
    if (words.empty()) continue;
    if (lines++ == max_lines) return text + "\n...";
    text += (text.empty() ? "" : "\n") + words;
  }
  return text;
}

std::optional<client::GroupId> Scene::group_of(const std::string& name,
                                               const std::string& subject) {
  const auto& client = stage_.client(name);
  std::optional<client::GroupId> latest;
  bool is_alive = false;
  for (const auto group : client.sessions()) {
    const auto session = client.session(group);
    if (!session || (!subject.empty() && session->subject != subject)) continue;
    const bool lives = session->state != client::SessionState::ended;
    if (latest && is_alive && !lives) continue;
    latest = group;
    is_alive = lives;
  }
  return latest;
}

Verdict Scene::verdict_of(const Error& error) {
  const bool may_come = error.fault == Fault::out_of_order || error.fault == Fault::not_found;
  return may_come ? not_yet(error.detail) : failed(error.detail);
}

std::optional<std::string> Scene::id_of(const std::string& words) const {
  const auto found = said_.find(words);
  return found == said_.end() ? std::nullopt : std::optional{found->second};
}

Result<client::FileToSend> Scene::file_to_send(const std::string& sender, const std::string& path) {
  const auto made = std::ranges::find(script_.files, path, &FileDeclaration::name);
  if (made == script_.files.end()) return stage_.open_file(sender, path);
  auto& bodies = stage_.bodies(sender);
  const auto body = TRY(make_file(bodies, *made));
  auto sha1 = TRY(digest_of_body(Digest::sha1, bodies, body, made->size));
  return client::FileToSend{.body = body,
                            .name = made->name,
                            .type = "application/octet-stream",
                            .size = made->size,
                            .sha1 = std::move(sha1)};
}

const SentFile* Scene::file(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second;
}

Result<std::string> Scene::sha256_of(const std::string& owner, msrp::BodyId body,
                                     std::uint64_t size) {
  return digest_of_body(Digest::sha256, stage_.bodies(owner), body, size);
}

std::string name_of_file(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace convene::scenario
