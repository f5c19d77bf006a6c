#pragma once

#include "cpim/imdn_headers.h"
#include "scenario/form.h"

namespace convene::scenario {

// "asking for delivery and display", in the blanks <one:>, <two:> and <three:> of a form.
cpim::DispositionNotification wanted_reports(const Arguments& arguments);

}  // namespace convene::scenario
