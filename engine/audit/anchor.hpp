// The anchor: where the log's head stood. Kept in a file of its own, which the operator can keep elsewhere: a log whose
// tail was cut off looks whole without it.
#pragma once

#include <caveat/result.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace caveat {

struct Anchor {
  std::string log;  ///< the log's id
  std::int64_t sequence = 0;
  std::string hash;  ///< of that record
  std::string mac;   ///< the record's own
};

/// One line of RFC 8785 JSON. docs/formats/audit.md, section 5.
std::string to_text(const Anchor& anchor);
std::optional<Anchor> parse_anchor(std::string_view text);

/// kInput when there is no such file, or it holds no anchor.
Result<Anchor> read_anchor(const std::filesystem::path& file);

}  // namespace caveat
