#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "trace/ladder.h"

namespace convene::trace {
namespace {

// All lengths in pixels.
constexpr int time_column = 96;
constexpr int column = 250;
constexpr int head_height = 76;
constexpr int title_height = 22;
constexpr int note_height = 15;
constexpr int gap = 14;
constexpr int foot = 54;
constexpr int note_character = 6;  // a little more than the mean
constexpr int title_character = 7;
constexpr std::size_t most_lines = 5;  // of one note

constexpr std::string_view style = R"(<style>
text{font-family:"Inter","Segoe UI","DejaVu Sans",Arial,sans-serif;font-size:11px;fill:#475569}
.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.title{font-size:12px;font-weight:600}
.name{font-size:13px;font-weight:700;fill:#fff;text-anchor:middle}
.time{text-anchor:end;fill:#94a3b8;font-variant-numeric:tabular-nums}
.mid{text-anchor:middle}
.life{stroke:#cbd5e1;stroke-width:1.5}
.request{stroke:#1d4ed8;fill:#1d4ed8}.response{stroke:#64748b;fill:#64748b}
.failure{stroke:#b91c1c;fill:#b91c1c}.message{stroke:#047857;fill:#047857}
text.request,text.response,text.failure,text.message{stroke:#fff}
line.request,line.message,line.failure{stroke-width:1.8}
line.response{stroke-width:1.4;stroke-dasharray:6 4}
line.bulk{stroke-width:5}
</style>
)";

std::string_view class_of(Arrow::Kind kind) {
  switch (kind) {
    case Arrow::Kind::request: return "request";
    case Arrow::Kind::response: return "response";
    case Arrow::Kind::failure: return "failure";
    case Arrow::Kind::message: return "message";
  }
  return "";
}

// A peer's words as XML text: nothing of them can end the text or be no XML at all.
std::string escaped(std::string_view text) {
  const bool is_text = is_utf8(text);
  std::string result;
  for (const char c : printable(text)) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (!is_text && static_cast<unsigned char>(c) >= 0x80)
      result += '?';
    else
      result += c;
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (text.size() <= width) return std::string{text};
  auto size = width > 1 ? width - 1 : 0;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return std::string{text.substr(0, size)} + "…";
}

// The words of a note on as many lines as they need.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines{""};
  for (const auto word : split(text, ' ')) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
      if (lines.size() == most_lines) {
        lines.back() += " …";
        break;
      }
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + shortened(word, width);
  }
  return lines;
}

class Picture {
 public:
  explicit Picture(const Ladder& ladder) : ladder_{ladder} {}

  std::string draw() {
    for (const auto& arrow : ladder_.arrows) draw(arrow);
    const auto width = time_column + static_cast<int>(ladder_.participants.size()) * column + 20;
    const auto height = y_ + foot;

    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) +
                      "\" height=\"" + number(height) + "\" viewBox=\"0 0 " + number(width) + " " +
                      number(height) + "\">\n";
    svg += style;
    svg += "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
    for (std::size_t i = 0; i < ladder_.participants.size(); ++i) svg += lifeline(i);
    svg += body_ + legend(height - 18) + "</svg>\n";
    return svg;
  }

 private:
  static std::string number(int value) { return std::to_string(value); }

  static int x_of(std::size_t participant) {
    return time_column + static_cast<int>(participant) * column + column / 2;
  }

  std::string lifeline(std::size_t participant) const {
    const int x = x_of(participant);
    const std::string name = escaped(shortened(ladder_.participants[participant], 26));
    return "<line class=\"life\" x1=\"" + number(x) + "\" y1=\"44\" x2=\"" + number(x) +
           "\" y2=\"" + number(y_ + 8) + "\"/><rect x=\"" + number(x - 84) +
           "\" y=\"16\" width=\"168\" height=\"30\" rx=\"8\" fill=\"#334155\"/>" +
           "<text class=\"name\" x=\"" + number(x) + "\" y=\"36\">" + name + "</text>\n";
  }

  void draw(const Arrow& arrow) {
    const int from = x_of(arrow.from);
    const int to = arrow.from == arrow.to ? from + 60 : x_of(arrow.to);
    const int middle = (from + to) / 2;
    const int span = std::max(std::abs(to - from), column) - 24;
    const std::string kind{class_of(arrow.kind)};

    y_ += title_height;
    body_ += "<g><title>" + escaped(tooltip(arrow)) + "</title>";
    body_ += text("time", time_column - 14, y_ + 4, seconds_text(ladder_, arrow) + " s");
    body_ += text("halo title mid " + kind, middle, y_ - 6,
                  shortened(arrow.title, static_cast<std::size_t>(span / title_character)));
    body_ += stroke(arrow, kind, from, to);
    for (const auto& note : arrow.notes) {
      for (const auto& line : wrapped(note, static_cast<std::size_t>(span / note_character))) {
        y_ += note_height;
        body_ += text("halo mid", middle, y_, line);
      }
    }
    body_ += "</g>\n";
    y_ += gap;
  }

  std::string stroke(const Arrow& arrow, const std::string& kind, int from, int to) const {
    const int back = to > from ? -9 : 9;
    const bool is_bulk = arrow.took.count() > 0;
    return "<line class=\"" + kind + (is_bulk ? " bulk" : "") + "\" x1=\"" + number(from) +
           "\" y1=\"" + number(y_) + "\" x2=\"" + number(to + back) + "\" y2=\"" + number(y_) +
           "\"/><path class=\"" + kind + "\" stroke-width=\"1\" d=\"M" + number(to) + " " +
           number(y_) + "l" + number(back) + " -5v10z\"/>";
  }

  static std::string text(std::string_view kind, int x, int y, std::string_view what) {
    return "<text class=\"" + std::string{kind} + "\" x=\"" + number(x) + "\" y=\"" + number(y) +
           "\">" + escaped(what) + "</text>";
  }

  static std::string tooltip(const Arrow& arrow) {
    std::string text = to_rfc3339(arrow.time) + "  " + arrow.title;
    if (!arrow.call_id.empty()) text += "  Call-ID " + arrow.call_id;
    if (!arrow.conversation.empty()) text += "  Conversation-ID " + arrow.conversation;
    return text;
  }

  static std::string legend(int y) {
    std::string svg;
    int x = time_column;
    for (const auto& [kind, meaning] :
         std::to_array<std::pair<std::string, std::string>>({{"request", "SIP request"},
                                                             {"response", "SIP response"},
                                                             {"message", "MSRP"},
                                                             {"failure", "refused or failed"}})) {
      svg += "<line class=\"" + kind + "\" x1=\"" + number(x) + "\" y1=\"" + number(y - 4) +
             "\" x2=\"" + number(x + 28) + "\" y2=\"" + number(y - 4) + "\"/>" +
             text("", x + 36, y, meaning);
      x += 150;
    }
    return svg + "\n";
  }

  const Ladder& ladder_;
  std::string body_;
  int y_ = head_height;
};

}  // namespace

std::string to_svg(const Ladder& ladder) { return Picture{ladder}.draw(); }

}  // namespace convene::trace
