#include "controlling/participant_information.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "sip/fields.h"

namespace convene::controlling {

using sip::Name;

namespace {

std::chrono::seconds left_until(TimePoint expires, TimePoint now) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(expires - now), std::chrono::seconds{0});
}

}  // namespace

std::chrono::seconds subscription_duration(const sip::Message& subscribe,
                                           const InformationPolicy& policy) {
  const auto wanted = sip::parse_delta_seconds(subscribe.header(Name::expires));
  if (!wanted) return policy.expires;
  return std::min(std::chrono::seconds{*wanted}, policy.expires);
}

// What one subscriber is told: everything, or the users that changed. RFC 4575 3.2, 4.4
conference::ConferenceInfo ParticipantInformation::document_for(
    const conference::ConferenceInfo& all, const Subscription& subscription) {
  const auto is_wanted = [&subscription](const conference::User& user) {
    return subscription.wants_all || subscription.changes.contains(user.entity);
  };
  conference::ConferenceInfo document{.entity = all.entity, .state = all.state};
  document.conference_state = all.conference_state;
  auto& users = document.users.emplace();
  if (all.users) std::ranges::copy_if(all.users->list, std::back_inserter(users.list), is_wanted);
  if (subscription.wants_all) {
    document.description = all.description;
  } else {
    document.state = conference::State::partial;
    users.state = conference::State::partial;
    for (const auto& [address, last] : subscription.changes) {
      if (last) users.list.push_back(*last);
    }
  }
  for (auto& user : users.list) user.yourown = user.entity == subscription.subscriber;
  return document;
}

// CPM 9.2.14.1
void ParticipantInformation::subscribed(Turn& turn, sip::DialogId dialog,
                                        std::string_view subscriber, std::string_view event,
                                        std::chrono::seconds expires,
                                        const conference::ConferenceInfo& all) {
  at_most_every_ = turn.policy.information.at_most_every;
  auto& subscription = subscriptions_[dialog];
  subscription.subscriber = subscriber;
  subscription.event = event;
  subscription.expires = turn.now + expires;
  subscription.wants_all = true;
  if (expires.count() > 0) {
    notify(turn, dialog, subscription, "active", all);
  } else {
    notify(turn, dialog, subscription, "terminated;reason=timeout", all);
    subscriptions_.erase(dialog);
  }
}

void ParticipantInformation::ended(sip::DialogId dialog) { subscriptions_.erase(dialog); }

void ParticipantInformation::changed(std::string_view shown_address) {
  for (auto& [dialog, subscription] : subscriptions_) {
    subscription.changes.insert_or_assign(std::string{shown_address}, std::nullopt);
  }
}

void ParticipantInformation::renamed(std::string_view old_address, std::string_view new_address) {
  for (auto& [dialog, subscription] : subscriptions_) {
    if (subscription.subscriber == old_address) subscription.subscriber = new_address;
    subscription.changes.erase(std::string{old_address});
    subscription.changes.insert_or_assign(std::string{new_address}, std::nullopt);
    subscription.wants_all = true;
  }
}

void ParticipantInformation::left(const conference::User& last) {
  for (auto& [dialog, subscription] : subscriptions_) {
    subscription.changes.insert_or_assign(last.entity, last);
  }
}

// CPM 9.2.14.2 Sending Participant Information Notifications
void ParticipantInformation::tell(Turn& turn, const conference::ConferenceInfo& all) {
  std::vector<sip::DialogId> over;
  for (auto& [dialog, subscription] : subscriptions_) {
    if (turn.now >= subscription.expires) {
      over.push_back(dialog);
    } else if (!subscription.changes.empty() && turn.now >= subscription.told + at_most_every_) {
      notify(turn, dialog, subscription, "active", all);
    }
  }
  for (const auto dialog : over) {
    notify(turn, dialog, subscriptions_.at(dialog), "terminated;reason=timeout", all);
    subscriptions_.erase(dialog);
  }
}

// CPM 9.2.7 (3)
void ParticipantInformation::terminate(Turn& turn, std::string_view subscriber,
                                       const conference::ConferenceInfo& all) {
  for (auto& [dialog, subscription] : subscriptions_) {
    if (subscription.subscriber == subscriber) {
      notify(turn, dialog, subscription, "terminated;reason=noresource", all);
    }
  }
  std::erase_if(subscriptions_,
                [subscriber](const auto& entry) { return entry.second.subscriber == subscriber; });
}

// RFC 4575 3.3
void ParticipantInformation::terminate_all(Turn& turn, const conference::ConferenceInfo& all) {
  for (auto& [dialog, subscription] : subscriptions_) {
    notify(turn, dialog, subscription, "terminated;reason=noresource", all);
  }
  subscriptions_.clear();
}

void ParticipantInformation::notify(Turn& turn, sip::DialogId dialog, Subscription& subscription,
                                    std::string_view state, const conference::ConferenceInfo& all) {
  const bool is_last = state.starts_with("terminated");
  std::string subscription_state{state};
  if (!is_last) {
    const auto left = left_until(subscription.expires, turn.now);
    subscription_state += ";expires=" + std::to_string(left.count());
  }

  auto notify = sip::Message::request("NOTIFY", {});
  notify.add(Name::contact, "<" + all.entity + ">;isfocus");
  notify.add(Name::event, subscription.event);
  notify.add(Name::subscription_state, subscription_state);
  if (subscription.wants_all || !subscription.changes.empty()) {
    auto document = document_for(all, subscription);
    document.version = subscription.next_version++;
    notify.set_body(conference::content_type, conference::to_text(document));
  }
  subscription.wants_all = false;
  subscription.changes.clear();
  subscription.told = turn.now;

  // A dialog that is gone says so by its own event.
  (void)turn.agent.request_in(dialog, std::move(notify), turn.now, turn.sip);
  if (is_last) {
    turn.tables.dialogs.erase(dialog);
    turn.agent.forget(dialog);
  }
}

const std::string* ParticipantInformation::subscriber_of(sip::DialogId dialog) const {
  const auto found = subscriptions_.find(dialog);
  return found == subscriptions_.end() ? nullptr : &found->second.subscriber;
}

std::size_t ParticipantInformation::count_of(std::string_view subscriber) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      subscriptions_,
      [subscriber](const auto& entry) { return entry.second.subscriber == subscriber; }));
}

Deadline ParticipantInformation::deadline() const {
  Deadline next;
  for (const auto& [dialog, subscription] : subscriptions_) {
    next = earliest(next, subscription.expires);
    if (!subscription.changes.empty()) {
      next = earliest(next, subscription.told + at_most_every_);
    }
  }
  return next;
}

}  // namespace convene::controlling
