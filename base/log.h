#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace convene {

enum class Level { debug, info, warning, error };

// An id an engineer greps for: {"contribution", id}.
using LogField = std::pair<std::string_view, std::string_view>;

// Where decisions are told, once, with their ids. No bodies, no secrets; addresses through
// masked(). The sink escapes what it prints; nobody else needs to.
class Log {
 public:
  virtual ~Log() = default;
  virtual void write(Level level, std::string_view layer, std::string_view text,
                     std::initializer_list<LogField> fields) = 0;

  void info(std::string_view layer, std::string_view text,
            std::initializer_list<LogField> fields = {}) {
    write(Level::info, layer, text, fields);
  }
  void warning(std::string_view layer, std::string_view text,
               std::initializer_list<LogField> fields = {}) {
    write(Level::warning, layer, text, fields);
  }
  void debug(std::string_view layer, std::string_view text,
             std::initializer_list<LogField> fields = {}) {
    write(Level::debug, layer, text, fields);
  }
};

// Drops every line.
class SilentLog final : public Log {
 public:
  void write(Level, std::string_view, std::string_view, std::initializer_list<LogField>) override {}
};

// Keeps the lines as text, for tests: "info controlling the text key=value".
class KeptLog final : public Log {
 public:
  void write(Level level, std::string_view layer, std::string_view text,
             std::initializer_list<LogField> fields) override;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string_view name_of(Level level);

// "info  controlling  text  key=value": one line, control characters made visible.
std::string log_line(Level level, std::string_view layer, std::string_view text,
                     std::initializer_list<LogField> fields);

// A user's address as a log may show it: sip:b***@ims.example, tel:+155***.
std::string masked(std::string_view address);

}  // namespace convene
