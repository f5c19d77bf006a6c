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
    // 2: the embedded message store (object_repository.h)
    R"(
CREATE TABLE store_uid_validity (
  last INTEGER NOT NULL          -- given to a folder; never again
) STRICT;
INSERT INTO store_uid_validity (last) VALUES (0);

CREATE TABLE store_folders (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  path TEXT NOT NULL,            -- Default/<Conversation-ID>/<Contribution-ID>
  uid_validity INTEGER NOT NULL,
  uid_next INTEGER NOT NULL,
  modseq INTEGER NOT NULL,       -- of the latest change
  session_info INTEGER,          -- UID of the Session Info Object; NULL: there is none
  UNIQUE (account, path)
) STRICT;

CREATE TABLE store_objects (
  folder INTEGER NOT NULL REFERENCES store_folders (id),
  uid INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  flags TEXT NOT NULL,           -- between blanks
  imdn_message_id TEXT NOT NULL,
  octets INTEGER NOT NULL,       -- of the whole, with its files in base64
  text BLOB NOT NULL,            -- all but the files
  PRIMARY KEY (folder, uid)
) STRICT;
CREATE INDEX store_objects_by_imdn ON store_objects (folder, imdn_message_id);

CREATE TABLE store_object_files (
  folder INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  at INTEGER NOT NULL,           -- how much text stands before it
  hash TEXT NOT NULL,            -- SHA-256 of the file (content_files.h)
  octets INTEGER NOT NULL,
  PRIMARY KEY (folder, uid, at, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX store_object_files_by_hash ON store_object_files (hash);
)",
    // 3: what waits for a message store elsewhere (outbox_repository.h)
    R"(
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  folder TEXT NOT NULL,          -- Default/<Conversation-ID>/<Contribution-ID>
  octets INTEGER NOT NULL,       -- of all its objects, with their files in base64
  may_be_there INTEGER NOT NULL, -- as it was asked
  kept_at INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox_objects (
  write INTEGER NOT NULL REFERENCES outbox (id),
  position INTEGER NOT NULL,     -- 0: the Session Info Object
  flags TEXT NOT NULL,           -- between blanks
  imdn_message_id TEXT NOT NULL,
  octets INTEGER NOT NULL,
  text BLOB NOT NULL,            -- all but the files
  PRIMARY KEY (write, position)
) STRICT;

CREATE TABLE outbox_files (
  write INTEGER NOT NULL,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,           -- how much text stands before it
  hash TEXT NOT NULL,            -- SHA-256 of the file (content_files.h)
  octets INTEGER NOT NULL,
  PRIMARY KEY (write, position, at, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_files_by_hash ON outbox_files (hash);
)",
    // 4: how long it is kept, and users who are to be erased (retention.h, erasure.h)
    R"(
ALTER TABLE store_objects ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0;
UPDATE store_objects SET stored_at = unixepoch();
CREATE INDEX store_objects_by_age ON store_objects (stored_at);

CREATE TABLE erasures (
  account TEXT PRIMARY KEY,      -- gone when it is done
  root TEXT NOT NULL,
  asked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)",
    // 5: messages for users who are away (deferral_repository.h)
    R"(
CREATE TABLE deferred (
  id INTEGER PRIMARY KEY,
  user TEXT NOT NULL,            -- address of record
  account TEXT NOT NULL,         -- in the message store
  imdn_message_id TEXT NOT NULL,
  stored_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  request BLOB NOT NULL          -- the SIP MESSAGE
) STRICT;
CREATE INDEX deferred_by_account ON deferred (account);
)",
    // 6: what a member's first answer said (group_repository.h)
    R"(
ALTER TABLE group_members ADD COLUMN has_answered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE group_members ADD COLUMN is_cpm_user INTEGER NOT NULL DEFAULT 0;
)",
    // 7: files and large messages for users who are away (deferral_repository.h)
    R"(
ALTER TABLE deferred ADD COLUMN kind TEXT NOT NULL DEFAULT 'message';
ALTER TABLE deferred ADD COLUMN sender TEXT NOT NULL DEFAULT '';
ALTER TABLE deferred ADD COLUMN content_type TEXT NOT NULL DEFAULT '';
ALTER TABLE deferred ADD COLUMN content_wrapper BLOB NOT NULL DEFAULT x'';
ALTER TABLE deferred ADD COLUMN content_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE deferred ADD COLUMN content_octets INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deferred_by_hash ON deferred (content_hash) WHERE content_hash <> '';
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
