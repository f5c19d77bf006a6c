#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "cpim/message.h"
#include "cpm/file_rest.h"
#include "msrp/body_store.h"
#include "msrp/endpoint.h"
#include "sdp/file_transfer.h"

namespace convene::cpm {

// A file on its way through the focus: its octets as they arrive, freed from a CPIM wrapper (G-18),
// measured against the selector, and hashed while they pass (G-31).
//
// The file's own octets are in body() from 0 on, and [0, ready()) may be sent. The last octet is
// shown only when the whole has the right SHA-1.
class FileSpool {
 public:
  explicit FileSpool(const sdp::FileSelector& selector);
  // Goes on with what is here already; the message brings what follows `rest.from`. G-29
  FileSpool(const sdp::FileSelector& selector, const FileRest& rest);
  FileSpool() = default;  // a large message: its content, whose size it says itself

  // What the endpoint tells about the incoming message. Fault::malformed: not the file that was
  // announced (its size or SHA-1), or no CPIM where CPIM was said; Fault::too_large: more octets
  // than announced; or what the store says.
  Result<> begin(const msrp::MessageBegun& message);
  Result<> grow(std::uint64_t ready, msrp::BodyStore& bodies);
  Result<> finish(std::uint64_t total, msrp::BodyStore& bodies);

  std::optional<msrp::BodyId> body() const { return file_; }
  std::uint64_t ready() const { return ready_; }
  std::uint64_t size() const { return size_; }
  bool is_size_known() const { return is_size_known_; }  // of a large message: not from the start
  bool is_complete() const { return is_complete_; }
  const std::string& content_type() const { return content_type_; }
  const std::optional<cpim::Message>& wrapper() const {
    return wrapper_;
  }  // headers only, once they have been read

  void drop(msrp::BodyStore& bodies);

  // What is here of the file, for a while longer; its body is the caller's now. Nothing: not an
  // octet.
  std::optional<FileRest> take(msrp::BodyStore& bodies);

 private:
  Result<> read_wrapper(std::uint64_t ready, msrp::BodyStore& bodies);
  Result<> learn_size(std::uint64_t total);
  Result<> copy(std::uint64_t until, msrp::BodyStore& bodies);
  Result<> hash(std::uint64_t until, msrp::BodyStore& bodies);

  std::uint64_t size_ = std::numeric_limits<std::uint64_t>::max();
  bool is_message_ = true;
  bool is_size_known_ = false;
  std::optional<std::uint64_t> total_;  // of the incoming message, when it says so
  std::optional<std::string> sha1_;
  std::string content_type_;

  std::optional<msrp::BodyId> incoming_;
  std::optional<msrp::BodyId> file_;  // the incoming body itself, unless that is wrapped or a rest
  bool is_wrapped_ = false;
  std::optional<cpim::Message> wrapper_;
  std::uint64_t prefix_ = 0;  // octets of the wrapper
  std::uint64_t from_ = 0;    // the incoming message begins behind this octet of the file
  std::uint64_t ready_ = 0;
  std::unique_ptr<msrp::BodyDigest> digest_;  // from the first octets of the file on
  bool is_complete_ = false;
};

}  // namespace convene::cpm
