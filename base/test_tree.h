#pragma once

#include <filesystem>

// For tests only: the root of the tree that they were built from.
namespace convene {

std::filesystem::path test_tree();

}  // namespace convene
