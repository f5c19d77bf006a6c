#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "sip/framer.h"
#include "sip/message.h"
#include "tests/lab.h"

namespace convene::tests {

// A registered user that speaks for itself: SIP and MSRP octet by octet, right or wrong. What it
// does not answer stays unanswered.
class RawPeer {
 public:
  RawPeer(Lab& lab, std::string name, std::string host = "10.9.0.9");

  // ---- SIP, over one TCP connection ----
  void octets(std::string text);  // as they are
  void send(const sip::Message& message) { octets(to_text(message)); }
  bool is_connected();
  void connect();
  void register_user();

  // A request outside dialogs, with everything that every request needs.
  sip::Message request(std::string_view method, std::string_view uri);
  sip::Message invite(std::string_view uri, std::string_view icsi, std::string_view body,
                      std::string_view content_type = "application/sdp");
  // One in the dialog that `ok`, the answer to our INVITE, has made.
  sip::Message in_dialog(std::string_view method, const sip::Message& ok, int cseq = 2);
  // One in the dialog that accept() of `invite` has made.
  sip::Message in_accepted(std::string_view method, const sip::Message& invite, int cseq = 1);

  // The first final response, or request, of that method which was not taken yet. Fails the test
  // when none comes.
  sip::Message response(std::string_view method);
  sip::Message heard(std::string_view method);
  sip::Message answer_to(const sip::Message& request);  // sends it, waits for the final response
  void accept(const sip::Message& invite, std::string_view sdp);  // 200, and waits for the ACK

  // ---- MSRP ----
  struct Line {
    msrp::ConnectionId connection;
    std::string to, from;  // paths
  };
  Line connect_msrp(std::string to_path, std::string from_path);  // without any octet
  Line bind(std::string_view their_sdp, std::string_view our_sdp);
  void octets(const Line& line, std::string text);
  // One SEND; its transaction id comes back.
  std::string send(const Line& line, std::string_view range, std::string_view type,
                   std::string_view body, char flag = '$');
  int status_of(const Line& line, const std::string& transaction);  // waits; 0: none came
  const std::string& heard(const Line& line);
  bool is_closed(const Line& line);

  void die(sim::Death how = sim::Death::reset) { lab_.world().crash(name_, how); }

  // Our descriptions: m-lines of a chat and of a file, in a session with this path.
  std::string chat_sdp(std::string_view id = "chat") const;
  std::string file_sdp(std::string_view id, std::string_view octets) const;
  bool takes_files = false;  // what our Contact says

 private:
  std::string contact() const;
  std::string next_via();
  void listen();
  sip::Message take(const std::function<bool(const sip::Message&)>& fits, std::string_view what);

  Lab& lab_;
  std::string name_, host_;
  sip::Framer framer_;
  std::size_t read_ = 0;
  std::deque<sip::Message> inbox_;
  std::uint64_t flow_ = 0, connections_ = 0, requests_ = 0, messages_ = 0;
};

std::string path_in(std::string_view sdp);  // the first a=path
std::string replaced(std::string text, std::string_view what, std::string_view by);

}  // namespace convene::tests
