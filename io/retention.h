#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/log.h"
#include "io/alive.h"
#include "io/content_files.h"
#include "io/database.h"
#include "io/loop.h"

namespace convene::io {

struct RetentionSettings {
  std::chrono::seconds age{0};       // what was stored longer ago goes
  Duration every{60'000};            // how often it is looked for
  std::size_t most_at_once = 1'000;  // objects of one commit: others write in between
};

// Takes out of the embedded store what is too old, with its files.
class Retention {
 public:
  // `files`: those of the store. All outlive it.
  Retention(RetentionSettings settings, ContentFiles files, Database& database, Loop& loop,
            Log& log);

 private:
  void sweep();
  void remove(std::size_t objects, std::vector<std::string> hashes);
  void sweep_later();

  RetentionSettings settings_;
  ContentFiles files_;
  Database& database_;
  Loop& loop_;
  Log& log_;
  std::size_t gone_ = 0;  // objects, of this sweep
  Timer timer_;
  Alive alive_;
};

}  // namespace convene::io
