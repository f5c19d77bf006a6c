#include "client/file_intake.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cpim/message.h"
#include "cpm/content_types.h"
#include "cpm/file_transfer_offer.h"
#include "mime/content_type.h"

namespace convene::client {

namespace {

constexpr std::uint64_t piece_octets = 65'536;

}  // namespace

FileIntake::FileIntake(msrp::BodyStore& bodies, Expected expected, std::optional<Begun> begun)
    : bodies_{bodies}, expected_{std::move(expected)} {
  if (!begun) return;
  file_ = begun->body;
  file_octets_ = begun->octets;
}

FileIntake::~FileIntake() {
  if (body_) bodies_.drop(*body_);
  if (file_) bodies_.drop(*file_);
}

// Conversation 14.3: raw octets of the file's type, or a CPIM message around them.
Result<> FileIntake::begin(msrp::BodyId body, std::string_view content_type,
                           std::optional<std::uint64_t> total) {
  if (body_) {
    bodies_.drop(body);
    return fail(Fault::out_of_order, "a second message in a file's session");  // RFC 5547 8.7
  }
  body_ = body;
  total_ = total;

  const auto type = mime::bare_type(content_type);
  const auto file_type = mime::bare_type(expected_.type);
  is_wrapped_ = type == cpm::cpim_type && file_type != cpm::cpim_type;
  if (!is_wrapped_ && !file_type.empty() && type != file_type) {
    return fail(Fault::unsupported, "another type: " + type);
  }

  const auto expected = expected_.size - file_octets_;
  if (is_wrapped_) {
    const bool has_room =
        !total || (*total > expected && *total - expected <= cpm::max_wrapper_octets);
    if (!has_room) return fail(Fault::malformed, "another size than was offered");
    if (!file_) file_ = TRY(bodies_.create(expected_.size));
  } else if (total && *total != expected) {
    return fail(Fault::malformed, "another size than was offered");
  }
  return {};
}

Result<> FileIntake::grow(std::uint64_t ready) {
  if (!body_) return fail(Fault::out_of_order, "octets of no message");
  if (is_wrapped_ && !is_unwrapped_) {
    // The headers are read at once, when all that they may fill is there.
    const auto enough =
        std::min<std::uint64_t>(total_.value_or(cpm::max_wrapper_octets), cpm::max_wrapper_octets);
    if (ready < enough) return {};
    TRY(unwrap(ready));
  }
  return take(ready);
}

Result<msrp::BodyId> FileIntake::finish(std::uint64_t total) {
  if (!body_) return fail(Fault::out_of_order, "the end of no message");
  if (is_wrapped_ && !is_unwrapped_) TRY(unwrap(total));
  TRY(take(total));

  if (file_octets_ != expected_.size) {
    return fail(Fault::malformed, "another size than was offered");
  }
  if (!expected_.sha1.empty() && digest().finish() != expected_.sha1) {
    return fail(Fault::malformed, "another hash than was offered");
  }
  if (file_) bodies_.drop(*std::exchange(body_, std::nullopt));
  return *std::exchange(file_ ? file_ : body_, std::nullopt);
}

std::optional<FileIntake::Begun> FileIntake::take_begun() {
  auto& body = file_ ? file_ : body_;
  if (file_octets_ == 0 || !body) return std::nullopt;
  digest_.reset();
  return Begun{.body = *std::exchange(body, std::nullopt), .octets = file_octets_};
}

// Finds the end of the CPIM headers and of the content's. RFC 3862 2
Result<> FileIntake::unwrap(std::uint64_t ready) {
  std::string text(std::min<std::uint64_t>(ready, cpm::max_wrapper_octets), '\0');
  text.resize(TRY(bodies_.read(*body_, 0, std::as_writable_bytes(std::span{text}))));
  const auto message = TRY(cpim::parse_message(text));
  taken_ = text.size() - message.body.size();
  is_unwrapped_ = true;
  return {};
}

Result<> FileIntake::take(std::uint64_t ready) {
  const auto count = ready - std::min(ready, taken_);
  if (count > expected_.size - file_octets_) {
    return fail(Fault::malformed, "more octets than were offered");
  }
  if (count == 0) return {};
  if (file_) TRY(copy(ready));
  taken_ += count;
  file_octets_ += count;

  if (expected_.sha1.empty()) return {};
  return digest().advance(file_octets_);
}

msrp::BodyDigest& FileIntake::digest() {
  if (!digest_) digest_ = bodies_.digest(file_ ? *file_ : *body_, Digest::sha1);
  return *digest_;
}

// Octets [taken, until) of the message go to the file.
Result<> FileIntake::copy(std::uint64_t until) {
  std::vector<std::byte> piece(std::min(piece_octets, until - taken_));
  for (auto at = taken_; at < until;) {
    const auto wanted = std::min<std::uint64_t>(piece.size(), until - at);
    const auto count = TRY(bodies_.read(*body_, at, std::span{piece}.first(wanted)));
    if (count == 0) return fail(Fault::closed, "the store has fewer octets than it said");
    TRY(bodies_.write(*file_, file_octets_ + at - taken_, std::span{piece}.first(count)));
    at += count;
  }
  return {};
}

}  // namespace convene::client
