// Values as CQL literals.
#include "values/value.hpp"

#include <string_view>

namespace caveat {

namespace {

void write(std::string& text, const Value& value);

void write_escaped(std::string& text, std::string_view content, char quote) {
  constexpr std::string_view kHex = "0123456789abcdef";
  text += quote;
  for (const char c : content) {
    switch (c) {
      case '\n': text += "\\n"; break;
      case '\r': text += "\\r"; break;
      case '\t': text += "\\t"; break;
      case '\f': text += "\\f"; break;
      default:
        if (c == quote || c == '\\') text += '\\';
        if (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f') {
          text += c;
        } else {
          text.append("\\u00").append(1, kHex[static_cast<unsigned char>(c) >> 4]).append(1, kHex[c & 0xf]);
        }
    }
  }
  text += quote;
}

/// A name that needs no quotes. Reserved words are quoted by their own look-up in the language; a tuple may use them.
bool is_plain(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || !letter(name.front())) return false;
  for (const char c : name) {
    if (!letter(c) && (c < '0' || c > '9')) return false;
  }
  return true;
}

void write_bound(std::string& text, const std::shared_ptr<const Value>& bound) {
  if (bound) {
    write(text, *bound);
  } else {
    text += "null";
  }
}

struct Writer {
  std::string& text;

  void operator()(const Null&) const { text += "null"; }
  void operator()(const Unknown&) const { text += "unknown"; }
  void operator()(bool value) const { text += value ? "true" : "false"; }
  void operator()(std::int32_t value) const { text += std::to_string(value); }
  void operator()(std::int64_t value) const { text += std::to_string(value) + 'L'; }
  void operator()(const Decimal& value) const { text += value.to_string(); }
  void operator()(const std::string& value) const { write_escaped(text, value, '\''); }
  void operator()(const Date& value) const { text += '@' + to_string(value); }
  void operator()(const DateTime& value) const { text += '@' + to_string(value); }
  void operator()(const Time& value) const { text += "@T" + to_string(value); }
  void operator()(const Quantity& value) const { text += to_string(value); }
  void operator()(const Ratio& value) const { text += to_string(value.numerator) + ':' + to_string(value.denominator); }

  void operator()(const List& list) const {
    text += '{';
    for (std::size_t i = 0; i < list.elements.size(); ++i) {
      if (i > 0) text += ", ";
      write(text, list.elements[i]);
    }
    text += '}';
  }

  void operator()(const Tuple& tuple) const {
    text += "Tuple { ";
    if (tuple.elements.empty()) text += ":";
    for (std::size_t i = 0; i < tuple.elements.size(); ++i) {
      const auto& [name, value] = tuple.elements[i];
      if (i > 0) text += ", ";
      if (is_plain(name)) {
        text += name;
      } else {
        write_escaped(text, name, '"');
      }
      text += ": ";
      write(text, value);
    }
    text += " }";
  }

  void operator()(const Interval& interval) const {
    text += interval.low_closed ? "Interval[" : "Interval(";
    write_bound(text, interval.low);
    text += ", ";
    write_bound(text, interval.high);
    text += interval.high_closed ? ']' : ')';
  }
};

void write(std::string& text, const Value& value) { std::visit(Writer{text}, value.variant()); }

}  // namespace

std::string to_literal(const Value& value) {
  std::string text;
  write(text, value);
  return text;
}

}  // namespace caveat
