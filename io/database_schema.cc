#include <array>
#include <cstdint>

#include "io/database.h"

namespace convene::io {

namespace {

constexpr std::int64_t application_id = 0x434F4E56;  // "CONV": file(1) and we know our files by it

// Each takes a file from the version of its index to the next; none is changed once it has been
// released. Times are seconds since 1970; an empty text is what is not there.
constexpr auto migrations = std::to_array<const char*>({
    // 1: groups for life, and who belongs to them (group_repository.h)
    R"(
CREATE TABLE groups (
  focus TEXT PRIMARY KEY,        -- the CPM Group Session Identity
  conversation TEXT NOT NULL,    -- Conversation-ID
  contribution TEXT NOT NULL,    -- Contribution-ID
  is_closed INTEGER NOT NULL,    -- nobody can be added
  subject TEXT NOT NULL,
  document TEXT NOT NULL,        -- the group document of a pre-defined group
  pseudonyms INTEGER NOT NULL,   -- given so far
  is_dissolved INTEGER NOT NULL, -- nobody can come back
  created_at INTEGER NOT NULL,
  released_at INTEGER            -- NULL: it had a session
) STRICT, WITHOUT ROWID;

CREATE TABLE group_members (
  focus TEXT NOT NULL REFERENCES groups (focus) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  address TEXT NOT NULL,
  display TEXT NOT NULL,
  nickname TEXT NOT NULL,
  pseudonym TEXT NOT NULL,
  request_uri TEXT NOT NULL,     -- where to invite
  is_creator INTEGER NOT NULL,
  has_left INTEGER NOT NULL,     -- no member any more; reports still find it
  left_by TEXT NOT NULL,         -- departed, booted, failed, busy
  reason TEXT NOT NULL,
  left_at TEXT NOT NULL,
  PRIMARY KEY (focus, position)
) STRICT, WITHOUT ROWID;
)",
});

constexpr auto newest = static_cast<std::int64_t>(migrations.size());

}  // namespace

Result<> migrate(Sqlite& connection) {
  const auto known = TRY(connection.number("PRAGMA application_id"));
  auto version = TRY(connection.number("PRAGMA user_version"));
  const bool is_ours = known == application_id || (known == 0 && version == 0);
  if (!is_ours) return fail(Fault::unsupported, "not a database of convened");
  if (version > newest) {
    return fail(Fault::unsupported, "written by a newer convened: schema " +
                                        std::to_string(version) + ", this one knows up to " +
                                        std::to_string(newest));
  }
  for (; version < newest; ++version) {
    const auto number = std::to_string(version + 1);
    const std::string step = migrations.at(static_cast<std::size_t>(version));
    const auto done = connection.run_script(
        "BEGIN IMMEDIATE;" + step + "PRAGMA application_id = " + std::to_string(application_id) +
        ";PRAGMA user_version = " + number + ";COMMIT;");
    if (!done) {
      if (connection.is_in_transaction()) (void)connection.run_script("ROLLBACK");
      return std::unexpected(done.error());
    }
  }
  return {};
}

}  // namespace convene::io
