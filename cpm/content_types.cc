#include "cpm/content_types.h"

#include "mime/content_type.h"

namespace convene::cpm {

bool is_cpim(std::string_view content_type) {
  const auto type = mime::parse_content_type(content_type);
  return type && type->type == cpim_type;
}

}  // namespace convene::cpm
