#include "io/sqlite.h"

namespace convene::io {

namespace {

constexpr int patience_ms = 2'000;  // for another process that holds the file

// What every connection is set to. WAL and FULL: a commit is on the disk when it returns.
constexpr const char* connection_pragmas =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;";
constexpr const char* writer_pragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;";

Fault fault_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return Fault::too_large;
    case SQLITE_CONSTRAINT: return Fault::out_of_order;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Fault::timed_out;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Fault::malformed;
    default: return Fault::closed;
  }
}

}  // namespace

std::string_view Row::octets(int column) const {
  const auto* const text = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const auto size = sqlite3_column_bytes(statement_, column);
  return text ? std::string_view{text, static_cast<std::size_t>(size)} : std::string_view{};
}

Result<Sqlite> Sqlite::open(const std::string& path, Access access) {
  const int how =
      access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &connection, how | SQLITE_OPEN_NOMUTEX, nullptr);
  Sqlite opened{connection};
  if (code != SQLITE_OK) {
    const std::string why = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    return fail(fault_of(code), path + ": " + why);
  }
  sqlite3_extended_result_codes(connection, 1);
  sqlite3_busy_timeout(connection, patience_ms);
  TRY(opened.run_script(connection_pragmas));
  if (access == Access::read_write) TRY(opened.run_script(writer_pragmas));
  return opened;
}

std::unexpected<Error> Sqlite::failure(std::string_view what) const {
  const int code = sqlite3_extended_errcode(connection_.get());
  return fail(fault_of(code), std::string{sqlite3_errmsg(connection_.get())} + " (" +
                                  std::to_string(code) + ") in " + std::string{what.substr(0, 40)});
}

Result<> Sqlite::run_script(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(sql);
  return {};
}

Result<std::int64_t> Sqlite::number(std::string_view sql) {
  std::int64_t value = 0;
  TRY(each(sql, [&](const Row& row) { value = row.integer(0); }));
  return value;
}

Result<sqlite3_stmt*> Sqlite::prepared(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second.get();
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  std::unique_ptr<sqlite3_stmt, Finalize> owned{statement};
  if (code != SQLITE_OK) return failure(sql);
  return statements_.emplace(sql, std::move(owned)).first->second.get();
}

Result<> Sqlite::step_all(sqlite3_stmt* statement, const std::function<void(const Row&)>& row) {
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) row(Row{statement});
  Result<> outcome;
  if (code != SQLITE_DONE) outcome = failure(sqlite3_sql(statement));
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return outcome;
}

// The values live until the statement has been run: they are not copied.
void Sqlite::bind(sqlite3_stmt* statement, int index, std::int64_t value) {
  sqlite3_bind_int64(statement, index, value);
}
void Sqlite::bind(sqlite3_stmt* statement, int index, std::string_view value) {
  sqlite3_bind_text64(statement, index, value.data() ? value.data() : "", value.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
}
void Sqlite::bind(sqlite3_stmt* statement, int index, Blob value) {
  sqlite3_bind_blob64(statement, index, value.octets.data() ? value.octets.data() : "",
                      value.octets.size(), SQLITE_STATIC);
}
void Sqlite::bind(sqlite3_stmt* statement, int index, std::nullptr_t) {
  sqlite3_bind_null(statement, index);
}

}  // namespace convene::io
