#include "rules/hook_service.hpp"

#include "base/quote.hpp"
#include "base/table_reader.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

constexpr std::array<std::string_view, 4> kHooks = {"patient-view", "order-select", "order-sign", "appointment-book"};

class ServiceReader {
 public:
  ServiceReader(const TomlValue& element, const TextContext& context, Diagnostics& diagnostics)
      : context_(context),
        diagnostics_(diagnostics),
        place_(element.place()),
        table_(element, place_, "the service", diagnostics) {}

  HookService read() {
    service_.place = place_;
    read_id();
    const bool knows_hook = read_hook();
    service_.title = text("title", false);
    service_.description = text("description", true);
    if (knows_hook) read_trigger();
    table_.refuse_others();
    return std::move(service_);
  }

 private:
  void read_id() {
    service_.id = table_.string("id", true);
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    const std::string& id = service_.id;
    if (id.empty() || (std::all_of(id.begin(), id.end(), allowed) && id.front() != '-' && id.back() != '-')) return;
    diagnostics_.error("bad-id", table_.value("id")->place(), in_backticks(id) + " is not a service id",
                       "small letters, digits and hyphens, such as `skin-care-order-sign`");
  }

  bool read_hook() {
    const std::string name = table_.string("hook", true);
    const auto hook = parse_hook(name);
    if (hook) service_.hook = *hook;
    if (!hook && !name.empty()) {
      diagnostics_.error("unknown-hook", table_.value("hook")->place(), "unknown hook " + in_backticks(name),
                         "one of patient-view, order-select, order-sign, appointment-book");
    }
    for (const char* key : {"codes", "cite", "take_back"}) table_.value(key);  // of which hook is not known
    return hook.has_value();
  }

  void read_trigger() {
    const bool coded = service_.hook != Hook::kPatientView;
    const bool ordered = service_.hook == Hook::kOrderSelect || service_.hook == Hook::kOrderSign;
    if (!coded) refuse("codes", "a patient is looked at without an order");
    if (!coded) refuse("cite", "there is no code to be cited");
    if (coded) read_codes();
    if (ordered)
      service_.take_back = text("take_back", false);
    else
      refuse("take_back", "there is no order to be taken back");
  }

  void read_codes() {
    const TomlValue* value = table_.value("codes", true);
    service_.cite = table_.string("cite", true);
    if (value == nullptr) return;
    service_.codes = table_.strings("codes");
    if (service_.codes.empty() && value->elements().empty())
      diagnostics_.error("empty-value", value->place(), "`codes` is empty",
                         "without a code nothing would ever trigger");
    for (const std::string& code : service_.codes) check_code(code, value->place(), diagnostics_);
  }

  void refuse(std::string_view key, std::string why) {
    const TomlValue* value = table_.value(key);
    if (value == nullptr) return;
    diagnostics_.error("misplaced-key", value->place(),
                       "`" + std::string(key) + "` does not belong to " + in_backticks(to_string(service_.hook)),
                       std::move(why));
  }

  Text text(std::string_view field, bool required) {
    const TomlValue* value = table_.value(field, required);
    if (value == nullptr) return {};
    TextContext context = context_;
    context.field = field;
    return read_vetted_text(*value, context, diagnostics_);
  }

  const TextContext& context_;
  Diagnostics& diagnostics_;
  Place place_;
  TableReader table_;
  HookService service_;
};

}  // namespace

std::string_view to_string(Hook hook) { return kHooks[static_cast<std::size_t>(hook)]; }

std::optional<Hook> parse_hook(std::string_view name) {
  const auto found = std::find(kHooks.begin(), kHooks.end(), name);
  if (found == kHooks.end()) return std::nullopt;
  return static_cast<Hook>(found - kHooks.begin());
}

HookService read_service(const TomlValue& element, const TextContext& context, Diagnostics& diagnostics) {
  return ServiceReader(element, context, diagnostics).read();
}

}  // namespace caveat
