// What a text would cost a parser, found without building anything: how deep it nests, how many keys and elements it
// holds, how long its longest string is. The scans know just enough of each notation to tell strings and comments from
// structure. They accept everything else: syntax is the parser's affair. INVARIANT: up to a text's first syntax error a
// scan sees at least as much nesting and at least as many entries as the parser will build.
#include "base/text_file.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace caveat {

namespace {

struct Excess {
  std::string_view code;
  std::size_t offset = 0;
};

// Counts against the limits; the first excess is kept and stops the scan.
class Budget {
 public:
  explicit Budget(const TextLimits& limits) : limits_(limits), tokens_max_(8 * limits.entries_max + 64) {}

  void entry(std::size_t offset) { exceed_if(++entries_ > limits_.entries_max, "too-many-entries", offset); }
  // Adjacent tokens without a separator are a syntax error, but a tokenizer may store them all before it says so.
  void token(std::size_t offset) { exceed_if(++tokens_ > tokens_max_, "too-many-entries", offset); }
  void depth(std::size_t depth, std::size_t offset) { exceed_if(depth > limits_.depth_max, "too-deep", offset); }
  void string(std::size_t length, std::size_t offset) {
    exceed_if(length > limits_.string_max, "string-too-long", offset);
  }
  [[nodiscard]] bool exceeded() const { return !excess_.code.empty(); }
  [[nodiscard]] const Excess& excess() const { return excess_; }

 private:
  void exceed_if(bool is_over, std::string_view code, std::size_t offset) {
    if (is_over && !exceeded()) excess_ = {code, offset};
  }

  const TextLimits& limits_;
  std::size_t tokens_max_;
  std::size_t entries_ = 0;
  std::size_t tokens_ = 0;
  Excess excess_;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// ---- JSON

class JsonScan {
 public:
  JsonScan(std::string_view text, Budget& budget) : text_(text), budget_(budget) {}

  void run() {
    while (at_ < text_.size() && !budget_.exceeded()) step();
  }

 private:
  void step() {
    const char c = text_[at_];
    if (is_space(c)) {
      ++at_;
      return;
    }
    budget_.token(at_);
    switch (c) {
      case '"': return skip_string();
      case '{':
      case '[':
        budget_.depth(++depth_, at_);
        budget_.entry(at_);
        break;
      case '}':
      case ']':
        if (depth_ > 0) --depth_;
        break;
      case ',': budget_.entry(at_); break;
      case ':': break;
      default: return skip_word();
    }
    ++at_;
  }

  void skip_string() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    budget_.string(at_ - start, start);
    ++at_;
  }

  void skip_word() {
    const std::size_t start = at_;
    constexpr std::string_view kEnds = " \t\r\n\"{}[],:";
    at_ = std::min(text_.find_first_of(kEnds, at_ + 1), text_.size());
    budget_.string(at_ - start, start);
  }

  std::string_view text_;
  Budget& budget_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
};

// ---- TOML

class TomlScan {
 public:
  TomlScan(std::string_view text, Budget& budget) : text_(text), budget_(budget) {}

  void run() {
    while (more()) statement();
  }

 private:
  struct Container {
    bool table = false;
    std::size_t dots = 0;  // nesting that the current dotted key adds
  };

  [[nodiscard]] bool more() const { return at_ < text_.size() && !budget_.exceeded(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  [[nodiscard]] std::size_t depth() const {
    std::size_t sum = header_depth_ + key_dots_;
    for (const Container& container : open_) sum += 1 + container.dots;
    return sum;
  }

  void statement() {
    const char c = peek();
    if (is_space(c)) {
      ++at_;
    } else if (c == '#') {
      skip_line();
    } else if (c == '[') {
      header();
    } else {
      open_.clear();
      key_dots_ = 0;
      budget_.entry(at_);
      key();
      value();
    }
  }

  void skip_line() {
    at_ = std::min(text_.find('\n', at_), text_.size());
  }

  // `[a.b]`, `[[a.b]]`. More brackets than two are a syntax error; counting them costs nothing and names the cause.
  void header() {
    header_depth_ = 0;
    key_dots_ = 0;
    open_.clear();
    std::size_t brackets = 0;
    for (; more() && peek() == '['; ++at_) budget_.depth(++brackets, at_);
    header_depth_ = brackets;
    while (more() && peek() != ']' && peek() != '\n') {
      if (peek() == '.') deepen(header_depth_);
      if (peek() == '"' || peek() == '\'') {
        skip_string();
      } else {
        skip_key_word();
      }
    }
    budget_.entry(std::min(at_, text_.size()));
    skip_line();
  }

  // A key up to and with its `=`.
  void key() {
    while (more() && peek() != '=' && peek() != '\n') {
      if (peek() == '.') deepen(open_.empty() ? key_dots_ : open_.back().dots);
      if (peek() == '"' || peek() == '\'') {
        skip_string();
      } else if (!open_.empty() && (peek() == '}' || peek() == ',')) {
        return;  // `{}`, or a slip that the parser reports
      } else {
        skip_key_word();
      }
    }
    if (more() && peek() == '=') ++at_;
  }

  void deepen(std::size_t& counter) {
    ++counter;
    budget_.depth(depth(), at_);
    budget_.entry(at_);
  }

  // A value up to the end of its line, or of the bracket that it opened.
  void value() {
    while (more() && !(open_.empty() && peek() == '\n')) value_step();
  }

  void value_step() {
    switch (peek()) {
      case '"':
      case '\'': return skip_string();
      case '#': return skip_line();
      case '[': return open(false);
      case '{':
        open(true);
        return key();
      case ',': return next_element();
      case ']':
      case '}':
        if (!open_.empty()) open_.pop_back();
        ++at_;
        return;
      default: return skip_value_word();
    }
  }

  void open(bool table) {
    budget_.depth(depth() + 1, at_);
    budget_.entry(at_);
    if (!budget_.exceeded()) open_.push_back({table, 0});
    ++at_;
  }

  void next_element() {
    budget_.entry(at_++);
    if (open_.empty() || !open_.back().table) return;
    open_.back().dots = 0;
    key();
  }

  void skip_key_word() {
    const std::size_t start = at_++;
    constexpr std::string_view kEnds = " \t\r\n.=[]{},\"'#";
    at_ = std::min(text_.find_first_of(kEnds, at_), text_.size());
    budget_.string(at_ - start, start);
  }

  void skip_value_word() {
    const std::size_t start = at_++;
    constexpr std::string_view kEnds = " \t\r\n[]{},\"'#";
    at_ = std::min(text_.find_first_of(kEnds, at_), text_.size());
    budget_.string(at_ - start, start);
  }

  void skip_string() {
    const std::size_t start = at_;
    const char quote = peek();
    const bool triple = text_.substr(at_, 3) == std::string(3, quote);
    at_ += triple ? 3 : 1;
    if (triple) {
      skip_to_triple(quote);
    } else {
      skip_to_quote(quote);
    }
    budget_.string(at_ - start, start);
  }

  void skip_to_quote(char quote) {
    while (at_ < text_.size() && peek() != quote && peek() != '\n') at_ += quote == '"' && peek() == '\\' ? 2U : 1U;
    at_ = std::min(at_, text_.size());
    if (at_ < text_.size() && peek() == quote) ++at_;
  }

  void skip_to_triple(char quote) {
    const std::string end(3, quote);
    while (at_ < text_.size() && text_.substr(at_, 3) != end) at_ += quote == '"' && peek() == '\\' ? 2U : 1U;
    at_ = std::min(at_ + 3, text_.size());
    for (int extra = 0; extra < 2 && at_ < text_.size() && peek() == quote; ++extra) ++at_;
  }

  std::string_view text_;
  Budget& budget_;
  std::size_t at_ = 0;
  std::size_t header_depth_ = 0;
  std::size_t key_dots_ = 0;
  std::vector<Container> open_;
};

Diagnostic describe(const Excess& excess, std::string_view text, const std::string& file, const TextLimits& limits) {
  Diagnostic out{DiagnosticLevel::kError, std::string(excess.code), LineIndex(text).place(excess.offset, file), {}, {}};
  if (excess.code == "too-deep") {
    out.message = "nests deeper than " + std::to_string(limits.depth_max) + " levels";
    out.help = "flatten it: nothing that Caveat reads nests this deep";
  } else if (excess.code == "string-too-long") {
    out.message = "a string or word longer than " + std::to_string(limits.string_max) + " bytes";
    out.help = "shorten it; a quote that never closes also reads as one long string";
  } else {
    out.message = "holds more than " + std::to_string(limits.entries_max) + " keys and elements";
    out.help = "split it into smaller files";
  }
  return out;
}

}  // namespace

Result<void> check_bounds(std::string_view text, Notation notation, const std::string& file, const TextLimits& limits,
                          ErrorKind kind) {
  if (text.size() > limits.bytes_max) {
    return fail(kind, Diagnostic{DiagnosticLevel::kError, "too-large", {file, 0, 0},
                                 "holds more than " + std::to_string(limits.bytes_max) + " bytes",
                                 "split it, or raise the limit on its size"});
  }
  Budget budget(limits);
  if (notation == Notation::kJson) {
    JsonScan(text, budget).run();
  } else {
    TomlScan(text, budget).run();
  }
  if (budget.exceeded()) return fail(kind, describe(budget.excess(), text, file, limits));
  return {};
}

}  // namespace caveat
