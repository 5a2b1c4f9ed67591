// The one file that knows spdlog.
#include "base/log.hpp"

#include <algorithm>
#include <atomic>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace caveat {

namespace {

std::atomic<LogLevel>& threshold() {
  static std::atomic<LogLevel> level = LogLevel::kWarn;
  return level;
}

// Made at the first event that is not dropped, outside spdlog's registry: a program that embeds the engine may have
// loggers of its own. Never destroyed, so that threads may still log while the process ends.
spdlog::logger& logger() {
  static spdlog::logger& made = []() -> spdlog::logger& {
    auto* const fresh = new spdlog::logger("caveat", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    fresh->set_pattern("%n: %l: %v");
    fresh->set_level(spdlog::level::trace);
    fresh->flush_on(spdlog::level::trace);
    fresh->set_error_handler([](const std::string&) {});  // a full disk behind the log stops nothing
    return *fresh;
  }();
  return made;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace: return spdlog::level::trace;
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarn: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
    case LogLevel::kOff: break;
  }
  return spdlog::level::off;
}

bool is_plain(std::string_view text) {
  const auto plain = [](char c) { return c > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7f'; };
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [&](char c) { return static_cast<unsigned char>(c) >= 0x80 || plain(c); });
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

const std::vector<std::string>& log_level_names() {
  static const std::vector<std::string> names = {"trace", "debug", "info", "warn", "error", "off"};
  return names;
}

std::optional<LogLevel> parse_log_level(std::string_view name) {
  const auto& names = log_level_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<LogLevel>(found - names.begin());
}

void set_log_level(LogLevel level) { threshold().store(level, std::memory_order_relaxed); }

bool logs(LogLevel level) { return level != LogLevel::kOff && level >= threshold().load(std::memory_order_relaxed); }

void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!logs(level)) return;
  const std::string line = format_event(event, fields);
  logger().log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

std::string format_event(std::string_view event, std::initializer_list<LogField> fields) {
  std::string out(event);
  for (const LogField& field : fields) {
    out += ' ';
    out += field.name;
    out += '=';
    if (field.is_number) {
      out += std::to_string(field.number);
    } else if (is_plain(field.text)) {
      out += field.text;
    } else {
      append_quoted(out, field.text);
    }
  }
  return out;
}

}  // namespace caveat
