#include <algorithm>

#include "base/text.h"
#include "trace/ladder.h"

namespace convene::trace {
namespace {

constexpr std::size_t time_width = 11;

// One code point to a column; what is no UTF-8 one octet to a column.
std::u32string columns_of(std::string_view text) {
  std::u32string columns;
  const bool is_text = is_utf8(text);
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (!is_text) {
      columns += octet < 0x80 ? static_cast<char32_t>(octet) : U'?';
    } else if ((octet & 0xC0) != 0x80) {
      columns += octet < 0x80   ? octet
                 : octet < 0xE0 ? octet & 0x1Fu
                 : octet < 0xF0 ? octet & 0x0Fu
                                : octet & 0x07u;
    } else {
      columns.back() = (columns.back() << 6) | (octet & 0x3Fu);
    }
  }
  return columns;
}

void append_utf8(std::string& text, char32_t c) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    text += static_cast<char>(0xE0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::u32string shortened(std::u32string text, std::size_t width) {
  if (text.size() > width) {
    text.resize(width == 0 ? 0 : width - 1);
    if (width > 0) text += U'…';
  }
  return text;
}

// A line of the picture, into which texts are written over the lifelines.
class Line {
 public:
  Line(std::size_t participants, std::size_t width)
      : columns_(time_width + participants * width, U' ') {
    for (std::size_t i = 0; i < participants; ++i)
      columns_[time_width + i * width + width / 2] = U'│';
  }

  void write(std::size_t at, const std::u32string& text) {
    if (at >= columns_.size()) return;
    const auto part = shortened(text, columns_.size() - at);
    std::ranges::copy(part, columns_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void fill(std::size_t from, std::size_t to, char32_t with) {
    std::fill(columns_.begin() + static_cast<std::ptrdiff_t>(from),
              columns_.begin() + static_cast<std::ptrdiff_t>(to), with);
  }

  std::string text() const {
    std::string text;
    const auto end = columns_.find_last_not_of(U' ');
    for (std::size_t i = 0; i <= end && i < columns_.size(); ++i) append_utf8(text, columns_[i]);
    return text + "\n";
  }

 private:
  std::u32string columns_;
};

// "│── INVITE bob ──▶│": from the lifeline of one to that of the other.
void draw(Line& line, const Arrow& arrow, std::size_t width) {
  const auto left = time_width + std::min(arrow.from, arrow.to) * width + width / 2;
  const auto right = time_width + std::max(arrow.from, arrow.to) * width + width / 2;
  if (left == right) {
    line.write(left + 2, columns_of(arrow.title));
    return;
  }
  const char32_t stroke = arrow.kind == Arrow::Kind::message   ? U'═'
                          : arrow.kind == Arrow::Kind::request ? U'─'
                                                               : U'╌';
  line.fill(left + 1, right, stroke);
  line.write(left + 3, shortened(columns_of(" " + arrow.title + " "), right - left - 5));
  if (arrow.from < arrow.to) {
    line.write(right - 1, U"▶");
  } else {
    line.write(left + 1, U"◀");
  }
}

}  // namespace

std::string to_text(const Ladder& ladder) {
  const auto count = ladder.participants.size();
  if (count == 0) return "nothing to draw\n";
  const std::size_t width = std::clamp<std::size_t>(150 / count, 30, 46);

  Line names{0, width};
  names = Line{count, width};
  names.fill(0, time_width + count * width, U' ');
  for (std::size_t i = 0; i < count; ++i) {
    const auto name = shortened(columns_of(printable(ladder.participants[i])), width - 2);
    names.write(time_width + i * width + width / 2 - name.size() / 2, name);
  }

  std::string text = names.text();
  for (const auto& arrow : ladder.arrows) {
    Line line{count, width};
    line.write(0, columns_of(seconds_text(ladder, arrow)));
    draw(line, arrow, width);
    text += line.text();
    for (const auto& note : arrow.notes) {
      Line below{count, width};
      below.write(time_width + std::min(arrow.from, arrow.to) * width + width / 2 + 4,
                  columns_of(note));
      text += below.text();
    }
  }
  return text;
}

}  // namespace convene::trace
