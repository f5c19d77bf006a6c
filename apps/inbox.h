#pragma once

#include <map>
#include <string>

#include "apps/console_client.h"

namespace CLI {
class App;
}

namespace convene::apps {

// --save-dir: the directory where files go. It is made if it is not there.
void add_save_dir_option(CLI::App& app, std::string& directory);

// Where received files go: a directory that no name leads out of, and where nothing is written
// over.
class Inbox {
 public:
  explicit Inbox(std::string directory) : directory_{std::move(directory)} {}

  // Heeds offers, and saves what is whole. Whether a file was saved just now.
  bool told(ConsoleClient& client, const client::Event& event);

 private:
  bool save(ConsoleClient& client, const client::FileReceived& received);

  std::string directory_;
  std::map<client::TransferId, std::string> names_;
};

}  // namespace convene::apps
