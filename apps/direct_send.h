#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/console_client.h"
#include "apps/delivery_table.h"

namespace convene::apps {

struct DirectSendOptions {
  std::string peer;  // a CPM address
  std::vector<std::string> files;
  bool wants_reports = false;
};

// Sends files to one user, outside of any session: all in one transfer (R4.1e). What breaks off is
// sent on from where the other side has it (conversation 14.10).
class DirectSend final : public Command {
 public:
  explicit DirectSend(DirectSendOptions options) : options_{std::move(options)} {}

  void begin(ConsoleClient& client) override;
  void told(ConsoleClient& client, const client::Event& event) override;
  void interrupted(ConsoleClient& client) override;

 private:
  void failed(ConsoleClient& client, const client::FileFailed& event);
  void send_on(ConsoleClient& client);
  void give(ConsoleClient& client, const client::FileWanted& wanted);
  void over(ConsoleClient& client);
  void end_if_reported(ConsoleClient& client);
  void end(ConsoleClient& client, int status);

  DirectSendOptions options_;
  std::map<client::TransferId, client::FileToSend> under_way_;
  std::vector<client::FileToSend> broken_off_;
  int breaks_ = 0;
  bool has_failed_ = false;
  DeliveryTable table_;
  TimePoint since_{};
  bool is_done_ = false;
};

}  // namespace convene::apps
