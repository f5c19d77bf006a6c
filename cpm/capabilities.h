#pragma once

#include <string>
#include <string_view>

#include "sip/message.h"
#include "sip/name_addr.h"

namespace convene::cpm {

// What a Contact says about file transfer: yes, "chat only", or nothing. CPM 9.3.1 (1)-(3).
enum class FileTransferSupport { indicated, chat_only, not_indicated };

std::string_view name_of(FileTransferSupport support);

// The file transfer services that somebody offers or supports.
struct Services {
  bool file_transfer = false;
  bool thumbnail = false;
  bool store_and_forward = false;
  bool operator==(const Services&) const = default;
};

// What one leg's Contact says. Thumbnail and store and forward count only beside file transfer
// itself.
struct Capabilities {
  FileTransferSupport file_transfer = FileTransferSupport::not_indicated;
  bool thumbnail = false;
  bool store_and_forward = false;
  bool is_focus = false;
  std::string instance;  // +sip.instance, with its <>; empty: none
  bool operator==(const Capabilities&) const = default;
};

// CPM 9.2.10: the IARI tags of a Contact. Repeated tags, any order and case, un-encoded URNs and
// "rcse.ftthumb" are read (A1-A3); only unrelated tags, such as file transfer over HTTP, are "not
// indicated" (G-41).
Capabilities capabilities_of(const sip::NameAddr& contact);

// Of the first Contact of an INVITE or 2xx; nothing indicated when it has none, or one that cannot
// be read.
Capabilities capabilities_of(const sip::Message& message);

// What a Contact of ours shall say beside its URI.
struct ContactTags {
  std::string_view icsi;
  Services services = {};  // R1.3, R2.8: the tags of exactly these
  bool chat_only = false;  // R2.9; only without file transfer
  bool is_focus = false;
  std::string_view instance = {};  // with its <>
};

// <uri>;isfocus;+sip.instance="...";+g.3gpp.icsi-ref="...";+g.3gpp.iari-ref="ft,ftthumb,ftstandfw"
std::string contact_with_tags(std::string_view uri, const ContactTags& tags);

}  // namespace convene::cpm
