#include "msrp/incoming_message.h"

#include <algorithm>
#include <cstring>

namespace convene::msrp {

IncomingMessage::IncomingMessage(IncomingId number, const Head& head, const Receive& receive)
    : id{number},
      message_id{head.message_id},
      content_type{head.content_type},
      success_report{head.success_report.value_or(false)},
      failure_report{head.failure_report.value_or(FailureReport::yes)},
      max_octets_{std::min(receive.max_octets, max_message_octets)},
      expected_{receive.expected_octets} {}

Result<> IncomingMessage::agree_on(std::uint64_t total) {
  if (total_ && total_ != total) return fail(Fault::malformed, "its total changes");
  if (expected_ && expected_ != total) return fail(Fault::malformed, "not the size that was told");
  if (total > max_octets_) return fail(Fault::too_large, "its total is over the limit");
  if (have_.end() > total) return fail(Fault::malformed, "more octets than its total");
  total_ = total;
  return {};
}

Result<> IncomingMessage::begin_chunk(const std::optional<ByteRange>& range) {
  const auto place = range.value_or(ByteRange{});
  if (place.total) TRY(agree_on(*place.total));
  if (place.first - 1 > max_octets_ || place.last > max_octets_)
    return fail(Fault::too_large, "a chunk beyond the limit");
  at_ = chunk_begin_ = place.first - 1;
  return {};
}

// The range's end is not believed: what comes counts. RFC 4975 7.3.1.
Result<> IncomingMessage::put(std::span<const std::byte> octets, BodyStore& bodies) {
  const Interval arrived{at_, at_ + octets.size()};
  if (arrived.end > total_.value_or(arrived.end) || arrived.end > expected_.value_or(arrived.end))
    return fail(Fault::malformed, "octets beyond its total");
  if (arrived.end > max_octets_) return fail(Fault::too_large, "octets beyond the limit");

  if (arrived.begin >= have_.end()) {
    TRY(write(arrived.begin, octets, bodies));
  } else {
    for (const auto& gap : have_.missing(arrived))
      TRY(write(gap.begin, octets.subspan(gap.begin - arrived.begin, gap.end - gap.begin), bodies));
  }
  have_.add(arrived);
  at_ = arrived.end;
  if (have_.intervals() > max_pieces) return fail(Fault::malformed, "too many pieces");
  return {};
}

Result<> IncomingMessage::write(std::uint64_t offset, std::span<const std::byte> octets,
                                BodyStore& bodies) {
  if (body) return bodies.write(*body, offset, octets);
  memory_.resize(std::max(memory_.size(), offset + octets.size()));
  std::memcpy(memory_.data() + offset, octets.data(), octets.size());
  return {};
}

Result<> IncomingMessage::end_chunk(Continuation flag) {
  if (flag == Continuation::complete) return agree_on(at_);
  if (at_ == chunk_begin_ && ++empty_chunks_ > max_empty_chunks)
    return fail(Fault::malformed, "too many empty chunks");
  return {};
}

}  // namespace convene::msrp
