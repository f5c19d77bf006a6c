#include "controlling/agreed_file.h"

#include <utility>
#include <vector>

#include "cpm/session_offer.h"

namespace convene::controlling {

namespace {

// RFC 5547 8.3.1: an answer holds none of these.
cpm::FileMedia as_answered(cpm::FileMedia ours) {
  ours.file.icon.clear();
  ours.file.disposition.clear();
  ours.file.date = {};
  ours.icon.reset();
  ours.wrapper.reset();
  return ours;
}

}  // namespace

AgreedFile::AgreedFile(sdp::SessionDescription said, std::size_t index, cpm::FileMedia ours)
    : said_{std::move(said)}, index_{index}, ours_{as_answered(std::move(ours))} {}

cpm::Granted<AgreedFile::Answer> AgreedFile::answer(const sip::Message& request) {
  if (request.body().empty()) {
    const bool may_offer = request.method() == "INVITE";  // RFC 3261 14.2, RFC 3311 5.2
    return Answer{.description = may_offer ? sdp::to_text(said_) : std::string{}};
  }
  auto description = TRY(cpm::description_of(request));
  const auto& lines = description.media;
  if (lines.size() < said_.media.size()) {
    return cpm::refuse(488, {}, "fewer m-lines than there were");
  }
  const auto& line = lines[index_];
  if (line.attributes.value("file-transfer-id").value_or("") != ours_.file.transfer_id) {
    return cpm::refuse(488, {}, "another file");
  }
  const bool closes = line.port == 0;
  is_closed_ = is_closed_ || closes;

  std::vector<std::optional<cpm::FileMedia>> answers(lines.size());
  if (!is_closed_) answers[index_] = ours_;
  const cpm::DescriptionId id{.session_id = said_.origin.session_id,
                              .version = said_.origin.version};
  auto now_said =
      cpm::answer_files({.description = std::move(description), .files = {}}, id, answers);
  now_said.origin = said_.origin;
  if (now_said != said_) {  // RFC 3264 8: one more when it changes
    ++now_said.origin.version;
    said_ = std::move(now_said);
  }
  return Answer{.description = sdp::to_text(said_), .closes = closes};
}

}  // namespace convene::controlling
