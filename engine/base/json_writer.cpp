#include "base/json_writer.hpp"

#include <algorithm>
#include <charconv>

namespace caveat {

namespace {

constexpr std::size_t kEscapeMax = 6;  // `\u001f`
constexpr std::size_t kStep = 16;

char* put_escaped(char* to, unsigned char c) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  const auto two = [&](char second) {
    *to++ = '\\';
    *to++ = second;
    return to;
  };
  switch (c) {
    case '"': return two('"');
    case '\\': return two('\\');
    case '\b': return two('b');
    case '\f': return two('f');
    case '\n': return two('n');
    case '\r': return two('r');
    case '\t': return two('t');
    default: break;
  }
  std::memcpy(to, "\\u00", 4);
  to[4] = kHex[c >> 4U];
  to[5] = kHex[c & 15U];
  return to + kEscapeMax;
}

constexpr bool needs_escape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; }

// A vector of the compiler's own: one instruction a step where the machine has such, several where it has not.
using Bytes = unsigned char __attribute__((vector_size(kStep)));
using Words = std::uint64_t __attribute__((vector_size(kStep)));

/// Copies sixteen bytes; whether none of them needs an escape.
bool copy_plain(char* to, const char* from) {
  Bytes bytes;
  std::memcpy(&bytes, from, kStep);
  std::memcpy(to, &bytes, kStep);
  const auto found = reinterpret_cast<Words>((bytes < 0x20) | (bytes == '"') | (bytes == '\\'));
  return (found[0] | found[1]) == 0;
}

/// Writes `text` with its quotes; there is room for quoted_max() bytes. Where it ends.
char* put_quoted(char* to, std::string_view text) {
  *to++ = '"';
  const char* from = text.data();
  const char* const end = from + text.size();
  while (from != end) {
    // INVARIANT: what is copied too far is written over, and quoted_max() counts it.
    while (end - from >= static_cast<std::ptrdiff_t>(kStep) && copy_plain(to, from)) {
      from += kStep;
      to += kStep;
    }
    const char* const stop = end - from < static_cast<std::ptrdiff_t>(kStep) ? end : from + kStep;
    for (; from != stop; ++from) {
      const auto c = static_cast<unsigned char>(*from);
      if (needs_escape(c))
        to = put_escaped(to, c);
      else
        *to++ = *from;
    }
  }
  *to++ = '"';
  return to;
}

constexpr std::size_t quoted_max(std::size_t size) { return size * kEscapeMax + 2; }

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  out.resize(before + quoted_max(text.size()));
  const char* end = put_quoted(out.data() + before, text);
  out.resize(static_cast<std::size_t>(end - out.data()));
}

void JsonWriter::value(std::string_view text) { stop(put_quoted(start(quoted_max(text.size())), text)); }

void JsonWriter::value(bool truth) {
  const std::string_view word = truth ? "true" : "false";
  char* to = start(word.size());
  std::memcpy(to, word.data(), word.size());
  stop(to + word.size());
}

void JsonWriter::value(std::int64_t number) {
  constexpr std::size_t kDigitsMax = 20;
  char* to = start(kDigitsMax);
  stop(std::to_chars(to, to + kDigitsMax, number).ptr);
}

void JsonWriter::null() {
  char* to = start(4);
  std::memcpy(to, "null", 4);
  stop(to + 4);
}

void JsonWriter::raw(std::string_view json) {
  char* to = start(json.size());
  std::memcpy(to, json.data(), json.size());
  stop(to + json.size());
}

void JsonWriter::begin(char bracket) {
  *start(1) = bracket;
  ++size_;
  first_ = true;
  ++depth_;
}

void JsonWriter::end(char bracket) {
  --depth_;
  if (!first_ && indent_) new_line();
  char* to = room(1);
  *to = bracket;
  first_ = false;
  stop(to + 1);
}

void JsonWriter::new_line() {
  const std::size_t spaces = std::size_t{2} * depth_;
  char* to = room(spaces + 1);
  *to = '\n';
  std::fill_n(to + 1, spaces, ' ');
  size_ += spaces + 1;
}

void JsonWriter::grow(std::size_t more) {
  constexpr std::size_t kFirst = 4096;
  out_.resize(std::max({size_ + more, 2 * out_.size(), kFirst}));
}

void JsonWriter::finish() { out_.resize(size_); }

}  // namespace caveat
