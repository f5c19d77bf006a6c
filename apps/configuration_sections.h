#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/configuration_keys.h"

namespace convene::apps {

// The sections that are about groups; the others are in configuration_keys.cc.
Section group_section(Configuration::Group& configuration);
Section file_transfer_section(Configuration::FileTransfer& configuration);
Section interworking_section(Configuration::Interworking& configuration);
Section predefined_groups_section(Configuration::PredefinedGroups& configuration);
Section participating_section(Configuration::Participating& configuration);
Section store_section(Configuration::Store& configuration);
Section message_section(Configuration::Message& configuration);

inline constexpr std::uint64_t any_size = 1ull << 40;
inline constexpr std::uint64_t year = 31'536'000;

// One of `words`, in the order of the enumerators.
template <class Enum>
Choice choice(Enum& value, std::vector<std::string_view> words) {
  return {std::move(words), [&value] { return static_cast<std::size_t>(value); },
          [&value](std::size_t index) { value = static_cast<Enum>(index); }};
}

}  // namespace convene::apps
