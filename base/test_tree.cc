#include "base/test_tree.h"

namespace convene {

std::filesystem::path test_tree() { return CONVENE_SOURCE_DIR; }

}  // namespace convene
