#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace convene::io {

// One row of an answer. Columns count from 0; valid until the next row.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_{statement} {}

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string_view octets(int column) const;  // of a text or a blob, with its zeros
  std::string text(int column) const { return std::string{octets(column)}; }

 private:
  sqlite3_stmt* statement_;
};

// A value bound as BLOB instead of TEXT.
struct Blob {
  std::string_view octets;
};

// One connection to an SQLite file, for one thread at a time. SQL is always a text of ours: what a
// peer said is bound to a `?`, never written into it.
//
// An error's Fault: too_large the disk is full; closed it cannot be written or read; out_of_order a
// constraint forbids it (only that statement failed); malformed the file is damaged, or no
// database.
class Sqlite {
 public:
  enum class Access { read, read_write };  // read_write makes the file when it is not there

  static Result<Sqlite> open(const std::string& path, Access access);

  // One statement, its values in the order of its `?`: integers, texts, Blob, std::optional of
  // these (NULL), nullptr.
  template <class... Values>
  Result<> run(std::string_view sql, const Values&... values) {
    return each(sql, [](const Row&) {}, values...);
  }

  // The same; calls row(const Row&) for each row of the answer.
  template <class Each, class... Values>
  Result<> each(std::string_view sql, const Each& row, const Values&... values) {
    auto* const statement = TRY(prepared(sql));
    int index = 0;
    (bind(statement, ++index, values), ...);
    return step_all(statement, row);
  }

  Result<> run_script(const std::string& sql);        // several statements, without values
  Result<std::int64_t> number(std::string_view sql);  // the first column of the first row; or 0

  std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(connection_.get()); }
  std::int64_t changes() const { return sqlite3_changes64(connection_.get()); }
  bool is_in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  explicit Sqlite(sqlite3* connection) : connection_{connection} {}

  Result<sqlite3_stmt*> prepared(std::string_view sql);
  Result<> step_all(sqlite3_stmt* statement, const std::function<void(const Row&)>& row);
  std::unexpected<Error> failure(std::string_view what) const;

  static void bind(sqlite3_stmt* statement, int index, std::int64_t value);
  static void bind(sqlite3_stmt* statement, int index, std::uint64_t value) {
    bind(statement, index, static_cast<std::int64_t>(value));
  }
  static void bind(sqlite3_stmt* statement, int index, int value) {
    bind(statement, index, std::int64_t{value});
  }
  static void bind(sqlite3_stmt* statement, int index, bool value) {
    bind(statement, index, std::int64_t{value});
  }
  static void bind(sqlite3_stmt* statement, int index, std::string_view value);
  static void bind(sqlite3_stmt* statement, int index, const std::string& value) {
    bind(statement, index, std::string_view{value});
  }
  static void bind(sqlite3_stmt* statement, int index, const char* value) {
    bind(statement, index, std::string_view{value});
  }
  static void bind(sqlite3_stmt* statement, int index, Blob value);
  static void bind(sqlite3_stmt* statement, int index, std::nullptr_t);
  template <class T>
  static void bind(sqlite3_stmt* statement, int index, const std::optional<T>& value) {
    if (value) return bind(statement, index, *value);
    bind(statement, index, nullptr);
  }

  std::unique_ptr<sqlite3, Close> connection_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>>
      statements_;  // by their text: prepared once
};

}  // namespace convene::io
