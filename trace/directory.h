#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "trace/passages.h"

namespace convene::trace {

// Who is who in a trace, and what belongs together.
//
// A node that wrote records has its name. Another address is named after the one user that speaks
// from it, "focus" if that is one, and else by its address: a proxy. An MSRP connection is known by
// the a=path of the SDP that announced its session.
class Directory {
 public:
  explicit Directory(std::span<const Passage> passages);

  std::string sender_of(const Passage& passage) const;
  std::string receiver_of(const Passage& passage) const;

  // Empty when unknown. A subscription belongs to the conversation of the group that it asks about.
  std::string call_of(const Passage& passage) const;
  std::string conversation_of(const Passage& passage) const;

 private:
  void learn(const Passage& passage);
  void learn_conversation(const sip::Message& message);
  void learn_paths(const sip::Message& message);
  std::string name_of(const End& end, std::string_view session_id) const;

  std::map<std::string, std::string, std::less<>> node_at_;             // by address
  std::map<std::string, std::set<std::string>, std::less<>> users_at_;  // by address
  std::map<std::string, std::string, std::less<>> user_of_session_;     // by MSRP session-id
  std::map<std::string, std::string, std::less<>> call_of_session_;
  std::map<std::string, std::string, std::less<>> conversation_of_call_;
  std::map<std::string, std::string, std::less<>>
      conversation_of_focus_;  // by its URI without parameters
};

}  // namespace convene::trace
