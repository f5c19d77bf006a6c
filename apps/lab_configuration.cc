#include "apps/lab_configuration.h"

namespace convene::apps {

Configuration lab_configuration() {
  Configuration lab;
  lab.listen.msrps = "127.0.0.1:0";
  lab.registrar.enabled = true;
  lab.registrar.open = true;
  lab.file_transfer.max_size = 4'294'967'296;
  lab.file_transfer.free_space_floor = 0;
  lab.state.enabled = false;
  lab.listen.participating_msrp = "127.0.0.1:0";
  lab.listen.participating_msrps = "127.0.0.1:0";
  return lab;
}

}  // namespace convene::apps
