#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "msrp/body_store.h"

namespace convene::client {

// Follows a file while its octets arrive in the body store: takes off a CPIM wrapper (RFC
// 5547 9.1), counts, and hashes, so that nothing is left to read when the last octet is there.
// Conversation 14.3
//
// Owns the bodies, and drops them with itself, but for the one that finish() gives away.
class FileIntake {
 public:
  struct Expected {
    std::string type;  // empty: any
    std::uint64_t size = 0;
    std::string sha1;  // 20 octets; empty: not said
  };

  // What an earlier transfer has brought of it: its first octets. Conversation 14.10
  struct Begun {
    msrp::BodyId body;
    std::uint64_t octets = 0;
  };

  // With `begun` the message brings the rest.
  FileIntake(msrp::BodyStore& bodies, Expected expected, std::optional<Begun> begun = {});
  ~FileIntake();
  FileIntake(const FileIntake&) = delete;
  FileIntake& operator=(const FileIntake&) = delete;

  // A message begins. Fault::malformed when its size cannot be that of the file, Fault::unsupported
  // when it is neither of the file's type nor CPIM.
  Result<> begin(msrp::BodyId body, std::string_view content_type,
                 std::optional<std::uint64_t> total);

  // Octets [0, ready) of the message are in the store.
  Result<> grow(std::uint64_t ready);

  // The message is whole. The file's own octets, or Fault::malformed: another size, another hash.
  Result<msrp::BodyId> finish(std::uint64_t total);

  // What is there of a file that will not become whole now; the caller's from now on. Nothing: not
  // an octet.
  std::optional<Begun> take_begun();

  bool has_begun() const { return body_.has_value(); }
  std::uint64_t octets() const { return file_octets_; }  // of the file, so far

 private:
  Result<> unwrap(std::uint64_t ready);
  Result<> take(std::uint64_t ready);
  Result<> copy(std::uint64_t until);
  msrp::BodyDigest& digest();

  msrp::BodyStore& bodies_;
  Expected expected_;
  std::optional<msrp::BodyId> body_;  // the message
  std::optional<msrp::BodyId> file_;  // set when wrapped or begun before: the file itself
  std::optional<std::uint64_t> total_;
  bool is_wrapped_ = false;
  bool is_unwrapped_ = false;                 // the wrapper's end was found
  std::uint64_t taken_ = 0;                   // of the message
  std::uint64_t file_octets_ = 0;             // of the file
  std::unique_ptr<msrp::BodyDigest> digest_;  // set once it was asked for
};

}  // namespace convene::client
