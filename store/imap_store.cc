#include "store/imap_store.h"

#include <algorithm>
#include <set>
#include <utility>

namespace convene::store {

namespace {

constexpr std::size_t looked_at = 256;  // of those that wait, when another may begin

void answer(RequestId id, Answer what, ImapStoreEffects& out) {
  out.push_back(Answered{id, std::move(what)});
}

ImapAbilities abilities_of(const imap::Session& session) {
  return {.multiappend = session.has("MULTIAPPEND"),
          .condstore = session.has("CONDSTORE"),
          .list_status = session.has("LIST-STATUS")};
}

}  // namespace

ImapStore::ImapStore(ImapStoreSettings settings, Log& log)
    : settings_{std::move(settings)}, log_{&log} {}

void ImapStore::ask(Ask ask, TimePoint now, ImapStoreEffects& out) {
  const bool per_user = settings_.access == ImapAccess::per_user;
  const auto account = per_user ? account_of(ask.request) : std::string{};
  auto* link = link_for(account, now, out);
  if (link == nullptr) return answer(ask.id, fail(Fault::closed, why_paused_), out);
  if (link->waiting.size() >= settings_.max_waiting)
    return answer(ask.id, fail(Fault::too_large, "too much waits for the store"), out);
  link->idle_until.reset();
  link->waiting.push_back({ask.id, make_imap_job(std::move(ask.request), settings_.paths)});
  if (!link->session || !link->session->is_ready()) return;
  imap::Effects effects;
  start(*link, now, effects, out);
  perform(links_.find(account), std::move(effects), now, out);
}

// The account's connection, made if need be. Nothing: the store is left alone just now.
ImapStore::Link* ImapStore::link_for(const std::string& account, TimePoint now,
                                     ImapStoreEffects& out) {
  if (const auto found = links_.find(account); found != links_.end()) return &found->second;
  if (closed_until_ && now < *closed_until_) return nullptr;
  if (links_.size() >= settings_.max_links && !close_one_idle(out)) {
    why_paused_ = "too many connections to the store";
    return nullptr;
  }
  auto& link = links_[account];
  link.id = {++ids_};
  link.connect_by = now + settings_.session.answer_timeout;
  out.push_back(OpenLink{link.id});
  return &link;
}

bool ImapStore::close_one_idle(ImapStoreEffects& out) {
  const auto idle = std::ranges::find_if(
      links_, [](const auto& link) { return link.second.idle_until.has_value(); });
  if (idle == links_.end()) return false;
  out.push_back(CloseLink{idle->second.id});
  links_.erase(idle);
  return true;
}

ImapStore::Links::iterator ImapStore::find(LinkId id) {
  return std::ranges::find_if(links_, [id](const auto& link) { return link.second.id == id; });
}

void ImapStore::connected(LinkId id, TimePoint now, ImapStoreEffects&) {
  const auto found = find(id);
  if (found == links_.end()) return;
  auto settings = settings_.session;
  if (settings_.access == ImapAccess::per_user) settings.credentials.act_for = found->first;
  found->second.connect_by.reset();
  found->second.session = std::make_unique<imap::Session>(std::move(settings), now);
}

void ImapStore::received(LinkId id, std::string_view octets, TimePoint now, ImapStoreEffects& out) {
  const auto found = find(id);
  if (found == links_.end() || !found->second.session) return;
  imap::Effects effects;
  found->second.session->receive(octets, now, effects);
  perform(found, std::move(effects), now, out);
}

void ImapStore::sent(LinkId id, TimePoint now) {
  const auto found = find(id);
  if (found != links_.end() && found->second.session) found->second.session->sent(now);
}

void ImapStore::closed(LinkId id, std::string_view why, TimePoint now, ImapStoreEffects& out) {
  const auto found = find(id);
  if (found == links_.end()) return;
  if (!found->second.session) return drop(found, {Fault::closed, std::string{why}}, now, out);
  imap::Effects effects;
  found->second.session->closed(why, effects);
  perform(found, std::move(effects), now, out);
}

// What a session wants done. It may end with it: `link` is not used afterwards.
void ImapStore::perform(Links::iterator found, imap::Effects effects, TimePoint now,
                        ImapStoreEffects& out) {
  auto& link = found->second;
  while (!effects.empty()) {
    imap::Effects more;
    for (auto& effect : effects) {
      if (auto* send = std::get_if<imap::Send>(&effect)) {
        if (auto* source = std::get_if<imap::Source>(&send->octets)) {
          out.push_back(SendFile{link.id, {.body = {source->id}, .octets = source->decoded}});
        } else {
          out.push_back(SendOctets{link.id, std::get<std::string>(std::move(send->octets))});
        }
      } else if (std::holds_alternative<imap::Ready>(effect)) {
        link.was_ready = true;
        pause_ = Duration{0};
        start(link, now, more, out);
      } else if (auto* refused = std::get_if<imap::Refused>(&effect)) {
        pause(settings_.refused_pause, settings_.longest_refused_pause,
              "the store does not believe us: " + refused->why, now);
      } else if (auto* completed = std::get_if<imap::Completed>(&effect)) {
        auto node = link.running.extract(completed->id);
        if (node.empty()) continue;
        auto running = std::move(node.mapped());
        if (!completed->outcome) {
          answer_all(running, std::unexpected(completed->outcome.error()), out);
        } else {
          auto next = running.job->next(*completed->outcome);
          step(link, std::move(running), std::move(next), now, more, out);
        }
        start(link, now, more, out);
      } else if (auto* ended = std::get_if<imap::Ended>(&effect)) {
        out.push_back(CloseLink{link.id});
        return drop(found, ended->why, now, out);
      }
    }
    effects = std::move(more);
  }
  const bool is_idle = link.running.empty() && link.waiting.empty();
  if (is_idle && !link.idle_until) link.idle_until = now + settings_.close_idle;
}

void ImapStore::step(Link& link, Running running, ImapJob::Step next, TimePoint now,
                     imap::Effects& effects, ImapStoreEffects& out) {
  if (auto* done = std::get_if<Answer>(&next)) return answer_all(running, std::move(*done), out);
  const imap::CommandId command{++commands_};
  link.running.emplace(command, std::move(running));
  link.session->submit(command, std::get<imap::Command>(std::move(next)), now, effects);
}

// What waits to be stored in the same folder goes into the same command (RFC 3502): one commit of
// the server's disk for all of it. In the order asked.
void ImapStore::join_waiting(Link& link, std::size_t from, Running& running) {
  const auto folder = running.job->writes_to();
  if (folder.empty()) return;
  const auto until = from + looked_at;
  for (auto at = from; at < std::min(until, link.waiting.size());) {
    auto& waiting = link.waiting[at];
    if (waiting.job->writes_to() != folder) {
      ++at;
      continue;
    }
    const auto objects = waiting.job->objects();
    if (!running.job->join(*waiting.job)) return;
    running.shares.push_back({.id = waiting.id, .objects = objects});
    link.waiting.erase(link.waiting.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

// Each request has what belongs to it of an answer to several.
void ImapStore::answer_all(const Running& running, Answer what, ImapStoreEffects& out) {
  if (running.shares.size() == 1) return answer(running.shares[0].id, std::move(what), out);
  std::size_t at = 0;
  for (const auto& [id, objects] : running.shares) {
    if (!what) {
      answer(id, what, out);
      continue;
    }
    auto written = std::get<Written>(*what);
    if (!written.objects.empty()) {
      const auto begin = written.objects.begin() + static_cast<std::ptrdiff_t>(at);
      written.objects = {begin, begin + static_cast<std::ptrdiff_t>(objects)};
    }
    at += objects;
    answer(id, Answer{std::move(written)}, out);
  }
}

// Begins what may be under way beside the others: one that opens a mailbox at a time, and one that
// writes to the same folder, in the order asked.
void ImapStore::start(Link& link, TimePoint now, imap::Effects& effects, ImapStoreEffects& out) {
  if (!link.session || !link.session->is_ready()) return;
  bool one_opens = false;
  std::set<std::string> written;
  for (const auto& [command, running] : link.running) {
    one_opens = one_opens || running.job->opens();
    written.insert(running.job->writes_to());
  }
  std::size_t looked = 0;
  for (auto at = link.waiting.begin(); at != link.waiting.end() && looked < looked_at &&
                                       link.running.size() < settings_.max_running;
       ++looked) {
    const auto folder = at->job->writes_to();
    const bool waits =
        (at->job->opens() && one_opens) || (!folder.empty() && written.contains(folder));
    one_opens = one_opens || at->job->opens();
    written.insert(folder);
    if (waits) {
      ++at;
      continue;
    }
    Running running{.shares = {{.id = at->id, .objects = at->job->objects()}},
                    .job = std::move(at->job)};
    const auto place = at - link.waiting.begin();
    link.waiting.erase(at);
    join_waiting(link, static_cast<std::size_t>(place), running);
    at = link.waiting.begin() + place;
    auto first = running.job->begin(abilities_of(*link.session));
    step(link, std::move(running), std::move(first), now, effects, out);
  }
}

void ImapStore::drop(Links::iterator found, const Error& why, TimePoint now,
                     ImapStoreEffects& out) {
  auto link = std::move(found->second);
  links_.erase(found);
  const bool is_paused = closed_until_ && now < *closed_until_;
  if (!link.was_ready && !is_paused)
    pause(settings_.first_pause, settings_.longest_pause, "no store: " + why.detail, now);
  for (const auto& [command, running] : link.running)
    answer_all(running, std::unexpected(why), out);
  for (auto& waiting : link.waiting) answer(waiting.id, std::unexpected(why), out);
}

// Said whenever it is longer than the last one.
void ImapStore::pause(Duration at_least, Duration at_most, std::string_view why, TimePoint now) {
  const auto before =
      std::exchange(pause_, std::clamp(pause_ * 2, at_least, std::max(at_least, at_most)));
  closed_until_ = now + pause_;
  why_paused_ = why;
  if (pause_ == before) return;
  const auto seconds =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(pause_).count());
  log_->warning("store", why, {{"next_attempt_s", seconds}});
}

Deadline ImapStore::deadline() const {
  Deadline next;
  for (const auto& [account, link] : links_) {
    next = earliest(next, earliest(link.idle_until, link.connect_by));
    if (link.session) next = earliest(next, link.session->deadline());
  }
  return next;
}

void ImapStore::wake(TimePoint now, ImapStoreEffects& out) {
  std::vector<LinkId> due;
  for (const auto& [account, link] : links_) {
    const bool session_due = link.session && is_due(link.session->deadline(), now);
    if (session_due || is_due(link.idle_until, now) || is_due(link.connect_by, now))
      due.push_back(link.id);
  }
  for (const auto id : due) {
    const auto found = find(id);
    auto& link = found->second;
    imap::Effects effects;
    if (is_due(link.connect_by, now)) {
      out.push_back(CloseLink{id});
      drop(found, {Fault::timed_out, "the store does not take connections"}, now, out);
      continue;
    }
    link.session->wake(now, effects);
    if (is_due(link.idle_until, now) && !link.session->has_ended()) {
      link.idle_until = now + settings_.session.answer_timeout;  // for its goodbye
      link.session->log_out(now, effects);
    }
    perform(found, std::move(effects), now, out);
  }
}

}  // namespace convene::store
