#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/surroundings.h"
#include "participating/call.h"
#include "participating/known_sessions.h"
#include "participating/preferences.h"
#include "participating/recorder.h"
#include "participating/settings.h"
#include "store/file_transfer_history.h"
#include "store/requests.h"

namespace convene::participating {

// The users' history: what is stored of their sessions and file transfers, and when (CPM 8.5.3,
// message-storage 6). Both users' Participating Functions store, each for its own (A11). What was
// said in sessions, and the files themselves, it has where their MSRP is anchored.
class History {
 public:
  using Asks = std::vector<store::Ask>;

  // All outlive it.
  History(const Settings& settings, const Preferences& preferences, Surroundings world,
          msrp::BodyStore& bodies);

  // The first request of a call; its 2xx; and a later INVITE with its 2xx.
  void begins(Call& call, const sip::Message& request, TimePoint now) const;
  void accepted(Call& call, const sip::Message& invite, const sip::Message& response, Asks& asks);
  static void accepted_again(Call& call, const sip::Message& invite, const sip::Message& response);

  // A MESSAGE that was taken: a message in pager mode, or a report.
  std::optional<store::RequestId> message_passed(const Call& call, const sip::Message& request,
                                                 TimePoint now, Asks& asks);

  // A message of a session's chat that both sides have.
  std::optional<store::RequestId> chat_passed(const Call& call, const MessagePassed& passed,
                                              TimePoint now, Asks& asks);

  // A file of the m-line, or as much of it as came; its body is ours from now on.
  void file_passed(Call& call, std::size_t line, const FilePassed& passed);
  void forget(msrp::BodyId body) { bodies_.drop(body); }

  // Participant information on its way to the user.
  void notified(const Call& call, const sip::Message& notify);

  // The call is over: what is stored, if anything. `bye`: by which it ends; nullptr: it broke off.
  std::optional<store::RequestId> over(Call& call, const sip::Message* bye, TimePoint now,
                                       Asks& asks);

  // R5.1c, A12: what the answer to the BYE says of a Write; nothing when the store does not tell.
  static std::optional<store::Uid> message_uid(const store::Answer& answer);

  Recorder& recorder() { return recorder_; }
  const Recorder& recorder() const { return recorder_; }

  bool is_kept(const Call& call) const;  // <allow-offline-storage>; of one with a recording

 private:
  std::optional<store::RequestId> write(store::Write write, const Call& call, Asks& asks);
  std::string one_to_one_party(const Recording& recording) const;

  // session_history.cc
  void remember(const Call& call);
  store::Write session_write(const Recording& recording) const;
  std::optional<store::RequestId> session_begins(Call& call, Asks& asks);
  std::optional<store::RequestId> session_ends(Call& call, const sip::Message* bye, TimePoint now,
                                               Asks& asks);
  std::optional<store::Object> group_state(const Call& call, const sip::Message* bye,
                                           TimePoint now);

  // message_history.cc
  std::optional<store::RequestId> large_message_ends(Call& call, Asks& asks);

  // file_transfer_closing.cc
  std::optional<store::RequestId> file_transfer_ends(Call& call, const sip::Message* bye,
                                                     Asks& asks);
  struct Session {  // that a file transfer is in
    cpm::Ids ids;
    std::string subject;
  };
  std::optional<Session> session_of(const Call& call);
  store::Object session_info_of_transfer(const Recording& recording, const Session& session) const;
  Result<store::Object> transfer_object(Recording& recording, bool is_anchored, bool is_broken_off);
  std::optional<store::FileObject::Content> content_of(Recording::File& file);
  void drop_files(Recording& recording, const store::Object* kept);
  // Its files are the object's now, or dropped; false: there is none, and its history is lost.
  bool hands_over(Recording& recording, const Result<store::Object>& object);

  const Settings& settings_;
  const Preferences& preferences_;
  Surroundings world_;
  KnownSessions sessions_;
  msrp::BodyStore& bodies_;
  Recorder recorder_;
};

}  // namespace convene::participating
