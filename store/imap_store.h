#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "imap/session.h"
#include "store/imap_job.h"
#include "store/requests.h"

namespace convene::store {

// How we get at the folders of many users.
enum class ImapAccess {
  shared,    // one login that may write to all of them: `paths.prefix` names the account
  per_user,  // one login per user: SASL PLAIN acting for the account, with our own secret
};

struct ImapStoreSettings {
  ImapAccess access = ImapAccess::shared;
  ImapPaths paths = {};
  imap::SessionSettings session = {};  // act_for is filled in when logins are per user
  std::size_t max_links = 16;          // connections at one time, of logins per user
  std::size_t max_running = 32;        // requests under way on one connection
  std::size_t max_waiting = 10'000;    // beyond: refused at once
  Duration close_idle{30'000};         // a connection that nobody needs
  Duration first_pause{1'000};         // after a connection that could not be made; doubles
  Duration longest_pause{5'000};
  Duration refused_pause{60'000};  // after a login that was refused: no storm of retries; doubles
  Duration longest_refused_pause{3'600'000};
};

struct LinkId {
  std::uint64_t value = 0;
  auto operator<=>(const LinkId&) const = default;
};

// What the caller does after each call, in order. Of a link that it does not know any more it does
// nothing.
struct OpenLink {  // connect; then connected(), or closed()
  LinkId link = {};
};
struct SendOctets {
  LinkId link = {};
  std::string octets = {};
};
struct SendFile {  // the body in base64, as mime::base64_lines_piece() gives it
  LinkId link = {};
  FileContent file = {};
};
struct CloseLink {  // once what was sent before has left; closed() is not told
  LinkId link = {};
};
struct Answered {
  RequestId id = {};
  Answer answer = {};
};
using ImapStoreEffect = std::variant<OpenLink, SendOctets, SendFile, CloseLink, Answered>;
using ImapStoreEffects = std::vector<ImapStoreEffect>;

// The message store on an IMAP server: requests in, commands out, over connections that are made
// when they are needed. A pure machine; io::ImapStore gives it sockets.
//
// A server that is down or does not believe us is left alone for a while, and everything that is
// asked meanwhile is answered at once with Fault::closed.
class ImapStore {
 public:
  ImapStore(ImapStoreSettings settings, Log& log);

  void ask(Ask ask, TimePoint now, ImapStoreEffects& out);

  void connected(LinkId link, TimePoint now, ImapStoreEffects& out);
  void received(LinkId link, std::string_view octets, TimePoint now, ImapStoreEffects& out);
  void sent(LinkId link, TimePoint now);
  void closed(LinkId link, std::string_view why, TimePoint now, ImapStoreEffects& out);

  void wake(TimePoint now, ImapStoreEffects& out);
  Deadline deadline() const;

  std::size_t links() const { return links_.size(); }

 private:
  struct Share {
    RequestId id;
    std::size_t objects = 0;  // of those that are stored, when several requests share one command
  };
  struct Running {
    std::vector<Share> shares;
    std::unique_ptr<ImapJob> job;
  };
  struct Waiting {
    RequestId id;
    std::unique_ptr<ImapJob> job;
  };
  struct Link {
    LinkId id;
    std::unique_ptr<imap::Session> session;      // nothing: not connected yet
    std::map<imap::CommandId, Running> running;  // by the command that each waits for
    std::deque<Waiting> waiting;
    Deadline idle_until;  // set while nobody needs it
    Deadline connect_by;  // set until it is connected
    bool was_ready = false;
  };
  using Links = std::map<std::string, Link>;  // by account; "" when shared

  Link* link_for(const std::string& account, TimePoint now, ImapStoreEffects& out);
  bool close_one_idle(ImapStoreEffects& out);
  Links::iterator find(LinkId id);
  void perform(Links::iterator link, imap::Effects effects, TimePoint now, ImapStoreEffects& out);
  void step(Link& link, Running running, ImapJob::Step step, TimePoint now, imap::Effects& effects,
            ImapStoreEffects& out);
  static void join_waiting(Link& link, std::size_t from, Running& running);
  static void answer_all(const Running& running, Answer answer, ImapStoreEffects& out);
  void start(Link& link, TimePoint now, imap::Effects& effects, ImapStoreEffects& out);
  void drop(Links::iterator link, const Error& why, TimePoint now, ImapStoreEffects& out);
  void pause(Duration at_least, Duration at_most, std::string_view why, TimePoint now);

  ImapStoreSettings settings_;
  Log* log_;
  Links links_;
  std::uint64_t ids_ = 0;
  std::uint64_t commands_ = 0;
  Deadline closed_until_;  // nobody connects before
  Duration pause_{0};      // the last one; 0: the last connection was good
  std::string why_paused_;
};

}  // namespace convene::store
