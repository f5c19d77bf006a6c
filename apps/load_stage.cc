#include "apps/load_stage.h"

#include <sys/resource.h>

#include "apps/file_preparation.h"
#include "apps/small_files.h"

namespace convene::apps {

namespace {

// A client has a connection of either kind, and a listener.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

// What one client of many needs: one listener for SIP, and none for media, which the focus has.
io::RunnerSettings lean(io::RunnerSettings settings, const std::string& transport) {
  settings.msrp.clear();
  settings.msrps.clear();
  if (transport == "udp")
    settings.tcp.clear();
  else
    settings.udp.clear();
  settings.datagram_buffer_octets = 256 << 10;
  return settings;
}

}  // namespace

LoadStage::LoadStage(const LoadStageSettings& settings, io::Loop& loop, Log& log, Listener listener)
    : settings_{settings}, loop_{loop}, log_{log}, listener_{std::move(listener)} {}

Result<std::unique_ptr<LoadStage>> LoadStage::open(const LoadStageSettings& settings,
                                                   io::Loop& loop, Log& log, Listener listener) {
  allow_many_descriptors();
  std::unique_ptr<LoadStage> stage{new LoadStage{settings, loop, log, std::move(listener)}};
  TRY(stage->make_file());
  for (std::size_t member = 0; member < settings.crowd; ++member) TRY(stage->add(member));
  return stage;
}

Result<> LoadStage::make_file() {
  if (settings_.file_octets > 0) {
    const auto path = settings_.folder + "/load.bin";
    make_random_file(path, settings_.file_octets);
    files_.emplace(settings_.folder + "/spool");
    file_ = TRY(prepare_file(*files_, path));
  }
  received_.emplace(file_.sha1);
  return {};
}

Result<> LoadStage::add(std::size_t member) {
  auto options = settings_.common;
  options.user += '-' + std::to_string(member);
  auto wanted = TRY(client_settings(options));
  wanted.accept_invitations = true;
  wanted.accept_files = true;
  wanted.send_delivery_reports = false;
  auto runner_wanted = lean(TRY(runner_settings(options)), options.transport);

  const auto place = member % settings_.members;
  if (place >= settings_.members - settings_.slow)
    runner_wanted.connections.read_rate = settings_.slow_rate;
  const bool sends = place == 0 && files_;
  msrp::BodyStore& bodies = sends ? static_cast<msrp::BodyStore&>(*files_) : *received_;
  members_.push_back(std::make_unique<Member>(
      std::move(wanted), Surroundings{.random = random_, .log = log_, .calendar = calendar_},
      bodies, loop_, sends ? &*files_ : nullptr, runner_wanted));
  members_.back()->runner.after_turn([this, member] { take_events(member); });
  return members_.back()->runner.start();
}

void LoadStage::take_events(std::size_t member) {
  for (const auto& event : members_[member]->node.take_events()) listener_(member, event);
}

void LoadStage::stop(const std::function<void()>& stopped) {
  for (auto& member : members_) member->runner.stop(stopped);
}

std::string LoadStage::address(std::size_t member) const {
  return address_of(settings_.common, settings_.common.user + '-' + std::to_string(member));
}

void LoadStage::perform(std::size_t member, const Call& call) {
  auto& one = *members_[member];
  one.runner.perform([&](node::Node&, TimePoint now, node::Effects& out) {
    one.node.perform([&](client::Client& c, client::Output& o) { call(c, now, o); }, now, out);
  });
}

const client::Client& LoadStage::client(std::size_t member) const {
  return members_[member]->node.client();
}

client::FileToSend LoadStage::file(std::size_t) { return file_; }

void LoadStage::drop(std::size_t, msrp::BodyId body) { received_->drop(body); }

}  // namespace convene::apps
