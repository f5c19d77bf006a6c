#include <algorithm>
#include <array>
#include <string>

#include "scenario/forms.h"
#include "scenario/scene.h"

namespace convene::scenario {

namespace {

// CPM 7.3.1.2
Verdict create(Scene& scene, const Step& step, const std::string& subject) {
  client::NewGroup group{.subject = step.arguments["group"], .members = {}};
  for (const auto& name : step.arguments.all("with"))
    group.members.push_back(scene.address_of(name));
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return c.create_group(group, now, out);
  });
}

// CPM 7.3.1.5: the group's identity is what anybody who is in it knows.
Verdict join(Scene& scene, const Step& step, const std::string& subject) {
  for (const auto& one : scene.script().clients) {
    if (one.name == subject) continue;
    const auto group = scene.group_of(one.name, step.arguments["group"]);
    const auto session = group ? scene.stage().client(one.name).session(*group) : std::nullopt;
    if (!session || session->focus.empty()) continue;
    return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
      return c.join({.focus = session->focus, .ids = session->ids, .subject = session->subject},
                    now, out);
    });
  }
  return not_yet("nobody knows such a group");
}

// A verb about one group of the subject's.
template <class F>
Verdict in_group(Scene& scene, const Step& step, const std::string& subject, F verb) {
  const auto group = scene.group_of(subject, step.arguments["group"]);
  if (!group) return not_yet("in no such group");
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return verb(c, *group, now, out);
  });
}

// CPM 7.3.2
Verdict accept(Scene& scene, const Step& step, const std::string& subject) {
  return in_group(scene, step, subject,
                  [](client::Client& c, client::GroupId group, TimePoint now, client::Output& out) {
                    return c.accept(group, now, out);
                  });
}

// R2.5
Verdict decline(Scene& scene, const Step& step, const std::string& subject) {
  client::Decline how;
  if (step.arguments["how"] == "busy") how.how = client::Decline::How::busy;
  return in_group(scene, step, subject,
                  [&](client::Client& c, client::GroupId group, TimePoint now,
                      client::Output& out) { return c.decline(group, how, now, out); });
}

// R6.4
Verdict leave(Scene& scene, const Step& step, const std::string& subject) {
  return in_group(scene, step, subject,
                  [](client::Client& c, client::GroupId group, TimePoint now, client::Output& out) {
                    return c.leave(group, now, out);
                  });
}

Verdict disconnect(Scene& scene, const Step& step, const std::string& subject) {
  return in_group(scene, step, subject,
                  [](client::Client& c, client::GroupId group, TimePoint now, client::Output& out) {
                    return c.disconnect(group, now, out);
                  });
}

Verdict rejoin(Scene& scene, const Step& step, const std::string& subject) {
  return in_group(scene, step, subject,
                  [](client::Client& c, client::GroupId group, TimePoint now, client::Output& out) {
                    return c.rejoin(group, now, out);
                  });
}

// Conversation 6.4
Verdict restart(Scene& scene, const Step& step, const std::string& subject) {
  return in_group(scene, step, subject,
                  [](client::Client& c, client::GroupId group, TimePoint now, client::Output& out) {
                    return c.restart(group, now, out);
                  });
}

// CPM 7.3.1.3, conversation 6.5
Verdict add(Scene& scene, const Step& step, const std::string& subject) {
  std::vector<std::string> members;
  for (const auto& name : step.arguments.all("who")) members.push_back(scene.address_of(name));
  return in_group(scene, step, subject,
                  [&](client::Client& c, client::GroupId group, TimePoint now,
                      client::Output& out) { return c.add(group, members, now, out); });
}

// Conversation 6.6
Verdict remove(Scene& scene, const Step& step, const std::string& subject) {
  const auto member = scene.address_of(step.arguments["who"]);
  return in_group(scene, step, subject,
                  [&](client::Client& c, client::GroupId group, TimePoint now,
                      client::Output& out) { return c.remove(group, member, now, out); });
}

Verdict is_told(Scene& scene, const Step& step, const std::string& subject) {
  const auto* referred = scene.take<client::Referred>(subject, [&](const client::Referred& event) {
    return std::to_string(event.status) == step.arguments["status"];
  });
  return referred != nullptr ? done() : not_yet("the focus has not said so");
}

Verdict is_invited(Scene& scene, const Step& step, const std::string& subject) {
  const auto& group = step.arguments["group"];
  const auto& from = step.arguments["from"];
  const auto* invited = scene.take<client::Invited>(subject, [&](const client::Invited& event) {
    return (group.empty() || event.subject == group) &&
           (from.empty() || scene.is_from(event.inviter, from));
  });
  return invited != nullptr ? done() : not_yet("not invited so");
}

Verdict is_in_group(Scene& scene, const Step& step, const std::string& subject) {
  const auto group = scene.group_of(subject, step.arguments["group"]);
  const auto session = group ? scene.stage().client(subject).session(*group) : std::nullopt;
  const bool is_in =
      session && session->state == client::SessionState::active && session->can_send_chat;
  return is_in ? done() : not_yet("not in the group");
}

bool is_reason(client::EndReason reason, const std::string& name) {
  using enum client::EndReason;
  static const std::map<std::string, client::EndReason> reasons{{"left", left},
                                                                {"disconnected", disconnected},
                                                                {"closed", closed},
                                                                {"gone", gone},
                                                                {"removed", removed},
                                                                {"refused", refused},
                                                                {"declined", declined},
                                                                {"cancelled", cancelled},
                                                                {"timed-out", timed_out},
                                                                {"replaced", replaced},
                                                                {"idle", idle}};
  return name.empty() || reasons.at(name) == reason;
}

Verdict is_out(Scene& scene, const Step& step, const std::string& subject) {
  const auto& group = step.arguments["group"];
  const auto& client = scene.stage().client(subject);
  const auto* ended = scene.take<client::Ended>(subject, [&](const client::Ended& event) {
    const auto session = client.session(event.group);
    const auto& status = step.arguments["status"];
    return (group.empty() || (session && session->subject == group)) &&
           (status.empty() || std::to_string(event.status) == status) &&
           is_reason(event.reason, step.arguments["why"]);
  });
  return ended != nullptr ? done() : not_yet("its session did not end so");
}

using enum Form::Kind;
constexpr auto forms = std::to_array<Form>({
    {"creates|create group <group:text> with <with:people>",
     "invites them; the subject names the group", action, create},
    {"accepts|accept [<group:text>]", "an invitation to a group", action, accept},
    {"declines|decline [<group:text>] [as <how:busy>]", "an invitation to a group", action,
     decline},
    {"joins|join [<group:text>]", "a group that others are in", action, join},
    {"rejoins|rejoin [<group:text>]", "one whose session has ended", action, rejoin},
    {"restarts|restart [<group:text>]", "the same at the factory, with who was in it", action,
     restart},
    {"adds|add <who:people> [to <group:text>]", "the focus invites them", action, add},
    {"removes|remove <who:client> [from <group:text>]", "for who created the group", action,
     remove},
    {"is|are told <status:number> about it", "what the focus said to adding or removing",
     expectation, is_told},
    {"leaves|leave [<group:text>]", "for good", action, leave},
    {"disconnects|disconnect [from <group:text>]", "and stays a member", action, disconnect},
    {"is|are invited [to <group:text>] [by <from:person>]", "", expectation, is_invited},
    {"is|are in [<group:text>]", "and can chat", expectation, is_in_group},
    {"is|are out [of <group:text>] "
     "[<why:left|disconnected|closed|gone|removed|refused|declined|cancelled|timed-out|replaced>] "
     "[<status:number>]",
     "a session ended, or did not come about", expectation, is_out},
});

}  // namespace

std::span<const Form> group_forms() { return forms; }

}  // namespace convene::scenario
