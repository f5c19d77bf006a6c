#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/client.h"
#include "client/event.h"
#include "scenario/form.h"
#include "scenario/script.h"
#include "scenario/stage.h"

namespace convene::scenario {

// What a client told, and whether a step has asked for it already: an event meets one expectation.
struct Told {
  client::Event event;
  bool is_taken = false;
};

// A file that somebody sent.
struct SentFile {
  std::string sender;
  client::TransferId transfer;
  std::string imdn_id;  // empty: no reports asked for
  std::uint64_t size = 0;
  std::string sha256;  // raw
};

// Everything that has happened in a scenario so far: what forms look at, and act through.
class Scene {
 public:
  // Both outlive it.
  Scene(const Script& script, Stage& stage) : script_{script}, stage_{stage} {}

  const Script& script() const { return script_; }
  Stage& stage() { return stage_; }

  void add(const std::string& name, std::string address);
  void told(const std::string& name, client::Event event);

  // The address of a declared client; a URI is its own.
  std::string address_of(const std::string& name) const;
  // Whether an event is from this client; "somebody": from one who stays unknown.
  bool is_from(const client::Person& person, const std::string& name) const;

  // What a client told, in order.
  std::vector<Told>& events(const std::string& name) { return seen_.at(name); }

  // The first event that no step has taken and that fits; taken now. Nothing: none.
  template <class E, class F>
  const E* take(const std::string& name, F fits) {
    for (auto& told : seen_.at(name)) {
      const auto* event = std::get_if<E>(&told.event);
      if (event == nullptr || told.is_taken || !fits(*event)) continue;
      told.is_taken = true;
      return event;
    }
    return nullptr;
  }
  // The last one that fits, taken or not.
  template <class E, class F>
  const E* last(const std::string& name, F fits) const {
    const auto& all = seen_.at(name);
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
      const auto* event = std::get_if<E>(&at->event);
      if (event != nullptr && fits(*event)) return event;
    }
    return nullptr;
  }
  // What it told that no step has taken yet, in words, one a line; at most 20 lines.
  std::string instead(const std::string& name) const;

  // The session of a client that a step is about: with this subject, or the latest it is in (the
  // latest at all, if it is in none).
  std::optional<client::GroupId> group_of(const std::string& name, const std::string& subject);

  // A verb of the client. done(); not yet, if the client says that it is not the time; or failed.
  template <class F>
  Verdict act(const std::string& name, F verb) {
    Verdict verdict;
    stage_.perform(name, [&](client::Client& c, TimePoint now, client::Output& out) {
      verdict = verdict_of(verb(c, now, out));
    });
    return verdict;
  }

  // Messages are known by their words: the imdn.Message-ID with which they were said.
  void said(const std::string& words, std::string id) { said_[words] = std::move(id); }
  std::optional<std::string> id_of(const std::string& words) const;

  // Files are known by their names.
  Result<client::FileToSend> file_to_send(const std::string& sender, const std::string& path);
  void sent(const std::string& name, SentFile file) { files_[name] = std::move(file); }
  const SentFile* file(const std::string& name) const;
  Result<std::string> sha256_of(const std::string& owner, msrp::BodyId body, std::uint64_t size);

 private:
  template <class T>
  static Verdict verdict_of(const Result<T>& result) {
    return result ? done() : verdict_of(result.error());
  }
  static Verdict verdict_of(const Error& error);

  const Script& script_;
  Stage& stage_;
  std::map<std::string, std::string> addresses_;
  std::map<std::string, std::vector<Told>> seen_;
  std::map<std::string, std::string> said_;
  std::map<std::string, SentFile> files_;
};

// "plan.txt" of "../media/plan.txt".
std::string name_of_file(const std::string& path);

}  // namespace convene::scenario
