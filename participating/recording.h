#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "msrp/body_store.h"
#include "participating/served_user.h"
#include "sip/message.h"
#include "store/object_headers.h"
#include "store/session_type.h"

namespace convene::participating {

// What one call may add to its own record; what goes beyond is left out of it.
inline constexpr std::size_t max_recorded_description = 16'384;  // octets of the offer
inline constexpr std::size_t max_recorded_files = 64;
inline constexpr std::size_t max_recorded_participants = 1'000;

// What an INVITE of a session, a file transfer or a large message, and its answer, say for the
// history of the user that is served. CPM 8.5.3
struct Recording {
  enum class Kind { session, file_transfer, large_message };
  Kind kind = Kind::session;
  store::ObjectHeaders headers = {};
  store::SessionType type = store::SessionType::one_to_one;
  std::string other_party = {};  // address of record: of the other user, or the group's identity
  bool is_group = false;         // the other party is a focus
  bool is_to_list = false;       // its INVITE had a recipient list
  std::vector<std::string> invited = {};
  std::string description = {};  // the offer, as it was
  struct File {
    std::string transfer_id = {};
    std::string lines = {};  // what its m-line says about it, between CRLF
    std::size_t line = 0;    // index of that m-line
    bool is_rest = false;    // of a file whose beginning came before: a=file-range
    struct Content {         // what came of it through us
      std::string type = {};
      msrp::BodyId body = {};  // ours, until it is dropped or handed to the store
      std::uint64_t octets = 0;
      bool is_delivered = false;
    };
    std::optional<Content> content = {};
  };
  std::vector<File> files = {};  // of a large message: itself
  bool has_begun = false;        // a 2xx came
  bool is_over = false;          // and its end has been recorded
};

// Without an IMDN-Message-ID, which is in the content.
store::ObjectHeaders headers_of(const sip::Message& request, const ServedUser& served,
                                const cpm::Ids& ids, WallTime now);

// Nothing for requests that begin none of them, or do not say to which conversation and
// contribution they belong. `predefined_hosts`: at which the identities of pre-defined groups are.
std::optional<Recording> recording_of(const sip::Message& invite, const ServedUser& served,
                                      const std::vector<std::string>& predefined_hosts,
                                      WallTime now);

// The first 2xx: who answers, and which files he takes.
void accepted(Recording& recording, const sip::Message& invite, const sip::Message& response,
              const std::vector<std::string>& predefined_hosts);

// The files of an offer that were not refused. RFC 5547 8.3
void add_files(Recording& recording, const sip::Message& offer, const sip::Message& answer);

}  // namespace convene::participating
