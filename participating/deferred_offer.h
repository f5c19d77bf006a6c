#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/random.h"
#include "cpm/file_transfer_offer.h"
#include "participating/anchoring.h"
#include "participating/deferral_queue.h"
#include "participating/settings.h"
#include "sip/message.h"

// What an INVITE for a file or a large message says to who takes it on behalf of its user, and
// what is said instead of it when it is pushed. Conversation 14, 15
namespace convene::participating {

struct DeferrableOffer {
  DeferredKind kind = DeferredKind::file;
  cpm::FileTransferOffer offer;
  std::size_t index = 0;        // of the only m-line that carries something
  std::string message_id = {};  // imdn.Message-ID; of a large message: empty, its content says it
  std::uint64_t octets = 0;     // at most so many come, without CPIM headers

  const cpm::FileMedia& line() const { return *offer.files[index]; }
};

// Nothing: it is no such INVITE, or cannot be deferred: several files, a rest, a pull; a file
// without a CPIM wrapper, because nobody would learn what became of it (G-15), or larger than
// `max_octets`.
std::optional<DeferrableOffer> read_deferrable_offer(const sip::Message& invite,
                                                     std::uint64_t max_octets);

// Who it is from: behind a focus the Referred-By, else the asserted originator. An address of
// record; empty: nobody says.
std::string sender_of(const sip::Message& invite);

// How long it waits: as Message-Expires says, in seconds or by a date, but no longer than `most`.
// Conversation 2
std::chrono::seconds lifetime_of(const sip::Message& request, WallTime now,
                                 std::chrono::seconds most);

// The users of our URI's host that stand for something deferred: "sip:defer-...@pf.example.com".
inline constexpr std::string_view deferral_mark = "defer-";
std::string new_deferral_uri(const sip::Uri& own, Random& random);

// The m-line with which we take the offered one, or push: our own address, over TLS if we have one
// there; direction left open.
cpm::MsrpMedia own_media(const Settings& settings, bool is_secure, Random& random);

inline constexpr std::string_view deferral_methods =
    "INVITE, ACK, CANCEL, BYE, UPDATE, MESSAGE, REFER, NOTIFY, OPTIONS";

}  // namespace convene::participating
