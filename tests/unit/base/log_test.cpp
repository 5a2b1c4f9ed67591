#include "base/log.hpp"

#include "support/catch.hpp"

namespace {

struct KeepLevel {
  ~KeepLevel() { caveat::set_log_level(caveat::LogLevel::kWarn); }
};

}  // namespace

TEST_CASE("base.log: levels have names, and others are refused") {
  for (const std::string& name : caveat::log_level_names()) CHECK(caveat::parse_log_level(name));
  CHECK(caveat::parse_log_level("trace") == caveat::LogLevel::kTrace);
  CHECK(caveat::parse_log_level("off") == caveat::LogLevel::kOff);
  CHECK_FALSE(caveat::parse_log_level("Trace"));
  CHECK_FALSE(caveat::parse_log_level(""));
}

TEST_CASE("base.log: warnings by default, and nothing when off") {
  const KeepLevel keep;
  CHECK(caveat::logs(caveat::LogLevel::kWarn));
  CHECK_FALSE(caveat::logs(caveat::LogLevel::kInfo));
  caveat::set_log_level(caveat::LogLevel::kTrace);
  CHECK(caveat::logs(caveat::LogLevel::kTrace));
  caveat::set_log_level(caveat::LogLevel::kOff);
  CHECK_FALSE(caveat::logs(caveat::LogLevel::kError));
  CHECK_FALSE(caveat::logs(caveat::LogLevel::kOff));
}

TEST_CASE("base.log: one line an event, whatever a field holds") {
  CHECK(caveat::format_event("pack loaded", {{"id", "microneedling"}, {"rules", 22}}) ==
        "pack loaded id=microneedling rules=22");
  CHECK(caveat::format_event("x", {{"a", ""}, {"b", "two words"}, {"c", "quo\"te"}, {"d", "line\nbreak\x1b[1m"}}) ==
        "x a=\"\" b=\"two words\" c=\"quo\\\"te\" d=\"line\\x0abreak\\x1b[1m\"");
  CHECK(caveat::format_event("x", {{"name", "uygunluk-ı"}}) == "x name=uygunluk-ı");
}
