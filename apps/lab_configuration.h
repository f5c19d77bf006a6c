#pragma once

#include "apps/configuration.h"

namespace convene::apps {

// The lab: a registrar open to this machine.
Configuration lab_configuration();

}  // namespace convene::apps
