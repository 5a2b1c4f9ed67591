// What minisign's files consist of: lines, base64, and what a signature is over. Internal to trust.
#pragma once

#include "trust/minisign.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

inline constexpr std::string_view kUntrusted = "untrusted comment: ";

/// Without their ends, which may be CR LF; the last need not have one.
std::vector<std::string_view> lines_of(std::string_view text);

std::string to_base64(std::string_view bytes);
/// Exactly `size` bytes, or nothing.
std::optional<std::string> from_base64(std::string_view text, std::size_t size);

template <std::size_t size>
void append_bytes(std::string& out, const std::array<unsigned char, size>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

/// Fills `out` from `bytes` at `offset`; they reach that far.
template <std::size_t size>
void take_bytes(std::string_view bytes, std::size_t offset, std::array<unsigned char, size>& out) {
  std::copy_n(bytes.data() + offset, size, reinterpret_cast<char*>(out.data()));
}

/// What an Ed25519 signature of a message is over: the message, or its BLAKE2b-512.
std::string signed_text(bool hashed, std::string_view message);
/// What a file's second signature is over: it ties the comment to the first.
std::string signed_comment(const FileSignature& signature);

/// Has to have been called before any other function of libsodium; may be called again, from any thread.
void start_sodium();

}  // namespace caveat
