#include "load/crowd.h"

#include <algorithm>
#include <variant>

namespace convene::load {

namespace {

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

}  // namespace

Result<> check(const Plan& plan) {
  if (plan.groups == 0) return fail(Fault::malformed, "no group, no load");
  if (plan.members < 2) return fail(Fault::malformed, "a group has at least two members");
  if (plan.chat_octets < least_chat_octets)
    return fail(Fault::malformed, "a message has at least " + std::to_string(least_chat_octets) +
                                      " octets, to say which it is");
  if (plan.chat_rate > 0 && plan.chat_window > 0)
    return fail(Fault::malformed, "chat has a rate or a window, not both");
  if (plan.files > 0 && plan.file_octets == 0) return fail(Fault::malformed, "files have a size");
  return {};
}

Crowd::Crowd(const Plan& plan, Stage& stage) : plan_{plan}, stage_{stage}, members_(plan.crowd()) {
  for (std::size_t group = 0; group < plan.groups; ++group)
    groups_.push_back({ChatLoad{plan_, group}, FileLoad{plan_}});
}

// ---- They come together. ----

void Crowd::begin(Instant now) {
  last_progress_ = now;
  register_more();
}

void Crowd::register_more() {
  while (asked_to_register_ < members_.size() &&
         asked_to_register_ < registered_ + most_registrations_under_way) {
    stage_.perform(asked_to_register_++, [](client::Client& c, TimePoint now, client::Output& out) {
      c.register_user(now, out);
    });
  }
}

void Crowd::on(std::size_t, const client::Registered&, Instant now) {
  if (phase_ != Phase::registering) return;
  last_progress_ = now;
  if (++registered_ < members_.size()) return register_more();
  phase_ = Phase::gathering;
  gather_more(now);
}

void Crowd::on(std::size_t member, const client::RegistrationFailed& event, Instant) {
  if (phase_ != Phase::registering) return;
  give_up(stage_.address(member) + " is not registered: " + std::to_string(event.status) + ' ' +
          event.reason);
}

void Crowd::gather_more(Instant now) {
  while (gathered_ < groups_.size()) {
    const auto under_way = gathered_ * plan_.members - joined_;
    if (under_way > 0 && under_way + plan_.members > most_invitations_under_way) return;
    const auto creator = gathered_++ * plan_.members;
    client::NewGroup group{.subject = "load", .members = {}};
    for (std::size_t place = 1; place < plan_.members; ++place)
      group.members.push_back(stage_.address(creator + place));
    stage_.perform(creator, [&](client::Client& c, TimePoint time, client::Output& out) {
      if (const auto id = c.create_group(group, time, out)) members_[creator].group = *id;
    });
  }
  if (joined_ == members_.size()) begin_work(now);
}

void Crowd::on(std::size_t member, const client::Joined& event, Instant now) {
  auto& one = members_[member];
  if (one.is_joined) return;
  one.group = event.group;
  one.is_joined = true;
  ++joined_;
  last_progress_ = now;
  if (one.is_away) {
    ++figures_.returned;
    figures_.returns.add(now - *one.is_away);
    one.is_away.reset();
  }
  if (phase_ == Phase::gathering) gather_more(now);
}

void Crowd::on(std::size_t member, const client::Ended& event, Instant now) {
  auto& one = members_[member];
  if (event.group != one.group) return;
  if (one.is_joined) --joined_;
  one.is_joined = false;
  groups_[group_of(member)].chat.left(place_of(member));
  if (phase_ == Phase::gathering || phase_ == Phase::registering)
    return give_up(stage_.address(member) +
                   " is not in its group: " + std::to_string(event.status) + ' ' + event.text);
  if (phase_ != Phase::working) return;
  const bool is_refused = event.reason == client::EndReason::refused;
  if (!one.is_away || is_refused) ++figures_.thrown_out;
  if (!one.is_away) one.is_away = now;
  if (is_refused) return;
  stage_.perform(member, [&](client::Client& c, TimePoint time, client::Output& out) {
    static_cast<void>(c.rejoin(one.group, time, out));
  });
}

void Crowd::give_up(std::string why) {
  if (phase_ == Phase::over) return;
  problem_ = std::move(why);
  phase_ = Phase::over;
}

// ---- They work. ----

void Crowd::begin_work(Instant now) {
  phase_ = Phase::working;
  began_ = next_churn_ = now;
  for (auto& group : groups_) {
    group.chat.begin(now);
    group.files.begin(now);
  }
  work(now);
}

Span Crowd::worked(Instant now) const {
  if (phase_ < Phase::working) return {};
  return (phase_ == Phase::working ? now : ended_) - began_;
}

std::vector<bool> Crowd::present(std::size_t group) const {
  std::vector<bool> present(plan_.members);
  for (std::size_t place = 0; place < plan_.members; ++place) {
    const auto& member = members_[group * plan_.members + place];
    present[place] = member.is_joined && !member.is_away;
  }
  return present;
}

void Crowd::work(Instant now) {
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    say(group, now);
    if (groups_[group].files.is_due(now)) send_file(group, now);
  }
  churn(now);
}

void Crowd::say(std::size_t group, Instant now) {
  auto& chat = groups_[group].chat;
  for (std::size_t count = 0; chat.is_due(now) && count < most_at_once; ++count) {
    const auto listeners = present(group);
    const auto place = chat.next_speaker(listeners);
    if (!listeners[place]) return;  // nobody is there
    const auto speaker = group * plan_.members + place;
    client::ChatMessage message{.octets = chat.say(place, listeners, now), .wants = {}};
    stage_.perform(speaker, [&](client::Client& c, TimePoint time, client::Output& out) {
      const bool is_said = bool{c.send_chat(members_[speaker].group, message, time, out)};
      ++(is_said ? figures_.chat_sent : figures_.chat_failed);
      if (is_said) ++members_[speaker].unanswered;
    });
  }
}

void Crowd::send_file(std::size_t group, Instant now) {
  const auto sender = group * plan_.members;
  const auto file = stage_.file(sender);
  std::optional<client::TransferId> begun;
  stage_.perform(sender, [&](client::Client& c, TimePoint time, client::Output& out) {
    if (const auto transfer = c.send_file(members_[sender].group, file, time, out))
      begun = *transfer;
  });
  if (begun)
    groups_[group].files.sent_to(sender, *begun, now);
  else
    groups_[group].files.failed(sender, {}, now, figures_);
}

// One after the other; never a creator, whose group it is, nor who has said what nobody took yet.
void Crowd::churn(Instant now) {
  if (plan_.churn_rate <= 0) return;
  const auto step =
      std::chrono::duration_cast<Span>(std::chrono::duration<double>{1 / plan_.churn_rate});
  for (std::size_t tried = 0; next_churn_ <= now && tried < members_.size(); ++tried) {
    next_to_leave_ = (next_to_leave_ + 1) % members_.size();
    auto& member = members_[next_to_leave_];
    if (place_of(next_to_leave_) == 0 || !member.is_joined || member.is_away) continue;
    if (member.unanswered > 0) continue;
    next_churn_ += step;
    ++figures_.left;
    member.is_away = now;
    groups_[group_of(next_to_leave_)].chat.left(place_of(next_to_leave_));
    stage_.perform(next_to_leave_, [&](client::Client& c, TimePoint time, client::Output& out) {
      static_cast<void>(c.disconnect(member.group, time, out));
    });
  }
  next_churn_ = std::max(next_churn_, now);
}

void Crowd::on(std::size_t member, const client::ChatReceived& event, Instant now) {
  if (members_[member].is_away) return;  // was on its way when it left
  auto& chat = groups_[group_of(member)].chat;
  chat.heard(place_of(member), event.octets, now, figures_);
  if (phase_ == Phase::working && plan_.chat_window > 0) say(group_of(member), now);
}

void Crowd::on(std::size_t member, const client::ChatSent&, Instant) {
  --members_[member].unanswered;
}

void Crowd::on(std::size_t member, const client::ChatFailed&, Instant) {
  --members_[member].unanswered;
  ++figures_.chat_failed;
}

void Crowd::on(std::size_t member, const client::FileProgress& event, Instant) {
  groups_[group_of(member)].files.progressed(member, event, figures_);
}

void Crowd::on(std::size_t member, const client::FileReceived& event, Instant now) {
  groups_[group_of(member)].files.received(member, event, now, figures_);
  stage_.drop(member, event.body);
}

void Crowd::on(std::size_t member, const client::FileSent&, Instant now) {
  auto& files = groups_[group_of(member)].files;
  files.sent(now, figures_);
  if (phase_ == Phase::working && files.is_due(now)) send_file(group_of(member), now);
}

void Crowd::on(std::size_t member, const client::FileFailed& event, Instant now) {
  groups_[group_of(member)].files.failed(member, event.transfer, now, figures_);
}

void Crowd::told(std::size_t member, const client::Event& event, Instant now) {
  std::visit(
      [&](const auto& one) {
        if constexpr (requires { on(member, one, now); }) on(member, one, now);
      },
      event);
  if (phase_ == Phase::ending && is_quiet()) finish();
}

// ---- Time passes. ----

void Crowd::advance(Instant now) {
  if (phase_ == Phase::registering || phase_ == Phase::gathering) {
    if (now - last_progress_ < entry_patience) return;
    return give_up(phase_ == Phase::registering
                       ? "the registrar does not answer"
                       : std::to_string(members_.size() - joined_) + " of " +
                             std::to_string(members_.size()) + " do not get into their groups");
  }
  for (auto& group : groups_) group.chat.expire(now, figures_);
  if (phase_ == Phase::working) {
    if (now - began_ >= plan_.time)
      end(now);
    else
      work(now);
  }
  if (phase_ == Phase::ending && (is_quiet() || now - ended_ >= last_patience)) finish();
}

void Crowd::end(Instant now) {
  if (phase_ < Phase::working) return give_up("ended before its work began");
  if (phase_ != Phase::working) return;
  phase_ = Phase::ending;
  ended_ = now;
}

bool Crowd::is_quiet() const {
  return std::ranges::all_of(
      groups_, [](const Group& group) { return group.chat.is_quiet() && group.files.is_quiet(); });
}

void Crowd::finish() {
  for (auto& group : groups_) group.chat.end(figures_);
  phase_ = Phase::over;
}

std::optional<Instant> Crowd::deadline() const {
  switch (phase_) {
    case Phase::registering:
    case Phase::gathering: return last_progress_ + entry_patience;
    case Phase::over: return std::nullopt;
    case Phase::ending: return ended_ + last_patience;
    case Phase::working: break;
  }
  std::optional<Instant> next = began_ + plan_.time;
  for (const auto& group : groups_)
    next = earlier(next, earlier(group.chat.deadline(), group.files.deadline()));
  if (plan_.churn_rate > 0) next = earlier(next, next_churn_);
  return next;
}

}  // namespace convene::load
