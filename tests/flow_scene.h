#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/flow_match.h"
#include "tests/stage.h"

namespace convene::tests {

// Where our messages deliberately differ from the flows, and why.
std::span<const Variant> known_variants();

// One flow played on a stage, and what went over the wire compared with its messages.
class FlowScene {
 public:
  FlowScene(std::string_view kind, StageSettings settings);

  Stage& stage() { return *stage_; }
  Stage* operator->() { return stage_.get(); }

  // Only what is sent from now on is looked at: later messages of the same kind.
  void begin_chapter();

  // The first message between these two, not compared yet, of the kind of the flow's: its method or
  // status, and for whom. Fails the test when there is none, or when it differs.
  void expect(const std::string& flow, const std::string& from, const std::string& to);
  // The whole wire, for people.
  std::string wire();

  // How many messages between these two have had `text` since the chapter began.
  std::size_t count_with(std::string_view text, const std::string& from, const std::string& to);

 private:
  struct Message {
    Seen seen;
    std::string kind = {};  // empty: nobody has asked yet
    bool is_compared = false;
  };
  struct Wanted {
    std::string kind;
    std::string beginning;  // of an MSRP response: with the transaction that its request has bound
    std::string from;
    std::string to;
  };
  void look();  // at what is new on the wire
  Message* find(const Wanted& wanted);

  std::unique_ptr<Stage> stage_;
  FlowMatch match_{known_variants()};
  std::vector<Message> wire_;
  std::size_t chapter_ = 0;  // where it begins in the wire
};

}  // namespace convene::tests
