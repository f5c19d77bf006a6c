#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/embedded_reader.h"
#include "io/test_directory.h"
#include "mime/base64_lines.h"

namespace convene::io {
namespace {

class KeptObjectText : public testing::Test {
 protected:
  KeptFile keep(std::string_view octets, std::uint64_t at) {
    std::ofstream{directory / "file", std::ios::binary} << octets;
    const FileDescriptor file{::open((directory / "file").c_str(), O_RDONLY)};
    const auto incoming = files.take_in(file.get(), Keep::copy).value();
    EXPECT_TRUE(files.place(incoming));
    return {.at = at, .hash = incoming.hash, .octets = octets.size()};
  }

  std::string read(const KeptObject& object, std::uint64_t window) {
    std::string text;
    for (;;) {
      const auto piece = text_of(object, files, text.size(), window).value();
      EXPECT_LE(piece.size(), window);
      if (piece.empty()) return text;
      text += piece;
    }
  }

  static std::string octets(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(i * 31 % 251);
    return text;
  }

  TestDirectory directory;
  ContentFiles files = ContentFiles::open(directory / "files").value();
};

// Files stand between pieces of text, and any window gives what the whole has there.
TEST_F(KeptObjectText, is_the_same_through_any_window) {
  for (const std::size_t size : {0, 1, 56, 57, 58, 114, 200}) {
    KeptObject object{.text = "head\r\nmiddle\r\nend"};
    object.files = {keep(octets(size), 6), keep(octets(100), 14)};
    const auto whole = "head\r\n" + mime::to_base64_lines(octets(size)) + "middle\r\n" +
                       mime::to_base64_lines(octets(100)) + "end";
    for (const std::uint64_t window : {1, 2, 3, 7, 76, 77, 78, 79, 1'000})
      EXPECT_EQ(read(object, window), whole) << size << " through " << window;
  }
}

TEST_F(KeptObjectText, ends_where_it_ends) {
  const KeptObject object{.text = "text"};
  EXPECT_EQ(text_of(object, files, 2, 10), "xt");
  EXPECT_EQ(text_of(object, files, 4, 10), "");
  EXPECT_EQ(text_of(object, files, 1'000, 10), "");
}

TEST_F(KeptObjectText, cannot_be_had_without_its_file) {
  KeptObject object{.text = "text"};
  object.files = {keep("file", 0)};
  files.remove(object.files[0].hash);
  EXPECT_EQ(text_of(object, files, 0, 10).error().fault, Fault::not_found);
}

}  // namespace
}  // namespace convene::io
