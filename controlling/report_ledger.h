#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cpim/imdn_headers.h"
#include "cpim/message.h"
#include "imdn/notification.h"

namespace convene::controlling {

// A message or file by its sender's address and its imdn.Message-ID: another's id is not hijacked.
struct ReportKey {
  std::string sender;
  std::string message_id;
  auto operator<=>(const ReportKey&) const = default;
};

// What went through a group with disposition notifications asked for, to whom, and what has been
// told about it: nobody reports on what he was never sent, or what was not asked, or twice. RFC
// 5438, conversation 11
class ReportLedger {
 public:
  // A message of this sender as it came; the oldest beyond `most` are forgotten. False: it asks for
  // nothing, or has no id, or was sent before.
  bool remember(const std::string& sender, const cpim::Message& message, std::size_t most);

  // A copy goes to one of a recipient's devices, has arrived there, or never will. Of a message
  // that is not known nothing is noted: false.
  bool copy_begins(const ReportKey& key, std::string_view recipient);
  void copy_arrived(const ReportKey& key, std::string_view recipient);
  // What to report failure on, without its body: the last copy of this recipient failed, no other
  // arrived, negative delivery was asked for, and nothing has been told yet. Valid until the next
  // call; nullptr: no report.
  const cpim::Message* copy_failed(const ReportKey& key, std::string_view recipient);

  // A recipient's report. `pass`: it may go to the sender, and counts as told. A delivery may
  // follow a failure, not the other way round.
  enum class Fate { pass, repeated, not_asked, unknown };
  Fate reported(const ReportKey& key, std::string_view recipient, imdn::Disposition disposition,
                imdn::Status status);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Recipient {
    std::uint32_t who = 0;        // of names_
    std::uint16_t under_way = 0;  // copies
    bool has_it = false;
    std::uint8_t told = 0;  // a bit for each kind of report
  };
  struct Entry {
    cpim::Message original;  // its headers
    cpim::DispositionNotification wants;
    std::vector<Recipient> recipients;
  };
  Entry* find(const ReportKey& key);
  Recipient* find(Entry& entry, std::string_view recipient) const;

  std::map<ReportKey, Entry> entries_;
  std::deque<ReportKey> in_order_;
  std::map<std::string, std::uint32_t, std::less<>> names_;  // of all recipients so far
};

}  // namespace convene::controlling
