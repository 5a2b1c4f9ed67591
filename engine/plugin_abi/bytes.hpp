// Bytes in shared memory, written once and read once: numbers as the machine has them (both ends are on it), texts with
// their length, arrays at their alignment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace caveat::wire {

/// Writes into memory of a fixed size. What does not fit is counted and not written, so that writing into nothing
/// measures.
class Writer {
 public:
  explicit Writer(std::span<std::byte> into) : into_(into) {}

  void bytes(const void* from, std::size_t size) {
    if (size <= into_.size() && at_ <= into_.size() - size && size > 0) std::memcpy(into_.data() + at_, from, size);
    at_ += size;
  }
  template <class T>
  void value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes(&value, sizeof value);
  }
  void text(std::string_view text) {
    value(std::uint64_t{text.size()});
    bytes(text.data(), text.size());
  }
  /// `count` elements at their alignment; the reader gets them where they are.
  template <class T>
  void array(const T* first, std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    align(alignof(T));
    bytes(first, count * sizeof(T));
  }
  void align(std::size_t to) { at_ = (at_ + to - 1) / to * to; }

  [[nodiscard]] std::size_t size() const { return at_; }
  [[nodiscard]] bool fits() const { return at_ <= into_.size(); }
  /// Takes back what was written after `size`.
  void cut(std::size_t size) { at_ = size; }

 private:
  std::span<std::byte> into_;
  std::size_t at_ = 0;
};

/// Reads what a Writer wrote. The bytes may be hostile: reading past their end gives zeros and empty texts, and ok() is
/// false from then on.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> from) : from_(from) {}

  template <class T>
  T value() {
    static_assert(std::is_trivially_copyable_v<T>);
    T out{};
    if (const std::byte* at = take(sizeof out)) std::memcpy(&out, at, sizeof out);
    return out;
  }
  std::string_view text() {
    const auto size = value<std::uint64_t>();
    const std::byte* at = take(size);
    return at == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(at), size);
  }
  /// Null when they are not all there.
  template <class T>
  const T* array(std::uint64_t count) {
    align(alignof(T));
    if (count > from_.size() / sizeof(T)) {
      ok_ = false;
      return nullptr;
    }
    return reinterpret_cast<const T*>(take(count * sizeof(T)));
  }
  void align(std::size_t to) { static_cast<void>(take((to - at_ % to) % to)); }
  /// The reader found something that a Writer does not write.
  void refuse() { ok_ = false; }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == from_.size(); }

 private:
  const std::byte* take(std::uint64_t size) {
    if (!ok_ || size > from_.size() - at_) {
      ok_ = false;
      return nullptr;
    }
    const std::byte* found = from_.data() + at_;
    at_ += size;
    return found;
  }

  std::span<const std::byte> from_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace caveat::wire
