#include "scenario/forms.h"

namespace convene::scenario {

const std::vector<Form>& all_forms() {
  static const std::vector<Form> forms = [] {
    std::vector<Form> all;
    for (const auto table : {registration_forms(), group_forms(), roster_forms(), chat_forms(),
                             report_forms(), file_forms(), absence_forms()}) {
      all.insert(all.end(), table.begin(), table.end());
    }
    return all;
  }();
  return forms;
}

}  // namespace convene::scenario
