// Writes JSON in the order in which it is told to, without building a tree first. Strings are escaped as RFC 8785 asks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace caveat {

/// Appends `text` as a JSON string, quotes included. `text` is valid UTF-8.
void append_json_string(std::string& out, std::string_view text);

/// Most of an evaluation's rendering is spent here, so it writes into its text's own memory and says how long the text
/// is only when the outermost value ends.
class JsonWriter {
 public:
  /// Appends to `out`, which outlives the writer and is nobody else's until the outermost value is closed; only then is
  /// it whole. With `indent`, one element a line, two spaces a level.
  explicit JsonWriter(std::string& out, bool indent = false) : out_(out), size_(out.size()), indent_(indent) {}

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

  /// `name` needs no escape: it is one of the format's own words or a fact's name.
  void key(std::string_view name) {
    char* to = start(name.size() + kAroundKey);
    *to++ = '"';
    std::memcpy(to, name.data(), name.size());
    close_key(to + name.size());
  }
  template <std::size_t kSize>
  void key(const char (&name)[kSize]) {  // its length is known when this is compiled
    char* to = start(kSize - 1 + kAroundKey);
    *to++ = '"';
    std::memcpy(to, name, kSize - 1);
    close_key(to + kSize - 1);
  }

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool truth);
  void value(std::int64_t number);
  void null();
  /// A value that is JSON already.
  void raw(std::string_view json);

  template <class Name, class T>
  void member(const Name& name, const T& content) {
    key(name);
    value(content);
  }

 private:
  static constexpr std::size_t kAroundKey = 4;  // quotes, colon, a space when indented

  void begin(char bracket);
  void end(char bracket);
  void grow(std::size_t more);
  void new_line();
  void finish();

  /// Separates the next thing from what stands before it. Where to write it: `most` bytes at the most.
  char* start(std::size_t most) {
    if (after_key_) {
      after_key_ = false;
      return room(most);
    }
    if (depth_ == 0) return room(most);
    char* to = room(most + 1);
    if (!first_) {
      *to = ',';
      ++size_;
    }
    first_ = false;
    if (indent_) new_line();
    return room(most);
  }

  char* room(std::size_t most) {
    if (out_.size() - size_ < most) grow(most);
    return out_.data() + size_;
  }
  /// What was written ends here.
  void stop(const char* at) {
    size_ = static_cast<std::size_t>(at - out_.data());
    if (depth_ == 0) finish();
  }
  void close_key(char* to) {
    *to++ = '"';
    *to++ = ':';
    if (indent_) *to++ = ' ';
    size_ = static_cast<std::size_t>(to - out_.data());
    after_key_ = true;
  }

  std::string& out_;
  std::size_t size_;  // of what is written; out_ is longer while a value is open
  bool indent_;
  bool first_ = true;  // nothing stands yet in the innermost bracket
  bool after_key_ = false;
  std::uint32_t depth_ = 0;
};

}  // namespace caveat
