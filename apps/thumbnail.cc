#include "apps/thumbnail.h"

#include <algorithm>
#include <memory>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wswitch-enum"
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace convene::apps {

namespace {

constexpr int max_side = 16'384;
constexpr long max_pixels = 100'000'000;

struct FreePixels {
  void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};

void append_octets(void* text, void* octets, int count) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(octets),
                                          static_cast<std::size_t>(count));
}

}  // namespace

Result<client::Thumbnail> make_thumbnail(std::string_view picture) {
  const auto* const octets = reinterpret_cast<const stbi_uc*>(picture.data());
  const int size = static_cast<int>(std::min<std::size_t>(picture.size(), 1U << 30));
  int width = 0;
  int height = 0;
  int channels = 0;
  if (stbi_info_from_memory(octets, size, &width, &height, &channels) == 0)
    return fail(Fault::unsupported, "no JPEG or PNG picture");
  if (width > max_side || height > max_side || long{width} * height > max_pixels)
    return fail(Fault::too_large, "too many pixels for a thumbnail");

  const std::unique_ptr<stbi_uc, FreePixels> pixels{
      stbi_load_from_memory(octets, size, &width, &height, &channels, 3)};
  if (!pixels) return fail(Fault::unsupported, "a picture that cannot be read");

  const int longest = std::max(width, height);
  const int small_width = std::max(1, width * std::min(thumbnail_side, longest) / longest);
  const int small_height = std::max(1, height * std::min(thumbnail_side, longest) / longest);
  std::vector<stbi_uc> small(static_cast<std::size_t>(small_width) *
                             static_cast<std::size_t>(small_height) * 3);
  if (stbir_resize_uint8(pixels.get(), width, height, 0, small.data(), small_width, small_height, 0,
                         3) == 0)
    return fail(Fault::unsupported, "a picture that cannot be made smaller");

  for (const int quality : {80, 60, 40, 20}) {
    client::Thumbnail thumbnail{.type = "image/jpeg", .octets = {}};
    stbi_write_jpg_to_func(append_octets, &thumbnail.octets, small_width, small_height, 3,
                           small.data(), quality);
    if (!thumbnail.octets.empty() && thumbnail.octets.size() <= max_thumbnail_octets)
      return thumbnail;
  }
  return fail(Fault::too_large, "a thumbnail that does not get small enough");
}

}  // namespace convene::apps
