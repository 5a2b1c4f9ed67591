#include "base/text_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

namespace caveat {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;

Diagnostic unreadable(const std::string& file, const std::string& why, std::string help) {
  return {DiagnosticLevel::kError, "unreadable", {file, 0, 0}, "cannot be read: " + why, std::move(help)};
}

Diagnostic unreadable(const std::string& file, int error) {
  switch (error) {
    case ENOENT: return unreadable(file, "there is no such file", "check the path; `-` reads standard input");
    case EACCES: return unreadable(file, "permission denied", "check the file's permissions");
    case EISDIR: return unreadable(file, "it is a folder", "name a file inside it");
    default: return unreadable(file, std::generic_category().message(error), {});
  }
}

Diagnostic too_large(const std::string& file, const TextLimits& limits) {
  return {DiagnosticLevel::kError, "too-large", {file, 0, 0},
          "holds more than " + std::to_string(limits.bytes_max) + " bytes",
          "split it, or raise the limit on its size"};
}

// Exhausting memory on a huge `bytes_max` is the caller's wish, but nothing is set aside for it beforehand.
std::size_t first_reservation(const std::filesystem::path& path, const TextLimits& limits) {
  constexpr std::size_t kReservedMax = std::size_t{32} << 20;
  std::error_code error;
  const auto size = path == "-" ? 0 : std::filesystem::file_size(path, error);
  const std::size_t wanted = error || size == 0 ? limits.bytes_max : static_cast<std::size_t>(size);
  return std::min({wanted, limits.bytes_max, kReservedMax}) + 1;
}

Result<std::string> read_all(std::FILE* file, const std::filesystem::path& path, const TextLimits& limits,
                             ErrorKind kind) {
  constexpr std::size_t kChunk = 64 * 1024;
  std::string out;
  out.reserve(first_reservation(path, limits));
  std::vector<char> chunk(kChunk);
  while (out.size() <= limits.bytes_max) {
    const std::size_t room = limits.bytes_max + 1 - out.size();
    errno = 0;
    const std::size_t got = std::fread(chunk.data(), 1, std::min(kChunk, room), file);
    if (got == 0) {
      if (std::ferror(file) != 0) return fail(kind, unreadable(path.string(), errno));
      return out;
    }
    out.append(chunk.data(), got);
  }
  return fail(kind, too_large(path.string(), limits));
}

// The length of the well-formed UTF-8 sequence at `at`, or 0. Overlong forms, surrogates and values past U+10FFFF are
// not well-formed (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(at);
  const unsigned second = byte(at + 1);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return tail(at + 1) ? 2 : 0;
  if (lead < 0xF0) {
    const bool fits = !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second > 0x9F);
    return fits && tail(at + 1) && tail(at + 2) ? 3 : 0;
  }
  const bool fits = !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second > 0x8F);
  return fits && tail(at + 1) && tail(at + 2) && tail(at + 3) ? 4 : 0;
}

bool eight_plain_bytes(std::string_view text, std::size_t at) {
  if (at + 8 > text.size()) return false;
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + at, sizeof word);
  return (word & 0x8080808080808080ULL) == 0;
}

std::size_t first_malformed(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (eight_plain_bytes(text, at)) {
      at += 8;
      continue;
    }
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

bool continues_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

Result<std::string> read_text(const std::filesystem::path& path, const TextLimits& limits, ErrorKind kind) {
  if (path == "-") return read_all(stdin, path, limits, kind);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return fail(kind, unreadable(path.string(), EISDIR));
  if (std::filesystem::is_regular_file(path, ignored)) {
    const auto size = std::filesystem::file_size(path, ignored);
    if (!ignored && size > limits.bytes_max) return fail(kind, too_large(path.string(), limits));
  }
  const FileHandle file(std::fopen(path.c_str(), "rb"));
  if (!file) return fail(kind, unreadable(path.string(), errno));
  return read_all(file.get(), path, limits, kind);
}

Result<void> check_text(std::string_view text, const std::string& file, ErrorKind kind) {
  const std::size_t nul = text.find('\0');
  const std::size_t malformed = first_malformed(text.substr(0, nul));
  if (malformed != std::string_view::npos) {
    return fail(kind, Diagnostic{DiagnosticLevel::kError, "not-utf8", LineIndex(text).place(malformed, file),
                                 "this is not UTF-8 text", "save the file in the encoding UTF-8"});
  }
  if (nul != std::string_view::npos) {
    return fail(kind, Diagnostic{DiagnosticLevel::kError, "nul-byte", LineIndex(text).place(nul, file),
                                 "the text holds a NUL byte", "remove it; this may not be a text file"});
  }
  return {};
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

LineIndex::LineIndex(std::string_view text) : text_(text) {
  marks_.reserve(text.size() / kStride + 1);
  marks_.push_back({});
  for (std::size_t at = kStride; at < text.size(); at += kStride) {
    Mark mark = marks_.back();
    std::size_t offset = at - kStride;
    // A mark counts every code point that starts before its offset.
    for (; offset < at; ++offset) advance(mark, offset);
    marks_.push_back(mark);
  }
}

void LineIndex::advance(Mark& mark, std::size_t offset) const {
  const char c = text_[offset];
  if (c == '\n') {
    ++mark.line;
    mark.column = 1;
  } else if (!continues_code_point(c)) {
    ++mark.column;
  }
}

Place LineIndex::place(std::size_t offset, const std::string& file) const {
  offset = std::min(offset, text_.size());
  while (offset > 0 && offset < text_.size() && continues_code_point(text_[offset])) --offset;
  const std::size_t index = std::min(offset / kStride, marks_.size() - 1);
  Mark mark = marks_[index];
  for (std::size_t at = index * kStride; at < offset; ++at) advance(mark, at);
  return {file, mark.line, mark.column};
}

std::size_t LineIndex::offset(std::uint32_t line, std::uint32_t column) const {
  const auto before = [](const Mark& mark, const Mark& wanted) {
    return mark.line != wanted.line ? mark.line < wanted.line : mark.column < wanted.column;
  };
  const Mark wanted{std::max(line, 1U), std::max(column, 1U)};
  const auto found = std::lower_bound(marks_.begin(), marks_.end(), wanted, before);
  const std::size_t index = found == marks_.begin() ? 0 : static_cast<std::size_t>(found - marks_.begin()) - 1;
  Mark mark = marks_[index];
  std::size_t at = index * kStride;
  while (at < text_.size() && before(mark, wanted)) {
    if (mark.line == wanted.line && text_[at] == '\n') return at;
    advance(mark, at++);
  }
  while (at < text_.size() && continues_code_point(text_[at])) ++at;
  return at;
}

}  // namespace caveat
