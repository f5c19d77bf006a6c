#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "cpm/capabilities.h"

namespace convene::controlling {

// What a leg is doing. CPM 9.2.10, conversation 7.
enum class LegState { inviting, alerting, accepted, joined };
std::string_view name_of(LegState state);

struct LegView {
  std::string contact;
  cpm::Capabilities capabilities;  // R1.21
  LegState state = LegState::inviting;
};

struct ParticipantView {
  std::string address;
  std::vector<LegView> legs;  // none: not in the session now
};

struct GroupView {
  std::string focus;
  std::string conversation, contribution, subject;
  bool is_active = false;  // has a session now; otherwise only its state is kept (R6.8)
  bool is_closed = false;
  std::vector<ParticipantView> participants;
  std::size_t subscriptions = 0;
  std::size_t dropped_reports = 0;  // disposition notifications about nothing they could be about
};

struct TransferLegView {
  std::string participant;
  std::string state;  // queued, inviting, sending, complete, ended
  std::uint64_t confirmed = 0;
};

struct TransferView {
  std::string focus, sender, name;
  std::uint64_t size = 0, ready = 0;
  std::vector<TransferLegView> legs;
};

// What the focus knows, and what it holds.
struct Snapshot {
  std::vector<GroupView> groups;
  std::vector<TransferView> transfers;
  std::size_t dialogs = 0;
  std::size_t transactions = 0;
  std::size_t msrp_sessions = 0;
  std::size_t msrp_connections = 0;
  std::size_t bodies = 0;      // in the store: also those of others that share it; not kept_files
  std::size_t kept_files = 0;  // that broke off, and may go on: G-29
  std::size_t pending = 0;     // entries of the tables between requests and legs
  Deadline next_alarm = {};    // when something is due
};

}  // namespace convene::controlling
