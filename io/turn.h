#pragma once

#include <cassert>
#include <functional>

#include "io/alive.h"
#include "io/loop.h"
#include "node/node.h"

namespace convene::io {

class FileBodyStore;
class WireTap;

// The way into a node, and one turn of its loop: inputs go in as they come, their effects are
// performed after each; when everything that was ready has been told, the turn ends: then octets
// leave, and the timer is set.
class Turn {
 public:
  // `bodies` may be none, for a node without.
  Turn(Loop& loop, node::Node& node, FileBodyStore* bodies);

  // One input: input(node, now, effects). Never from within the performing of an effect.
  template <class Input>
  void tell(const Input& input) {
    assert(!is_performing_ && "an effect is performed without telling the node anything");
    node::Effects effects;
    input(node_, loop_.now(), effects);
    perform_all(effects);
  }

  node::Node& node() { return node_; }
  Loop& loop() { return loop_; }
  FileBodyStore* bodies() { return bodies_; }
  WireTap* tap = nullptr;  // set while the wire is traced

  // What is done with an effect, and at the end of a turn: set by the runner.
  std::function<void(node::Effect&)> perform;
  std::function<void()> end;

  void end_later();  // asks for one more end of a turn
  void stop();       // no timer any more

 private:
  void perform_all(node::Effects& effects);
  void set_timer();

  Loop& loop_;
  node::Node& node_;
  FileBodyStore* bodies_;
  Timer timer_;
  bool is_performing_ = false;
  bool ends_soon_ = false;
  bool is_stopped_ = false;
  Alive alive_;
};

}  // namespace convene::io
