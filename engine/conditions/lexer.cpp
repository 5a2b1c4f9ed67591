#include "conditions/lexer.hpp"

#include <array>

namespace caveat {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_word(char c) { return is_word_start(c) || is_digit(c); }
constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::optional<unsigned> hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

void append_utf8(std::string& out, unsigned code) {
  const auto byte = [&out](unsigned value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    return byte(0x80 | (code & 0x3F));
  }
  if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    return byte(0x80 | (code & 0x3F));
  }
  byte(0xF0 | (code >> 18));
  byte(0x80 | ((code >> 12) & 0x3F));
  byte(0x80 | ((code >> 6) & 0x3F));
  byte(0x80 | (code & 0x3F));
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Tokens run() {
    if (text_.size() > kExpressionBytesMax) {
      fail(0, "the expression is longer than " + std::to_string(kExpressionBytesMax) + " bytes",
           "split it into defines");
    }
    while (!result_.error) {
      skip_blank();
      if (at_ >= text_.size() || result_.error) break;
      next();
    }
    result_.tokens.push_back(Token{TokenKind::kEnd, {}, text_.size(), text_.size()});
    return std::move(result_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void fail(std::size_t offset, std::string message, std::string help = {}) {
    if (!result_.error) result_.error = SyntaxError{offset, std::move(message), std::move(help)};
  }

  void add(TokenKind kind, std::string text, std::size_t begin) {
    result_.tokens.push_back(Token{kind, std::move(text), begin, at_});
  }

  void skip_blank() {
    while (at_ < text_.size()) {
      if (is_space(peek())) {
        ++at_;
      } else if (text_.substr(at_, 2) == "//") {
        while (at_ < text_.size() && peek() != '\n') ++at_;
      } else if (text_.substr(at_, 2) == "/*") {
        skip_comment();
      } else {
        return;
      }
    }
  }

  void skip_comment() {
    const auto end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) fail(at_, "the comment has no end", "close it with `*/`");
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
  }

  void next() {
    const char c = peek();
    if (is_word_start(c)) return word();
    if (is_digit(c)) return number();
    if (c == '@') return date_or_time();
    if (c == '\'') return quoted('\'', TokenKind::kString, "string");
    if (c == '"') return quoted('"', TokenKind::kQuotedName, "quoted name");
    if (c == '`') return quoted('`', TokenKind::kQuotedName, "quoted name");
    symbol();
  }

  void word() {
    const auto begin = at_;
    while (is_word(peek())) ++at_;
    add(TokenKind::kWord, std::string(text_.substr(begin, at_ - begin)), begin);
  }

  void number() {
    const auto begin = at_;
    TokenKind kind = TokenKind::kInteger;
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && is_digit(peek(1))) {
      kind = TokenKind::kDecimal;
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    std::string digits(text_.substr(begin, at_ - begin));
    if (digits.size() > kNumberDigitsMax) return fail(begin, "the number has more than 64 digits");
    if (kind == TokenKind::kInteger && peek() == 'L' && !is_word(peek(1))) {
      kind = TokenKind::kLong;
      ++at_;
    }
    if (is_word(peek()) && !is_word_start(peek())) return fail(begin, "the number is malformed");
    add(kind, std::move(digits), begin);
  }

  // A `-`, `:` or `.` belongs to the literal only where a digit follows, so that `@2012-04 - 1 month` stays three
  // parts.
  void date_or_time() {
    const auto begin = at_++;
    const auto start = at_;
    while (at_ < text_.size()) {
      const char c = peek();
      const bool joint = (c == '-' || c == ':' || c == '.' || c == '+') && is_digit(peek(1));
      const bool zone = c == 'Z' && text_.substr(start, at_ - start).find('T') != std::string_view::npos;
      if (!is_digit(c) && c != 'T' && !joint && !zone) break;
      ++at_;
    }
    if (at_ == start) return fail(begin, "a date or a time must follow `@`", "for example @2012-04-30 or @T10:30");
    add(TokenKind::kDateOrTime, std::string(text_.substr(start, at_ - start)), begin);
  }

  void quoted(char quote, TokenKind kind, std::string_view what) {
    const auto begin = at_++;
    std::string value;
    while (at_ < text_.size() && peek() != quote && !result_.error) {
      if (peek() == '\\') {
        escape(value);
      } else {
        value += text_[at_++];
      }
    }
    if (result_.error) return;
    if (at_ >= text_.size()) {
      return fail(begin, "the " + std::string(what) + " has no end", "close it with `" + std::string(1, quote) + "`");
    }
    ++at_;
    if (value.size() > kStringBytesMax) return fail(begin, "the " + std::string(what) + " is longer than 4096 bytes");
    if (kind == TokenKind::kQuotedName && value.empty()) return fail(begin, "the quoted name is empty");
    add(kind, std::move(value), begin);
  }

  void escape(std::string& value) {
    static constexpr std::string_view kLetters = "'\"`\\/rntf";
    static constexpr std::string_view kValues = "'\"`\\/\r\n\t\f";
    const auto begin = at_++;
    if (peek() == 'u') return unicode_escape(value, begin);
    const auto index = at_ < text_.size() ? kLetters.find(peek()) : std::string_view::npos;
    if (index == std::string_view::npos) {
      return fail(begin, "the escape `" + std::string(text_.substr(begin, 2)) + "` is unknown",
                  "the escapes are \\' \\\" \\` \\\\ \\/ \\r \\n \\t \\f and \\u with four digits");
    }
    value += kValues[index];
    ++at_;
  }

  std::optional<unsigned> four_digits() {
    unsigned code = 0;
    for (std::size_t i = 1; i <= 4; ++i) {
      const auto digit = hex_value(peek(i));
      if (!digit) return std::nullopt;
      code = code * 16 + *digit;
    }
    at_ += 5;
    return code;
  }

  void unicode_escape(std::string& value, std::size_t begin) {
    auto code = four_digits();
    if (code && *code >= 0xD800 && *code < 0xDC00 && peek() == '\\' && peek(1) == 'u') {
      ++at_;
      const auto low = four_digits();
      if (!low || *low < 0xDC00 || *low > 0xDFFF) return fail(begin, "the escape names half a character");
      code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
    }
    if (!code) return fail(begin, "`\\u` must be followed by four hexadecimal digits");
    if ((*code >= 0xD800 && *code < 0xE000) || *code == 0) return fail(begin, "the escape names no character");
    append_utf8(value, *code);
  }

  void symbol() {
    static constexpr std::array<std::string_view, 24> kSymbols = {"<=", ">=", "!=", "!~", "(", ")", "[", "]",
                                                                  "{",  "}",  ",",  ".",  ":", "=", "~", "<",
                                                                  ">",  "+",  "-",  "*",  "/", "^", "&", "|"};
    for (const auto known : kSymbols) {
      if (text_.substr(at_, known.size()) != known) continue;
      const auto begin = at_;
      at_ += known.size();
      return add(TokenKind::kSymbol, std::string(known), begin);
    }
    unexpected_character();
  }

  void unexpected_character() {
    std::size_t length = 1;
    while (at_ + length < text_.size() && (static_cast<unsigned char>(text_[at_ + length]) & 0xC0) == 0x80) ++length;
    const auto shown = std::string(text_.substr(at_, length));
    const bool control = length == 1 && static_cast<unsigned char>(shown[0]) < 0x20;
    fail(at_, control ? "a control character cannot stand here" : "`" + shown + "` cannot stand here",
         shown == "!" ? "write `not` or `!=`" : "");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Tokens result_;
};

}  // namespace

Tokens tokenize(std::string_view text) { return Lexer(text).run(); }

}  // namespace caveat
