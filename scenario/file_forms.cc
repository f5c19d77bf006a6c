#include <algorithm>
#include <array>
#include <string>

#include "scenario/forms.h"
#include "scenario/reports.h"
#include "scenario/scene.h"

namespace convene::scenario {

namespace {

// CPM 7.4.1.1
Verdict send(Scene& scene, const Step& step, const std::string& subject) {
  const auto group = scene.group_of(subject, step.arguments["group"]);
  if (!group) return not_yet("in no such group");
  auto file = scene.file_to_send(subject, step.arguments["file"]);
  if (!file) return failed(file.error().detail);
  file->wants = wanted_reports(step.arguments);
  auto sha256 = scene.sha256_of(subject, file->body, file->size);
  if (!sha256) return failed(sha256.error().detail);
  SentFile sent{.sender = subject,
                .transfer = {},
                .imdn_id = {},
                .size = file->size,
                .sha256 = *std::move(sha256)};
  const auto name = file->name;
  const auto body = file->body;
  auto verdict = scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    const auto transfer = c.send_file(*group, *std::move(file), now, out);
    if (transfer) {
      sent.transfer = *transfer;
      if (const auto known = c.transfer(*transfer)) sent.imdn_id = known->imdn_id;
    }
    return transfer;
  });
  if (verdict.is == Verdict::Is::done) {
    scene.sent(name, std::move(sent));
  } else {
    scene.stage().bodies(subject).drop(body);
  }
  return verdict;
}

// The transfer in which a file of this name was offered to somebody, last; the value 0: none.
client::TransferId offered(const Scene& scene, const std::string& subject,
                           const std::string& name) {
  const auto* offer = scene.last<client::FileOffered>(
      subject, [&](const client::FileOffered& event) { return event.name == name; });
  return offer != nullptr ? offer->transfer : client::TransferId{};
}

Verdict take(Scene& scene, const Step& step, const std::string& subject) {
  const auto transfer = offered(scene, subject, step.arguments["file"]);
  if (transfer.value == 0) return not_yet("was not offered that file");
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return c.accept_file(transfer, now, out);
  });
}

Verdict refuse(Scene& scene, const Step& step, const std::string& subject) {
  const auto transfer = offered(scene, subject, step.arguments["file"]);
  if (transfer.value == 0) return not_yet("was not offered that file");
  client::Decline how;
  if (step.arguments["how"] == "busy") how.how = client::Decline::How::busy;
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return c.decline_file(transfer, how, now, out);
  });
}

Verdict cancel(Scene& scene, const Step& step, const std::string& subject) {
  const auto& name = step.arguments["file"];
  const auto* sent = scene.file(name);
  const bool is_sender = sent != nullptr && sent->sender == subject;
  const auto transfer = is_sender ? sent->transfer : offered(scene, subject, name);
  if (transfer.value == 0) return not_yet("has no such file under way");
  return scene.act(subject, [&](client::Client& c, TimePoint now, client::Output& out) {
    return c.cancel_file(transfer, now, out);
  });
}

Verdict is_offered(Scene& scene, const Step& step, const std::string& subject) {
  const auto& from = step.arguments["from"];
  const auto& icon = step.arguments["icon"];
  const auto* offer =
      scene.take<client::FileOffered>(subject, [&](const client::FileOffered& event) {
        return event.name == step.arguments["file"] &&
               (from.empty() || scene.is_from(event.from, from)) &&
               (icon.empty() || event.thumbnail.has_value() == (icon == "with"));
      });
  return offer != nullptr ? done() : not_yet("was not offered that file so");
}

// The same octets as its sender has: the same SHA-256.
Verdict has_file(Scene& scene, const Step& step, const std::string& subject) {
  const auto& name = step.arguments["file"];
  const auto* sent = scene.file(name);
  if (sent == nullptr) return failed("nobody sent a file of that name");
  const auto transfer = offered(scene, subject, name);
  const auto* received = scene.take<client::FileReceived>(
      subject, [&](const client::FileReceived& event) { return event.transfer == transfer; });
  if (received == nullptr) return not_yet("does not have it");
  static_cast<void>(scene.take<client::FileOffered>(
      subject, [&](const client::FileOffered& event) { return event.transfer == transfer; }));
  const auto sha256 = scene.sha256_of(subject, received->body, received->size);
  if (!sha256) return failed(sha256.error().detail);
  if (*sha256 != sent->sha256) return failed("has another file than " + sent->sender + " sent");
  return done();
}

Verdict has_sent(Scene& scene, const Step& step, const std::string& subject) {
  const auto* sent = scene.file(step.arguments["file"]);
  if (sent == nullptr) return failed("nobody sent a file of that name");
  const auto* event = scene.take<client::FileSent>(
      subject, [&](const client::FileSent& one) { return one.transfer == sent->transfer; });
  return event != nullptr ? done() : not_yet("not sent whole");
}

Verdict fails(Scene& scene, const Step& step, const std::string& subject) {
  const auto& name = step.arguments["file"];
  const auto& status = step.arguments["status"];
  const bool is_sending = step.arguments["what"] == "send";
  const auto* sent = scene.file(name);
  if (sent == nullptr) return failed("nobody sent a file of that name");
  const auto transfer = is_sending ? sent->transfer : offered(scene, subject, name);
  const auto* event = scene.take<client::FileFailed>(subject, [&](const client::FileFailed& one) {
    return one.transfer == transfer && (status.empty() || std::to_string(one.status) == status);
  });
  return event != nullptr ? done() : not_yet("it did not fail so");
}

// At least so much of it is on this side.
Verdict has_part(Scene& scene, const Step& step, const std::string& subject) {
  const auto transfer = offered(scene, subject, step.arguments["file"]);
  const auto* progress = scene.last<client::FileProgress>(
      subject, [&](const client::FileProgress& event) { return event.transfer == transfer; });
  if (progress == nullptr || progress->octets == 0) return not_yet("nothing of it has come");
  return done();
}

using enum Form::Kind;
constexpr auto forms = std::to_array<Form>({
    {"sends|send <file:text> [in <group:text>] [asking for "
     "<one:delivery|failure|display|processing>] [and "
     "<two:delivery|failure|display|processing>] [and <three:delivery|failure|display|processing>]",
     "a declared file, or one beside the scenario, to the group", action, send},
    {"takes|take <file:text>", "a file that was offered", action, take},
    {"refuses|refuse <file:text> [as <how:busy>]", "a file that was offered", action, refuse},
    {"cancels|cancel <file:text>", "one being sent or received", action, cancel},
    {"is|are offered <file:text> [by <from:person>] [<icon:with|without> thumbnail]", "",
     expectation, is_offered},
    {"has|have sent <file:text>", "whole", expectation, has_sent},
    {"has|have part of <file:text>", "octets of it have come", expectation, has_part},
    {"has|have <file:text>", "whole, with the SHA-256 of what was sent", expectation, has_file},
    {"fails|fail to <what:send|get> <file:text> [<status:number>]", "", expectation, fails},
});

}  // namespace

std::span<const Form> file_forms() { return forms; }

}  // namespace convene::scenario
