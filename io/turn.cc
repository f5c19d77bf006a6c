#include "io/turn.h"

#include "io/file_body_store.h"

namespace convene::io {

Turn::Turn(Loop& loop, node::Node& node, FileBodyStore* bodies)
    : loop_{loop}, node_{node}, bodies_{bodies}, timer_{loop} {}

void Turn::perform_all(node::Effects& effects) {
  is_performing_ = true;
  for (auto& effect : effects) perform(effect);
  is_performing_ = false;
  if (bodies_) bodies_->sweep();
  end_later();
}

void Turn::end_later() {
  if (ends_soon_) return;
  ends_soon_ = true;
  loop_.post(alive_.guard([this] {
    ends_soon_ = false;
    end();
    if (!is_stopped_) set_timer();
  }));
}

void Turn::stop() {
  is_stopped_ = true;
  timer_.cancel();
}

void Turn::set_timer() {
  const auto deadline = node_.deadline();
  if (!deadline) return timer_.cancel();
  const auto armed = timer_.deadline();
  if (armed && *armed <= *deadline) return;  // it looks again when it is called
  timer_.at(*deadline, [this] {
    if (!is_due(node_.deadline(), loop_.now())) return set_timer();
    tell([](node::Node& node, TimePoint now, node::Effects& out) { node.wake(now, out); });
  });
}

}  // namespace convene::io
