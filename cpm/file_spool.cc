#include "cpm/file_spool.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "cpm/file_transfer_offer.h"
#include "mime/content_type.h"

namespace convene::cpm {

namespace {

constexpr std::uint64_t piece_octets = 65'536;

}  // namespace

FileSpool::FileSpool(const sdp::FileSelector& selector)
    : size_{selector.size.value_or(0)},
      is_message_{false},
      is_size_known_{true},
      content_type_{selector.type.value_or("")} {
  if (const auto sha1 = sdp::sha1_of(selector)) sha1_ = std::string{*sha1};
}

// The octets are those that were hashed as they came, or will be.
FileSpool::FileSpool(const sdp::FileSelector& selector, const FileRest& rest)
    : FileSpool{selector} {
  content_type_ = rest.content_type;
  file_ = rest.body;
  from_ = rest.from;
  ready_ = rest.octets;
  is_complete_ = ready_ == size_;
}

// Conversation 14.3: both forms are accepted.
Result<> FileSpool::begin(const msrp::MessageBegun& message) {
  if (incoming_) return fail(Fault::out_of_order, "a second message in a file session");
  incoming_ = message.body;
  const auto type = mime::parse_content_type(message.content_type);
  is_wrapped_ = type && type->type == "message/cpim";
  total_ = message.total;
  if (is_wrapped_) return {};
  if (is_message_) return fail(Fault::unsupported, "no CPIM");

  if (!file_) file_ = incoming_;
  content_type_ = message.content_type;
  if (message.total && *message.total != size_ - from_) {
    return fail(Fault::malformed, "another size than the selector's");
  }
  return {};
}

Result<> FileSpool::grow(std::uint64_t ready, msrp::BodyStore& bodies) {
  if (!incoming_) return fail(Fault::out_of_order, "octets before their message");
  if (is_wrapped_ && prefix_ == 0) TRY(read_wrapper(ready, bodies));
  if (!file_ || ready <= prefix_) return {};
  const auto arrived = from_ + ready - prefix_;
  if (arrived > size_) return fail(Fault::too_large, "more octets than the selector says");
  if (arrived <= ready_) return {};  // was here before

  if (file_ != incoming_) TRY(copy(arrived, bodies));
  TRY(hash(arrived, bodies));
  if (arrived == size_ && sha1_) {
    if (digest_->finish() != *sha1_) return fail(Fault::malformed, "SHA-1 of another file");
    sha1_.reset();  // looked at once
  }
  ready_ = arrived;
  return {};
}

Result<> FileSpool::finish(std::uint64_t total, msrp::BodyStore& bodies) {
  TRY(grow(total, bodies));
  if (!is_size_known_ && file_) TRY(learn_size(total));
  if (ready_ != size_) return fail(Fault::malformed, "another size than the selector's");
  is_complete_ = true;
  return {};
}

// RFC 5547 9.1: the wrapper's headers, an empty line, the content's headers, an empty line.
Result<> FileSpool::read_wrapper(std::uint64_t ready, msrp::BodyStore& bodies) {
  std::string text(std::min<std::uint64_t>(ready, max_wrapper_octets), '\0');
  const auto count = TRY(bodies.read(*incoming_, 0, std::as_writable_bytes(std::span{text})));
  text.resize(count);

  const auto content = cpim::content_begin(text);
  if (!content) {
    if (text.size() >= max_wrapper_octets) {
      return fail(Fault::too_large, "a CPIM header of more than 16 kB");
    }
    return {};
  }
  wrapper_ = TRY(cpim::parse_message(std::string_view{text}.substr(0, *content)));
  prefix_ = *content;
  if (is_message_ && total_) TRY(learn_size(*total_));
  if (!file_) file_ = TRY(bodies.create(is_size_known_ ? std::optional{size_} : std::nullopt));
  if (const auto type = wrapper_->content_headers.value("Content-Type")) content_type_ = *type;
  return {};
}

Result<> FileSpool::learn_size(std::uint64_t total) {
  if (total < prefix_) return fail(Fault::malformed, "a message that is smaller than its headers");
  size_ = total - prefix_;
  is_size_known_ = true;
  return {};
}

// What has arrived of the file, out of its wrapper, and to its place.
Result<> FileSpool::copy(std::uint64_t until, msrp::BodyStore& bodies) {
  std::vector<std::byte> piece(std::min(piece_octets, until - ready_));
  for (auto at = ready_; at < until;) {
    const auto wanted = std::min<std::uint64_t>(piece.size(), until - at);
    const auto count =
        TRY(bodies.read(*incoming_, prefix_ + at - from_, std::span{piece}.first(wanted)));
    if (count == 0) return fail(Fault::closed, "octets that the store has not");
    TRY(bodies.write(*file_, at, std::span{piece}.first(count)));
    at += count;
  }
  return {};
}

Result<> FileSpool::hash(std::uint64_t until, msrp::BodyStore& bodies) {
  if (!sha1_) return {};
  if (!digest_) digest_ = bodies.digest(*file_, Digest::sha1);
  return digest_->advance(until);
}

std::optional<FileRest> FileSpool::take(msrp::BodyStore& bodies) {
  std::optional<FileRest> rest;
  if (file_ && ready_ > 0) {
    rest = FileRest{.body = *file_, .octets = ready_, .content_type = content_type_, .held = {}};
    if (incoming_ == file_) incoming_.reset();
    file_.reset();
  }
  digest_.reset();
  drop(bodies);
  return rest;
}

void FileSpool::drop(msrp::BodyStore& bodies) {
  if (file_ && file_ != incoming_) bodies.drop(*file_);
  if (incoming_) bodies.drop(*incoming_);
  file_.reset();
  incoming_.reset();
}

}  // namespace convene::cpm
