#include "scenario/player.h"

#include <algorithm>

namespace convene::scenario {

namespace {

constexpr Duration quiet{300};  // how long an absence is watched, unless the step says how long
constexpr Duration registration_patience{15'000};

Duration watch_of(const Step& step) {
  const auto said = milliseconds_of(step.arguments["for"]);
  return said ? Duration{*said} : quiet;
}

std::string in_seconds(Duration time) {
  const auto milliseconds = std::to_string(time.count() % 1'000);
  auto text = std::to_string(time.count() / 1'000);
  if (time.count() % 1'000 != 0)
    text += '.' + std::string(3 - milliseconds.size(), '0') + milliseconds;
  return text + " s";
}

}  // namespace

void Player::begin(TimePoint now) {
  start_step(now);
  for (const auto& client : script_.clients) {
    auto address = scene_.stage().add(client);
    if (!address) {
      return end_step({.line = client.line,
                       .text = "client " + client.name,
                       .is_fine = false,
                       .why = address.error().detail},
                      now);
    }
    scene_.add(client.name, *std::move(address));
  }
  for (const auto& client : script_.clients) {
    if (client.is_offline) continue;
    scene_.stage().perform(client.name, [](client::Client& c, TimePoint at, client::Output& out) {
      c.register_user(at, out);
    });
  }
  advance(now);
}

void Player::advance(TimePoint now) {
  deadline_ = {};
  while (!is_over_ && (are_registered_ ? play_step(now) : wait_for_registration(now))) {
  }
}

bool Player::wait_for_registration(TimePoint now) {
  for (const auto& client : script_.clients) {
    if (client.is_offline || scene_.stage().client(client.name).is_registered()) continue;
    if (now < begin_ + registration_patience) {
      deadline_ = begin_ + registration_patience;
      return false;
    }
    end_step({.line = client.line,
              .text = client.name + " registers",
              .is_fine = false,
              .why = "not registered within " + in_seconds(registration_patience) + '\n' +
                     scene_.instead(client.name)},
             now);
    return false;
  }
  are_registered_ = true;
  start_step(now);
  return true;
}

void Player::start_step(TimePoint now) {
  begin_ = now;
  left_ = at_ < script_.steps.size() ? script_.steps[at_].subjects : std::vector<std::string>{};
  if (are_registered_ && at_ == script_.steps.size()) is_over_ = true;
}

// For all subjects that are left. Of an absence all are asked again each time.
Verdict Player::play_subjects(const Step& step) {
  Verdict verdict;
  std::vector<std::string> left;
  for (const auto& subject : left_) {
    auto one = step.form->play(scene_, step, subject);
    if (one.is == Verdict::Is::done) continue;
    left.push_back(subject);
    if (verdict.is == Verdict::Is::done || one.is == Verdict::Is::failed) {
      verdict = {.is = one.is, .why = subject + ": " + one.why};
    }
    if (one.is == Verdict::Is::failed) break;
  }
  if (step.form->kind != Form::Kind::absence) left_ = std::move(left);
  return verdict;
}

bool Player::play_step(TimePoint now) {
  const auto& step = script_.steps[at_];
  auto verdict = play_subjects(step);
  const bool is_absence = step.form->kind == Form::Kind::absence;
  const auto until = begin_ + (is_absence ? watch_of(step) : step.patience);
  const bool is_late = now >= until;
  Played played{.line = step.line, .text = step.text, .is_fine = true, .why = {}};
  switch (verdict.is) {
    case Verdict::Is::done:
      if (is_absence && !is_late) {
        deadline_ = until;
        return false;
      }
      break;
    case Verdict::Is::not_yet:
      if (!is_late) {
        deadline_ = until;
        return false;
      }
      played.is_fine = false;
      played.why = "not within " + in_seconds(step.patience) + ": " + verdict.why;
      break;
    case Verdict::Is::failed:
      played.is_fine = false;
      played.why = std::move(verdict.why);
      break;
  }
  if (!played.is_fine && !left_.empty()) {
    if (const auto instead = scene_.instead(left_.front()); !instead.empty())
      played.why += "\n" + left_.front() + " was told instead:\n" + instead;
  }
  end_step(std::move(played), now);
  return true;
}

void Player::end_step(Played played, TimePoint now) {
  played.took = now - begin_;
  const bool is_fine = played.is_fine;
  played_.push_back(std::move(played));
  if (!is_fine) {
    is_over_ = true;
    return;
  }
  ++at_;
  start_step(now);
}

}  // namespace convene::scenario
