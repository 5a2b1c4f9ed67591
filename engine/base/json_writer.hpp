// Writes JSON in the order in which it is told to, without building a tree first. Strings are escaped as RFC 8785 asks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caveat {

/// Appends `text` as a JSON string, quotes included. `text` is valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
  /// Appends to `out`, which outlives the writer. With `indent`, one element a line, two spaces a level.
  explicit JsonWriter(std::string& out, bool indent = false) : out_(out), indent_(indent) {}

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  /// `name` needs no escape: it is one of the format's own words or a fact's name.
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool truth);
  void value(std::int64_t number);
  void null();
  /// A value that is JSON already.
  void raw(std::string_view json);

  template <class T>
  void member(std::string_view name, const T& content) {
    key(name);
    value(content);
  }

 private:
  void begin(char bracket);
  void end(char bracket);
  void separate();
  void new_line();

  std::string& out_;
  bool indent_;
  bool first_ = true;  // nothing stands yet in the innermost bracket
  bool after_key_ = false;
  std::uint32_t depth_ = 0;
};

}  // namespace caveat
