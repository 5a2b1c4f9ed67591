#include "check/trial.hpp"

#include <algorithm>

namespace caveat::cli {

namespace {

constexpr std::size_t kShownMax = 300;

std::string shortened(std::string text) {
  if (text.size() <= kShownMax) return text;
  std::size_t end = kShownMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

Trial Trial::only(std::size_t row) const { return at({row}); }

Trial Trial::at(const std::vector<std::size_t>& rows) const {
  Trial out;
  for (const std::size_t row : rows) out.profiles.push_back(profiles[row]);
  for (std::size_t rule = 0; rule * profiles.size() < statuses.size(); ++rule) {
    for (const std::size_t row : rows) out.statuses.push_back(statuses[rule * profiles.size() + row]);
  }
  return out;
}

Trial make_up_trial(const World& world, std::size_t rows, const ProfileShape& shape, Random& random) {
  Trial out;
  for (std::size_t row = 0; row < rows; ++row) out.profiles.push_back(make_up_profile(world, shape, random));
  out.statuses = make_up_outcomes(world.rules.size(), rows, random);
  return out;
}

Finding in_each_world(Subject& subject, const std::function<Finding(const Bound&, Random&)>& visit) {
  const auto table = subject.table();
  if (!table) return failed(words_of(table.error()));
  const auto worlds = subject.worlds();
  if (!worlds) return failed(words_of(worlds.error()));
  Random random(subject.seed());
  bool any = false;
  for (const auto& world : **worlds) {
    subject.note("trying it on " + world->name);
    const auto bound = Bound::bind(**table, **subject.info(), *world, subject.guard());
    if (!bound) continue;
    any = true;
    Finding finding = visit(*bound, random);
    if (finding.verdict == Verdict::kPassed) continue;
    finding.reason = world->name + ": " + finding.reason;
    return finding;
  }
  return any ? passed() : failed("it could not be bound to anything, so nothing was tried");
}

Finding compare(const Bound& bound, const std::vector<Told>& one, const std::string& one_name,
                const std::vector<Told>& other, const std::string& other_name) {
  for (std::size_t row = 0; row < one.size(); ++row) {
    const std::string first = bound.words(one[row]);
    const std::string second = bound.words(other[row]);
    if (first == second) continue;
    return failed("profile " + std::to_string(row + 1) + ", " + one_name + ": " + shortened(first) + "\n" + other_name +
                  ": " + shortened(second));
  }
  return passed();
}

Finding refuse_faults(const std::vector<Told>& told, std::initializer_list<Fault> faults) {
  for (std::size_t row = 0; row < told.size(); ++row) {
    if (std::find(faults.begin(), faults.end(), told[row].fault) == faults.end()) continue;
    return failed("profile " + std::to_string(row + 1) + ": " + told[row].failure);
  }
  return passed();
}

}  // namespace caveat::cli
