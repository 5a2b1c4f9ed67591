#include "workload/workload.hpp"

namespace caveat::bench {

const std::array<Fact, kFacts>& facts() {
  const auto yes_or_no = [](std::string_view name, double often) { return Fact{name, FactType::kBoolean, often}; };
  const auto choice = [](std::string_view name, std::vector<std::string_view> values) {
    return Fact{name, FactType::kChoice, 0, 0, 0, 0, 0, std::move(values)};
  };
  static const std::array<Fact, kFacts> kAll = {{
      {"age", FactType::kInteger, 0, 12, 90, 0, 130},
      yes_or_no("active_infection", 0.05),
      yes_or_no("open_wound", 0.05),
      yes_or_no("inflammatory_condition", 0.2),
      yes_or_no("inflammation_controlled", 0.6),
      yes_or_no("keloid_tendency", 0.08),
      yes_or_no("pregnant", 0.06),
      yes_or_no("breastfeeding", 0.06),
      yes_or_no("dullness", 0.35),
      yes_or_no("fine_lines", 0.35),
      yes_or_no("enlarged_pores", 0.35),
      yes_or_no("surface_irregularities", 0.35),
      yes_or_no("uneven_tone", 0.35),
      yes_or_no("marks", 0.35),
      yes_or_no("daily_skincare", 0.5),
      choice("skin_type", {"I", "II", "III", "IV", "V", "VI"}),
      choice("collagen", {"firm", "reduced"}),
      choice("sun_exposure", {"low", "moderate", "high"}),
      {"sleep_hours", FactType::kDecimal, 0, 8, 20, 0, 48},
  }};
  return kAll;
}

}  // namespace caveat::bench
