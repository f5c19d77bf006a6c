#pragma once

namespace convene::sip {

// Whose offer has no answer yet. RFC 3264 4, RFC 6337 2.
//
// At most one offer is under way in a dialog. What does not fit is not taken: the caller refuses
// it.
class OfferAnswer {
 public:
  enum class State { stable, offer_sent, offer_received };
  enum class Event { send_offer, receive_offer, end_of_ours, end_of_theirs };

  // Each says whether the diagram has such an arrow.
  bool send_offer() { return step(Event::send_offer); }
  bool receive_offer() { return step(Event::receive_offer); }

  // Answered or refused: back to what was agreed before, or to what is agreed now.
  void end_ours() { step(Event::end_of_ours); }
  void end_theirs() { step(Event::end_of_theirs); }

  State state() const { return state_; }

 private:
  bool step(Event event);

  State state_ = State::stable;
};

}  // namespace convene::sip
