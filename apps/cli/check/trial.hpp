// Trying a plugin on made-up profiles: what several checks do alike.
#pragma once

#include "check/bound.hpp"
#include "check/checks.hpp"
#include "check/subject.hpp"

#include <functional>
#include <string>
#include <vector>

namespace caveat::cli {

/// Some profiles, and where each rule stands for each.
struct Trial {
  std::vector<Facts> profiles;
  std::vector<RuleStatus> statuses;

  /// One of them, alone.
  [[nodiscard]] Trial only(std::size_t row) const;
  /// Those at these places, in this order.
  [[nodiscard]] Trial at(const std::vector<std::size_t>& rows) const;
};

Trial make_up_trial(const World& world, std::size_t rows, const ProfileShape& shape, Random& random);

/// Visits every world that the plugin can be bound to, until one visit does not pass. Fails when there is none: then
/// nothing was tried.
Finding in_each_world(Subject& subject, const std::function<Finding(const Bound&, Random&)>& visit);

/// Whether the same was said, row by row; otherwise where, and what in each case.
Finding compare(const Bound& bound, const std::vector<Told>& one, const std::string& one_name,
                const std::vector<Told>& other, const std::string& other_name);

/// The first row that failed by one of these faults.
Finding refuse_faults(const std::vector<Told>& told, std::initializer_list<Fault> faults);

}  // namespace caveat::cli
