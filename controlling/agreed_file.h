#pragma once

#include <cstddef>
#include <string>

#include "cpm/file_transfer_offer.h"
#include "cpm/refusal.h"
#include "sdp/session_description.h"
#include "sip/message.h"

namespace convene::controlling {

// What our SDP has said last in the dialog of one file, and how a later offer there is answered:
// line by line, for nothing but that file was agreed. RFC 3264 6, 8; RFC 5547 8.1, 8.3.1, 8.4
class AgreedFile {
 public:
  // `index`: the file's m-line; `ours`: what `said` has there.
  AgreedFile(sdp::SessionDescription said, std::size_t index, cpm::FileMedia ours);

  struct Answer {
    std::string description;  // of the 200; empty: none
    bool closes = false;      // the file's m-line has port 0: its end
  };
  // Of a re-INVITE or UPDATE: the file's m-line as it was, port 0 for every other. Without an offer
  // a re-INVITE gets ours again. 488 to fewer m-lines than there were, and to another file in place
  // of this one (A24).
  cpm::Granted<Answer> answer(const sip::Message& request);

 private:
  sdp::SessionDescription said_;
  std::size_t index_ = 0;
  cpm::FileMedia ours_;
  bool is_closed_ = false;
};

}  // namespace convene::controlling
