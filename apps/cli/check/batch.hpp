// What a plugin is handed, as another host would lay it out: every struct and every element longer than this version's,
// as in a host of a later minor; or with values where the host shows none, to see whether the plugin looks.
#pragma once

#include "check/random.hpp"
#include "plugin_host/columns.hpp"

#include <cstddef>
#include <cstring>
#include <deque>
#include <vector>

namespace caveat::cli {

/// Copies of the host's arrays whose elements lie further apart, with bytes between them that mean nothing.
class LongerCopies {
 public:
  static constexpr std::size_t kMore = 24;  ///< bytes beyond what version 1.0 knows

  template <class T>
  static constexpr std::uint32_t stride() {
    return sizeof(T) + kMore;
  }
  /// `change` gets each copied element.
  template <class T, class Change>
  const T* array(const T* first, std::uint32_t from_stride, std::uint32_t count, Change change) {
    if (count == 0) return first;
    std::byte* to = space(std::size_t{stride<T>()} * count);
    for (std::uint32_t i = 0; i < count; ++i) {
      T element{};
      std::memcpy(&element, reinterpret_cast<const char*>(first) + std::size_t{from_stride} * i, sizeof element);
      change(element);
      std::memcpy(to + std::size_t{stride<T>()} * i, &element, sizeof element);
    }
    return reinterpret_cast<const T*>(to);
  }
  /// One struct that begins with its size.
  template <class T>
  T* one(T value) {
    std::byte* to = space(stride<T>());
    value.size = stride<T>();
    std::memcpy(to, &value, sizeof value);
    return reinterpret_cast<T*>(to);
  }

  const caveat_binding* binding(const caveat_binding& raw);
  const caveat_batch* batch(const caveat_batch& raw);

 private:
  std::byte* space(std::size_t bytes);
  caveat_names names(const caveat_names& raw);
  std::deque<std::vector<std::byte>> spaces_;
};

/// A batch in which facts that the call does not declare have values all the same.
class Overshown {
 public:
  Overshown(const Briefing& bound, Call call, const caveat_batch& raw, Random& random);
  [[nodiscard]] const caveat_batch& raw() const { return raw_; }

 private:
  struct Storage {
    std::vector<std::uint64_t> known, truth, sets;
    std::vector<std::int64_t> integers;
    std::vector<caveat_decimal> decimals;
    std::vector<std::uint32_t> choices;
  };
  static caveat_column fill(const caveat_fact& fact, const caveat_batch& batch, Storage& to, Random& random);

  caveat_batch raw_;
  std::vector<caveat_column> columns_;
  std::deque<Storage> storage_;
};

}  // namespace caveat::cli
