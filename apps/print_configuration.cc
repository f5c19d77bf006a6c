// Prints what tools/write_docs keeps in the tree: the sample file, or with "reference"
// docs/configuration.md.

#include <iostream>
#include <string_view>

#include "apps/configuration.h"

int main(int argc, char** argv) {
  using namespace convene::apps;
  const bool wants_reference = argc > 1 && std::string_view{argv[1]} == "reference";
  std::cout << (wants_reference ? configuration_reference() : to_toml(Configuration{}));
}
