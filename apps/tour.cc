#include "apps/tour.h"

#include <filesystem>
#include <fstream>

#include "apps/scenario_stage.h"
#include "apps/screen.h"
#include "apps/small_files.h"
#include "apps/thumbnail.h"
#include "apps/tour_show.h"
#include "scenario/forms.h"
#include "trace/ladder.h"

namespace convene::apps {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view example_picture = "../media/fjord.jpg";

// Another picture takes the place of the example's.
Result<std::string> with_picture(std::string text, const std::string& path) {
  if (path.empty()) return text;
  if (path.contains('"')) return fail(Fault::malformed, "a quote in the name of the picture");
  if (!make_thumbnail(content_of(path)))
    return fail(Fault::malformed, path + ": no picture that a thumbnail can be made of");
  const auto replace = [&text](std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
      text.replace(at, what.size(), by);
  };
  replace(example_picture, '"' + fs::absolute(path).string() + '"');
  replace(" fjord.jpg", " \"" + fs::path{path}.filename().string() + '"');
  return text;
}

Result<scenario::Script> tour_script(const TourSettings& settings) {
  const auto path = fs::path{CONVENE_EXAMPLES} / "scenarios" / "tour.scenario";
  const auto text = TRY(with_picture(content_of(path), settings.picture));
  auto script = TRY(scenario::parse_script(text, path.string(), scenario::all_forms()));
  for (auto& file : script.files) file.size = settings.big_file_octets;
  return script;
}

void keep_copies(const TourShow& show, ScenarioStage& stage, const fs::path& folder) {
  for (const auto& file : show.files()) {
    for (const auto& copy : file.copies) {
      if (!copy.done) continue;
      const auto place = folder / "received" / copy.client;
      fs::create_directories(place);
      (void)stage.save(copy.client, copy.body, place, file.name);
    }
  }
}

Result<> play(const scenario::Script& script, const TourSettings& settings, Screen& screen,
              const fs::path& folder) {
  ScenarioSettings stage_settings{
      .common = {}, .trace = folder / "trace.txt", .log = folder / "convened.log"};
  stage_settings.common.server.clear();
  ScenarioStage stage{stage_settings, folder, fs::path{CONVENE_EXAMPLES} / "scenarios"};
  TourShow show{script, screen};
  stage.tell([&](const std::string& name, const client::Event& event) {
    show.told(name, event, stage.now());
  });
  screen.heading("A lab on this machine");
  TRY(stage.open(script));
  screen.line("convened " + stage.ready_line());

  scenario::Player player{script, stage};
  stage.play(player, [&](const scenario::Played&) { show.step_ended(stage.now()); });
  if (!player.is_fine()) {
    const auto& last = player.played().back();
    return fail(Fault::out_of_order, last.text + ": " + last.why);
  }
  show.results();
  if (!settings.keep.empty()) keep_copies(show, stage, folder);
  return stage.close();
}

Result<> draw_ladder(const fs::path& trace, const std::string& picture, Screen& screen) {
  if (picture.empty()) return {};
  const auto text = content_of(trace);
  const auto records = TRY(trace::parse_trace(text));
  const auto ladder = trace::make_ladder(records);
  std::ofstream{picture, std::ios::binary} << trace::to_svg(ladder);
  screen.line("what went over the wire: " + picture + " (" + std::to_string(ladder.arrows.size()) +
              " arrows)");
  return {};
}

}  // namespace

int play_tour(const TourSettings& settings) {
  Screen screen{stdout};
  const auto script = tour_script(settings);
  if (!script) {
    screen.heading("The tour cannot begin: " + script.error().detail);
    return 1;
  }
  const bool is_kept = !settings.keep.empty();
  const fs::path folder = is_kept ? fs::path{settings.keep} : make_temporary_folder();
  fs::create_directories(folder);
  auto outcome = play(*script, settings, screen, folder);
  if (outcome) outcome = draw_ladder(folder / "trace.txt", settings.ladder, screen);
  if (!outcome) {
    screen.heading("Not as it has to be: " + outcome.error().detail);
    screen.line("the log: " + last_lines(folder / "convened.log", 20));
  }
  if (!is_kept) fs::remove_all(folder);
  return outcome ? 0 : 1;
}

}  // namespace convene::apps
