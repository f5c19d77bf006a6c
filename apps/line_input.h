#pragma once

#include <functional>
#include <memory>
#include <string>

#include "io/loop.h"

namespace convene::apps {

// The lines of standard input, as they come: from a terminal, a pipe or a file.
class LineInput {
 public:
  // `line` for each line without its end, `ended` once after the last.
  LineInput(io::Loop& loop, std::function<void(std::string line)> line,
            std::function<void()> ended);

 private:
  void read();
  void take(std::string_view octets);

  io::Loop& loop_;
  std::function<void(std::string)> line_;
  std::function<void()> ended_;
  std::string begun_;                   // of a line
  std::unique_ptr<io::Watched> input_;  // nothing: a file, read at once
};

}  // namespace convene::apps
