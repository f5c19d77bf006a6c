#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "base/time.h"
#include "participating/deferral_queue.h"
#include "participating/media_relay.h"
#include "participating/preferences.h"
#include "sip/transaction_layer.h"
#include "store/folder.h"

namespace convene::participating {

// How the history of the users is kept.
struct HistoryPolicy {
  bool has_store = false;    // no message store: nothing is recorded
  Duration patience{2'000};  // an answer leaves then, whether its Message-UID is known or not

  // Sessions that are remembered, so that a file transfer in one of them is known: R5.1b.
  std::size_t max_sessions_of_user = 50;
  std::size_t max_sessions = 100'000;

  std::uint64_t max_file = 100U << 20;  // octets of a file that is stored itself

  std::size_t max_waiting = 10'000;  // records that the store has not kept; beyond: lost
  Duration first_pause{5'000};       // before one is asked for again; then twice as long
  Duration longest_pause{300'000};

  // At which the identities of pre-defined groups are; those at others are of ad-hoc groups.
  std::vector<std::string> predefined_hosts = {};
};

struct Settings {
  // What our Route and Record-Route say, without "lr": "sip:pf@10.0.0.1:5060;transport=tcp". Nobody
  // else's routes may look so.
  std::string uri;

  // Whose users are served; empty: whoever the SIP/IP core names.
  std::vector<std::string> domains;

  std::size_t max_calls = 100'000;  // dialogs and requests under way; beyond: 503
  std::size_t max_forks = 32;       // dialogs from one request; answers of further ones get lost
  Duration invitation_patience{200'000};  // an INVITE without a final answer is cancelled then
  Duration idle_dialog{86'400'000};       // a dialog without session timer in which nothing is said

  PreferenceDefaults preferences = {};  // of users who say nothing else

  DeferralPolicy deferral = {};

  // What a user's account and folders are called in the message store. G-35
  std::string account = "{user}";  // account_of()
  store::FolderRules folders = {};
  HistoryPolicy history = {};

  MediaPolicy media = {};
  // What our a=path says, and over TLS; none: nothing is anchored, no TLS is. start()
  sip::HostPort media_listener = {};
  std::optional<msrp::SecureAddress> secure_media_listener = {};

  sip::LayerSettings layer;  // its addresses are filled in by start()
};

}  // namespace convene::participating
