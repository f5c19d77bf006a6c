#include "io/group_repository.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "io/wall_seconds.h"

namespace convene::io {

namespace {

using conference::DisconnectionMethod;
using controlling::GroupRecord;
using controlling::Member;

constexpr auto ways_to_leave = std::to_array<std::pair<std::string_view, DisconnectionMethod>>({
    {"departed", DisconnectionMethod::departed},
    {"booted", DisconnectionMethod::booted},
    {"failed", DisconnectionMethod::failed},
    {"busy", DisconnectionMethod::busy},
});

std::string_view text_of(std::optional<DisconnectionMethod> way) {
  const auto found = std::ranges::find_if(
      ways_to_leave, [&way](const auto& entry) { return way && entry.second == *way; });
  return found == ways_to_leave.end() ? std::string_view{} : found->first;
}

std::optional<DisconnectionMethod> way_to_leave(std::string_view text) {
  const auto* const found = std::ranges::find(
      ways_to_leave, text, &std::pair<std::string_view, DisconnectionMethod>::first);
  if (found == ways_to_leave.end()) return std::nullopt;
  return found->second;
}

Result<> store_member(Sqlite& database, std::string_view focus, int position, const Member& member,
                      bool has_left) {
  return database.run(
      "INSERT INTO group_members (focus, position, address, display, nickname, pseudonym, "
      "request_uri, is_creator, has_left, left_by, reason, left_at, has_answered, is_cpm_user) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      focus, position, member.address, member.display, member.nickname, member.pseudonym,
      member.request_uri, member.is_creator, has_left, text_of(member.standing.left_by),
      member.standing.reason, member.standing.when, member.has_answered, member.is_cpm_user);
}

Result<> load_members(Sqlite& database, std::vector<GroupRecord>& records) {
  return database.each(
      "SELECT focus, address, display, nickname, pseudonym, request_uri, is_creator, has_left, "
      "left_by, reason, left_at, has_answered, is_cpm_user FROM group_members ORDER BY focus, "
      "position",
      [&](const Row& row) {
        const auto record =
            std::ranges::lower_bound(records, row.octets(0), {}, &GroupRecord::focus);
        if (record == records.end() || record->focus != row.octets(0)) return;
        auto& list = row.integer(7) != 0 ? record->former : record->members;
        list.push_back({.address = row.text(1),
                        .display = row.text(2),
                        .nickname = row.text(3),
                        .pseudonym = row.text(4),
                        .request_uri = row.text(5),
                        .is_creator = row.integer(6) != 0,
                        .is_cpm_user = row.integer(12) != 0,
                        .has_answered = row.integer(11) != 0,
                        .standing = {.status = conference::Status::disconnected,
                                     .left_by = way_to_leave(row.octets(8)),
                                     .reason = row.text(9),
                                     .when = row.text(10)}});
      });
}

}  // namespace

Result<> store_group(Sqlite& database, const GroupRecord& record) {
  const auto released =
      record.released ? std::optional{seconds(*record.released)} : std::optional<std::int64_t>{};
  TRY(database.run(
      "INSERT OR REPLACE INTO groups (focus, conversation, contribution, is_closed, subject, "
      "document, pseudonyms, is_dissolved, created_at, released_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      record.focus, record.ids.conversation, record.ids.contribution,
      record.type == controlling::GroupType::closed, record.subject, record.document,
      record.pseudonyms, record.is_dissolved, seconds(record.created), released));
  TRY(database.run("DELETE FROM group_members WHERE focus = ?", record.focus));
  int position = 0;
  for (const auto& member : record.members) {
    TRY(store_member(database, record.focus, ++position, member, false));
  }
  for (const auto& member : record.former) {
    TRY(store_member(database, record.focus, ++position, member, true));
  }
  return {};
}

Result<> forget_group(Sqlite& database, std::string_view focus) {
  return database.run("DELETE FROM groups WHERE focus = ?", focus);
}

Result<std::vector<GroupRecord>> load_groups(Sqlite& database) {
  std::vector<GroupRecord> records;
  TRY(database.each(
      "SELECT focus, conversation, contribution, is_closed, subject, document, pseudonyms, "
      "is_dissolved, created_at, released_at FROM groups ORDER BY focus",
      [&](const Row& row) {
        records.push_back(
            {.focus = row.text(0),
             .type = row.integer(3) != 0 ? controlling::GroupType::closed
                                         : controlling::GroupType::open,
             .ids = {.conversation = row.text(1), .contribution = row.text(2), .in_reply_to = {}},
             .subject = row.text(4),
             .document = row.text(5),
             .pseudonyms = static_cast<std::uint64_t>(row.integer(6)),
             .is_dissolved = row.integer(7) != 0,
             .created = wall_time(row.integer(8)),
             .released = row.is_null(9) ? std::nullopt : std::optional{wall_time(row.integer(9))}});
      }));
  TRY(load_members(database, records));
  return records;
}

}  // namespace convene::io
