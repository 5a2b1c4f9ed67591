// The log: what the engine does, for whoever runs it. Never what it was told: a fact's value and a profile's id have no
// place in it at any level, which is why an event carries names of packs, rules, facts and plugins, and counts.
// One line an event on standard error: `caveat: info: pack loaded id=microneedling rules=22`. No time stands in it:
// whatever collects the log adds its own.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };

/// `trace`, `debug`, `info`, `warn`, `error`, `off`, in this order.
const std::vector<std::string>& log_level_names();
std::optional<LogLevel> parse_log_level(std::string_view name);

/// Events below `level` are dropped. The default is kWarn. Any thread may call any of these.
void set_log_level(LogLevel level);
bool logs(LogLevel level);

/// `name=value`. A text is quoted when it is not a plain word, and control characters in it are escaped.
struct LogField {
  LogField(std::string_view field_name, std::string_view field_text) : name(field_name), text(field_text) {}
  template <std::integral Number>
  LogField(std::string_view field_name, Number field_number)
      : name(field_name), number(static_cast<std::int64_t>(field_number)), is_number(true) {}

  std::string_view name;
  std::string_view text;
  std::int64_t number = 0;
  bool is_number = false;
};

/// Costs a comparison when the level is dropped. Fields are borrowed for the call only.
void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// The line's part after the level: `pack loaded id=microneedling rules=22`.
std::string format_event(std::string_view event, std::initializer_list<LogField> fields);

}  // namespace caveat
