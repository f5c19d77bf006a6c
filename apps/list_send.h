#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/console_client.h"
#include "apps/delivery_table.h"

namespace convene::apps {

struct ListSendOptions {
  std::vector<std::string> list;  // CPM addresses
  std::vector<std::string> files;
  bool wants_reports = false;
};

// Sends files to those of a list, in no session: one after the other, through the conference
// factory. R3.0, RFC 5366
class ListSend final : public Command {
 public:
  explicit ListSend(ListSendOptions options) : options_{std::move(options)} {}

  void begin(ConsoleClient& client) override { next(client); }
  void told(ConsoleClient& client, const client::Event& event) override;
  void interrupted(ConsoleClient& client) override;

 private:
  void next(ConsoleClient& client);
  void end_if_reported(ConsoleClient& client);
  void end(ConsoleClient& client, int status);

  ListSendOptions options_;
  DeliveryTable table_;
  std::size_t begun_ = 0;  // files
  std::string name_;       // of the file under way
  TimePoint since_{};
  bool is_done_ = false;
};

}  // namespace convene::apps
