#pragma once
// For tests: the focus of the flows, with peers that are written by hand. The bodies are in
// stage_test.cc and stage_state_test.cc.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controlling/controlling_function.h"
#include "cpm/flow_messages.h"
#include "msrp/test_side.h"
#include "sip/message.h"

namespace convene::controlling {

using namespace std::chrono_literals;
using cpm::flow;

// Tags, branches, Call-IDs, our tokens, session ids, boundaries and lengths become one and the
// same: what is left can be compared with the flows.
std::string without_chance(std::string text);
std::string without_chance(const std::optional<sip::Message>& message);
std::string expected_flow(std::string_view label);

// The focus of the flows at cf.example.com and 192.0.2.20. What it sends over SIP waits in `sent`;
// over MSRP each member has one connection, and what it hears is text.
class Stage {
 public:
  explicit Stage(Policy policy = {});

  // ---- SIP ----
  void receive(sip::Message message, bool is_trusted = true);

  // Takes the first such message off `sent`: a request by its method and the beginning of its
  // Request-URI, a final response by its CSeq's method.
  std::optional<sip::Message> request(std::string_view method, std::string_view uri = {});
  std::optional<sip::Message> response(std::string_view method);
  int status(std::string_view method);  // of that response; 0: there is none

  // Answers a request of the focus with a message of the flows, or with a bare status.
  void answer(const sip::Message& request, sip::Message response);
  void answer(const sip::Message& request, int status);

  // A request of the peer's in a dialog that the focus accepted (`dialog` is its 200) or made (its
  // INVITE).
  sip::Message in_dialog(std::string_view method, const sip::Message& dialog, int cseq = 2);
  void acknowledge(const sip::Message& ok) { receive(in_dialog("ACK", ok, 1)); }

  // A request of the flows that is new: another Call-ID and branch, and this Request-URI.
  sip::Message fresh(std::string_view label, std::string_view uri = {});

  // ---- MSRP ----
  // Opens a connection for the leg between these two descriptions, and binds it with an empty SEND.
  // What the focus says after its 200 is there to be heard.
  void connect(const std::string& name, std::string_view focus_sdp, std::string_view peer_sdp);

  // One frame; its transaction id comes back.
  std::string frame(const std::string& name, std::string_view method,
                    const std::vector<std::string>& headers, std::string_view body,
                    char flag = '$');
  std::string say(const std::string& name, std::string_view body,
                  std::string_view type = "message/cpim");
  void reply(const std::string& name, std::string_view transaction, int status);
  void octets(const std::string& name, std::string_view text);

  // What the member has heard since the last time; every SEND is answered 200 unless
  // `answers_sends` is off.
  std::string hear(const std::string& name);
  int status_heard(const std::string& name, const std::string& transaction);  // 0: none
  void cut(const std::string& name);
  bool is_open(const std::string& name) const { return lines_.at(name).is_open; }

  // ---- the durable state ----
  // A record that is to be stored is committed at once, unless `stores_wait`; then store() says
  // how it ended.
  bool store(bool is_stored);  // the first that waits; false: none does
  void restore(const Stage& earlier);

  // ---- group documents ----
  void fetched(DocumentId id, const FetchedDocument& document);

  // ---- time ----
  void pass(Duration time);

  SeededRandom random{7};
  KeptLog log;
  TimePoint now = msrp::test_start;
  Calendar calendar;
  msrp::MemoryBodies bodies;
  ControllingFunction focus;
  std::deque<sip::Message> sent;
  std::vector<FetchDocument> fetches;
  bool answers_sends = true;
  bool stores_wait = false;
  std::deque<StoreGroup> stores;               // that wait
  std::map<std::string, GroupRecord> records;  // committed, by their focus
  std::size_t max_write = 1'000'000;

 private:
  struct Line {
    msrp::ConnectionId connection;
    std::string theirs;  // the focus's URI for this leg
    std::string ours;
    std::string heard;  // and not read yet
    std::string kept;   // read, answered, and not told yet
    bool is_open = true;
    std::uint64_t transactions = 0;
  };
  void take(Output& out);
  void write(msrp::ConnectionId connection);
  void hear_on(msrp::ConnectionId connection, std::string_view text);
  template <class Predicate>
  std::optional<sip::Message> take_first(Predicate is_wanted);
  std::string next_via();

  std::map<std::string, Line> lines_;
  std::uint64_t connections_ = 0;
  std::uint64_t branches_ = 0;
  std::uint64_t messages_ = 0;
};

std::string contact_uri(const sip::Message& message);
std::string sdp_of(const sip::Message& message);

// The group of flow F1: alice has created it; those of `joining` have accepted as in F1.6 to F1.9;
// all are connected.
class Group : public Stage {
 public:
  explicit Group(Policy policy = {},
                 const std::vector<std::string>& joining = {"bob", "carol", "dave", "erin"});

  void join(const std::string& name);         // accepts and connects
  void leave(const std::string& name);        // BYE "Call completed"
  sip::Message bye(const std::string& name);  // not sent yet

  // F3.1 anew, with these texts replaced in its body.
  sip::Message file_offer(const std::vector<std::pair<std::string, std::string>>& changes = {});

  // Sends it; bob (F3.5) accepts; alice's and bob's file legs are connected as "alice-file" and
  // "bob-file".
  void begin_file();
  void accept_file(const std::string& name);  // one more receiver
  void send_file();                           // F3.8 and F3.10
  void end_file();                            // F3.12: alice's BYE

  std::string focus_uri;
  sip::Message ok = sip::Message::response(200);       // to alice's chat
  sip::Message file_ok = sip::Message::response(200);  // to alice's file
  std::map<std::string, sip::Message> invites;         // that the focus sent for the chat
  std::map<std::string, sip::Message> file_invites;
};

inline constexpr std::string_view file_text =
    "Trail plan: meet 08:30 at the north gate, bring water and a map.\n";

}  // namespace convene::controlling
