#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/chat_load.h"
#include "load/figures.h"
#include "load/file_load.h"
#include "load/plan.h"
#include "load/stage.h"

namespace convene::load {

inline constexpr Span entry_patience = std::chrono::seconds{30};  // nothing moves: it is given up
inline constexpr Span last_patience = std::chrono::seconds{10};  // for what is under way at the end
inline constexpr std::size_t most_registrations_under_way = 50;
// Servers bound the MSRP connections of one host that belong to no session yet.
inline constexpr std::size_t most_invitations_under_way = 100;

// Many clients that register, make groups, and do in them what was planned, until the time is over.
// Pure: the time is told.
class Crowd {
 public:
  enum class Phase { registering, gathering, working, ending, over };

  // The plan is one that check(plan) has nothing against. The stage outlives the crowd.
  Crowd(const Plan& plan, Stage& stage);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  void begin(Instant now);
  void told(std::size_t member, const client::Event& event, Instant now);
  void advance(Instant now);  // no later than deadline(); earlier or again does no harm
  std::optional<Instant> deadline() const;
  void end(Instant now);  // before the time is over: what is under way may still arrive

  Phase phase() const { return phase_; }
  const Figures& figures() const { return figures_; }
  std::size_t registered() const { return registered_; }
  std::size_t joined() const { return joined_; }
  Span worked(Instant now) const;                          // so far
  const std::string& problem() const { return problem_; }  // why it ended before its work began

 private:
  struct Member {
    client::GroupId group;
    bool is_joined = false;
    std::size_t unanswered = 0;      // messages that it said and the server has not taken yet
    std::optional<Instant> is_away;  // since it left, or was thrown out; it comes back
  };
  struct Group {
    ChatLoad chat;
    FileLoad files;
  };

  void on(std::size_t member, const client::Registered& event, Instant now);
  void on(std::size_t member, const client::RegistrationFailed& event, Instant now);
  void on(std::size_t member, const client::Joined& event, Instant now);
  void on(std::size_t member, const client::Ended& event, Instant now);
  void on(std::size_t member, const client::ChatReceived& event, Instant now);
  void on(std::size_t member, const client::ChatSent& event, Instant now);
  void on(std::size_t member, const client::ChatFailed& event, Instant now);
  void on(std::size_t member, const client::FileProgress& event, Instant now);
  void on(std::size_t member, const client::FileReceived& event, Instant now);
  void on(std::size_t member, const client::FileSent& event, Instant now);
  void on(std::size_t member, const client::FileFailed& event, Instant now);

  void register_more();
  void gather_more(Instant now);
  void begin_work(Instant now);
  void work(Instant now);
  void say(std::size_t group, Instant now);
  void send_file(std::size_t group, Instant now);
  void churn(Instant now);
  bool is_quiet() const;
  void finish();
  void give_up(std::string why);

  std::size_t group_of(std::size_t member) const { return member / plan_.members; }
  std::size_t place_of(std::size_t member) const { return member % plan_.members; }
  std::vector<bool> present(std::size_t group) const;

  Plan plan_;
  Stage& stage_;
  Phase phase_ = Phase::registering;
  std::vector<Member> members_;
  std::vector<Group> groups_;
  Figures figures_;
  std::string problem_;
  std::size_t asked_to_register_ = 0;
  std::size_t registered_ = 0;
  std::size_t gathered_ = 0;  // groups that were begun
  std::size_t joined_ = 0;
  std::size_t next_to_leave_ = 0;
  Instant last_progress_{};
  Instant began_{};
  Instant ended_{};
  Instant next_churn_{};
};

// What makes no sense in a plan, in words for its user.
Result<> check(const Plan& plan);

}  // namespace convene::load
