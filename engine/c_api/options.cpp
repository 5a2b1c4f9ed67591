// Options by name: one row each.
#include "c_api/handles.hpp"

#include "base/quote.hpp"
#include "base/text_file.hpp"

#include <caveat/configuration.hpp>

#include <charconv>

using caveat::c_api::guarded;
using caveat::c_api::refuse;
using caveat::c_api::tell;

namespace {

constexpr const char* kTruths = "`true` or `false`";
constexpr const char* kNumbers = "a whole number from 1 to 4294967295";

bool set_truth(bool& target, std::string_view value) {
  if (value != "true" && value != "false") return false;
  target = value == "true";
  return true;
}

bool set_number(std::uint32_t& target, std::string_view value) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number == 0) return false;
  target = number;
  return true;
}

bool set_path(std::filesystem::path& target, const std::string& value) {
  target = value;
  return true;
}

bool add_path(caveat::Folders& target, const std::string& value) {
  target.paths.emplace_back(value);
  return true;
}

struct Option {
  std::string_view name;
  const char* help;                                                ///< what a value is, where not every text is one
  bool (*set)(caveat_options& options, const std::string& value);  ///< false: the value is none
};

constexpr Option kOptions[] = {
    {"rules", "", [](caveat_options& o, const std::string& value) { return add_path(o.engine.rules, value); }},
    {"plugins", "", [](caveat_options& o, const std::string& value) { return add_path(o.engine.plugins, value); }},
    {"wording", "", [](caveat_options& o, const std::string& value) { return set_path(o.engine.wording, value); }},
    {"retired", kTruths,
     [](caveat_options& o, const std::string& value) { return set_truth(o.engine.retired, value); }},
    {"trust.allow_unsigned", kTruths,
     [](caveat_options& o, const std::string& value) { return set_truth(o.engine.trust.allow_unsigned, value); }},
    {"isolation.worker", "",
     [](caveat_options& o, const std::string& value) { return set_path(o.engine.isolation.worker, value); }},
    {"isolation.deadline_ms", kNumbers,
     [](caveat_options& o, const std::string& value) { return set_number(o.engine.isolation.deadline_ms, value); }},
    {"isolation.memory_mib", kNumbers,
     [](caveat_options& o, const std::string& value) { return set_number(o.engine.isolation.memory_mib, value); }},
    {"isolation.cpu_s", kNumbers,
     [](caveat_options& o, const std::string& value) { return set_number(o.engine.isolation.cpu_s, value); }},
    {"isolation.quarantine_ms", kNumbers,
     [](caveat_options& o, const std::string& value) { return set_number(o.engine.isolation.quarantine_ms, value); }},
    {"isolation.quarantine_max_ms", kNumbers,
     [](caveat_options& o, const std::string& value) {
       return set_number(o.engine.isolation.quarantine_max_ms, value);
     }},
    {"isolation.warm_spare", kTruths,
     [](caveat_options& o, const std::string& value) { return set_truth(o.engine.isolation.warm_spare, value); }},
    {"audit.file", "", [](caveat_options& o, const std::string& value) { return set_path(o.audit.file, value); }},
    {"audit.key", "", [](caveat_options& o, const std::string& value) { return set_path(o.audit.key, value); }},
    {"audit.anchor", "", [](caveat_options& o, const std::string& value) { return set_path(o.audit.anchor, value); }},
    {"audit.keep_profiles", kTruths,
     [](caveat_options& o, const std::string& value) { return set_truth(o.audit.profiles, value); }},
    {"audit.profiles_key", "",
     [](caveat_options& o, const std::string& value) { return set_path(o.audit.profiles_key, value); }},
    {"audit.lock_wait_ms", kNumbers,
     [](caveat_options& o, const std::string& value) { return set_number(o.audit.lock_wait_ms, value); }},
};

caveat_status set_option(caveat_options& options, std::string_view name, const std::string& value,
                         const caveat_reporter* reporter) {
  if (auto checked = caveat::check_text(value, std::string(name), caveat::ErrorKind::kInput); !checked)
    return tell(reporter, checked.error());
  if (value.empty()) return refuse(reporter, "bad-option", std::string(name) + " is empty", "give it a value");
  for (const Option& option : kOptions) {
    if (option.name != name) continue;
    if (option.set(options, value)) return CAVEAT_OK;
    return refuse(reporter, "bad-option", std::string(name) + " is " + caveat::in_backticks(value), option.help);
  }
  return refuse(reporter, "unknown-option", "there is no option " + caveat::in_backticks(name),
                "caveat.h lists those that there are");
}

caveat_status disable(caveat_options& options, const caveat::DisabledRule& rule, const caveat_reporter* reporter) {
  for (const std::string* text : {&rule.rule, &rule.reason, &rule.person, &rule.date}) {
    if (auto checked = caveat::check_text(*text, "disabled rule", caveat::ErrorKind::kInput); !checked)
      return tell(reporter, checked.error());
  }
  options.engine.disabled.push_back(rule);
  return CAVEAT_OK;
}

}  // namespace

caveat_status caveat_options_new(caveat_options** out) {
  if (out == nullptr) return CAVEAT_MISUSE;
  *out = nullptr;
  return guarded([&] {
    *out = new caveat_options;
    return CAVEAT_OK;
  });
}

void caveat_options_free(caveat_options* options) { delete options; }

caveat_status caveat_options_set(caveat_options* options, const char* name, const char* value,
                                 const caveat_reporter* reporter) {
  if (options == nullptr || name == nullptr || value == nullptr) return CAVEAT_MISUSE;
  return guarded([&] { return set_option(*options, name, value, reporter); });
}

caveat_status caveat_options_read(caveat_options* options, const char* file, const caveat_reporter* reporter) {
  if (options == nullptr || file == nullptr) return CAVEAT_MISUSE;
  return guarded([&]() -> caveat_status {
    auto configuration = caveat::read_configuration(file);
    if (!configuration) return tell(reporter, configuration.error());
    options->engine = std::move(configuration->engine);
    return CAVEAT_OK;
  });
}

caveat_status caveat_options_disable(caveat_options* options, const char* rule, const char* reason, const char* person,
                                     const char* date, const caveat_reporter* reporter) {
  if (options == nullptr || rule == nullptr || reason == nullptr || person == nullptr || date == nullptr)
    return CAVEAT_MISUSE;
  return guarded([&] { return disable(*options, {rule, reason, person, date, {}}, reporter); });
}
