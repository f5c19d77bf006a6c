#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/client.h"
#include "client/event.h"
#include "client/file_intake.h"
#include "cpim/message.h"
#include "cpm/file_transfer_offer.h"
#include "cpm/ids.h"
#include "cpm/msrp_media.h"
#include "sip/user_agent.h"

namespace convene::client {

// Names a file transfer session inside its client; never used again.
struct FileSessionId {
  std::uint64_t value = 0;
  auto operator<=>(const FileSessionId&) const = default;
};

// An offer of files that waits until the user has spoken about each of them.
struct PendingOffer {
  sip::ServerTransactionId transaction;
  sip::Message request;
  cpm::FileTransferOffer offer;
  TimePoint give_up;
};

// Which file an id stands for. RFC 5547 8.3.1
struct KnownFile {
  std::string transfer_id;
  sdp::FileSelector selector;
};

// A CPM File Transfer session: one dialog, with an m-line and an MSRP session to each file.
// CPM 7.4.1
struct FileSession {
  bool is_ours = true;            // we invited, so the BYE is ours, too
  GroupId group;                  // the session it belongs to; the value 0: none
  std::string peer;               // our Request-URI, or who invited; empty: stays unknown
  std::vector<std::string> list;  // of ours: whom it goes to, through the conference factory
  Person from;                    // who invited
  cpm::Ids ids;
  cpm::Capabilities capabilities;  // of the other side, as far as known

  // By m-line: the file that it carries, or has carried last. RFC 5547 8.6
  std::vector<std::optional<TransferId>> lines;
  std::deque<KnownFile> known;  // of their offers

  cpm::DescriptionId description_id;
  cpm::FileTransferOffer offer;                        // ours, as last sent
  std::vector<std::optional<cpm::FileMedia>> answers;  // ours to their last offer, by m-line
  std::string description;                             // what our SDP said last

  std::optional<sip::RequestId> invite;  // ours, or a later one, without answer
  std::optional<PendingOffer> pending;   // theirs
  std::optional<sip::DialogId> dialog;
  std::vector<TransferId> waiting;  // further files to the same destination. R4.2a
  bool offers_again = false;        // an m-line is to be closed once `invite` is answered

  std::vector<std::string> failed;  // imdn.Message-IDs of theirs: not what was offered
  Deadline hang_up;                 // their files are over: BYE if they do not
};

// What the user has said about an offered file.
enum class Word { none, yes, no };

struct FileTransfer {
  TransferDirection direction = TransferDirection::sending;
  TransferState state = TransferState::waiting;
  GroupId group;
  FileSessionId session;  // the value 0: none yet
  std::size_t line = 0;   // its m-line there
  std::string name;
  std::string type;
  std::uint64_t size = 0;
  std::uint64_t octets = 0;
  std::uint64_t begun = 0;  // octets that the receiver had before: it is a resumed one
  std::string imdn_id;      // empty: no reports
  Word word = Word::none;   // while it is offered to us

  // sending
  std::optional<FileToSend> file;
  std::uint64_t prefix_octets = 0;  // of a CPIM wrapper before the file

  // receiving
  bool is_known = false;                     // we have it already: nobody is told of it
  std::string originator;                    // an address of record; empty: unknown
  std::optional<cpim::Message> wrapper;      // asks for reports, until they left. Conversation 14.6
  std::string sha1;                          // empty: not said
  sdp::FileSelector wanted;                  // of a pull
  std::optional<msrp::BodyId> begun_body;    // until the intake has it
  std::unique_ptr<FileIntake> intake;        // set from accept to the end
  std::optional<msrp::IncomingId> incoming;  // its message, set while octets of it have come

  cpm::MsrpMedia ours;
  std::optional<cpm::MsrpMedia> theirs;  // set once one of us has accepted
  msrp::Setup setup = msrp::Setup::active;
  std::optional<msrp::SessionKey> media;
};

// The beginning of a file whose transfer broke off, kept for a while so that it can go on.
// Conversation 14.10, G-29
struct BegunFile {
  TransferId transfer;     // that brought it
  std::string originator;  // an address of record
  std::string sha1;
  sdp::FileSelector selector;
  GroupId group;
  cpm::Ids ids;
  FileIntake::Begun octets;
  TimePoint forget;
};

}  // namespace convene::client
