#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "scenario/scene.h"
#include "scenario/script.h"
#include "scenario/stage.h"

namespace convene::scenario {

// How one step went.
struct Played {
  std::size_t line = 0;
  std::string text;  // of the step; or "everybody registers", before all others
  bool is_fine = true;
  std::string why;  // not fine: what is wrong or missing, and what came instead; several lines
  Duration took{0};
};

// Plays a scenario step by step. Pure: whoever has the stage tells it what the clients tell, and
// calls advance() after that and at its deadline.
class Player {
 public:
  // Both outlive it.
  Player(const Script& script, Stage& stage) : script_{script}, scene_{script, stage} {}

  // Brings the clients up and registers them, but for those that are offline.
  void begin(TimePoint now);
  void told(const std::string& name, client::Event event) { scene_.told(name, std::move(event)); }
  void advance(TimePoint now);

  bool is_over() const { return is_over_; }
  bool is_fine() const { return is_over_ && (played_.empty() || played_.back().is_fine); }
  Deadline deadline() const { return deadline_; }  // when advance() has to be called at the latest
  const std::vector<Played>& played() const {
    return played_;
  }  // a step that is not fine is the last

 private:
  bool play_step(TimePoint now);  // whether to go on at once
  bool wait_for_registration(TimePoint now);
  Verdict play_subjects(const Step& step);
  void end_step(Played played, TimePoint now);
  void start_step(TimePoint now);

  const Script& script_;
  Scene scene_;
  std::vector<Played> played_;
  std::size_t at_ = 0;  // the step being played
  bool are_registered_ = false;
  bool is_over_ = false;
  TimePoint begin_{};              // of the step
  std::vector<std::string> left_;  // its subjects that are not done
  Deadline deadline_;
};

}  // namespace convene::scenario
