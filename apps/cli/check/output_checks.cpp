// What a plugin says must be what the host can take: complete, explained, of what was declared, in words that may be
// said.
#include "check/checks.hpp"
#include "check/subject.hpp"
#include "check/trial.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace caveat::cli {

namespace {

bool holds(const Finding& finding) { return finding.verdict == Verdict::kPassed; }

/// A trial of the common kind, and what was said of it.
std::vector<Told> usual(const Bound& bound, Random& random, const Manner& manner = {}) {
  const Trial trial = make_up_trial(bound.world(), 40, {}, random);
  return bound.tell(trial.profiles, trial.statuses, manner);
}

// ---- Complete

bool speaks_of(const Told& told, std::size_t rule) {
  return std::any_of(told.drafts.begin(), told.drafts.end(), [&](const Draft& draft) { return draft.rule == rule; });
}

Finding leaves_nothing_out(const Bound& bound, const Trial& trial, const std::vector<Told>& told,
                           const Manifest& manifest) {
  const std::vector<const Rule*>& rules = bound.world().rules;
  for (std::size_t row = 0; row < told.size(); ++row) {
    if (!told[row].failure.empty()) continue;
    for (std::size_t rule = 0; rule < rules.size(); ++rule) {
      const RuleStatus status = trial.statuses[rule * told.size() + row];
      if (!rules[rule]->kind->speaks_when(status) || speaks_of(told[row], rule)) continue;
      return failed("it says nothing of the rule `" + rules[rule]->full_id + "`, which is " +
                    std::string(to_string(status)));
    }
    for (const CheckReport& report : told[row].checks) {
      if (!report.root) return failed("it does not report on its check `" + manifest.checks[report.check].id + "`");
    }
  }
  return passed();
}

Finding check_accepted(Subject& subject) {
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    const Trial trial = make_up_trial(bound.world(), 40, {}, random);
    const auto told = bound.tell(trial.profiles, trial.statuses);
    const Finding faults = refuse_faults(told, {Fault::kCall, Fault::kProtocol, Fault::kValue});
    return holds(faults) ? leaves_nothing_out(bound, trial, told, (*subject.info())->manifest) : faults;
  });
}

Finding check_explanation(Subject& subject) {
  return in_each_world(subject, [](const Bound& bound, Random& random) {
    return refuse_faults(usual(bound, random), {Fault::kExplanation});
  });
}

// ---- Declared

/// One profile, and copies of it in which facts that `reads` does not name are other ones.
Trial with_others_changed(const Trial& base, const World& world, const std::vector<std::string>& reads,
                          Random& random) {
  constexpr std::size_t kCopies = 8;
  Trial out = base.at(std::vector<std::size_t>(kCopies, 0));
  for (std::size_t row = 1; row < kCopies; ++row) {
    const Facts other = make_up_profile(world, {}, random);
    for (FactId fact = 0; fact < world.vocabulary.size(); ++fact) {
      const std::string& name = world.vocabulary[fact].name;
      if (std::find(reads.begin(), reads.end(), name) == reads.end()) out.profiles[row][fact] = other[fact];
    }
  }
  return out;
}

/// The facts behind what a check reads, where the plugin derives some of these itself.
std::vector<std::string> with_inputs(std::vector<std::string> reads, const Manifest& manifest) {
  for (const FactDeclaration& fact : manifest.derives) {
    if (std::find(reads.begin(), reads.end(), fact.name) == reads.end()) continue;
    reads.insert(reads.end(), fact.reads.begin(), fact.reads.end());
  }
  return reads;
}

Finding reads_what_it_declares(const Bound& bound, const Manifest& manifest, Random& random) {
  const Trial base = make_up_trial(bound.world(), 1, {.unknown_percent = 20}, random);
  for (std::size_t i = 0; i < manifest.derives.size(); ++i) {
    const Trial trial = with_others_changed(base, bound.world(), manifest.derives[i].reads, random);
    const auto told = bound.tell(trial.profiles, trial.statuses);
    for (const Told& one : told) {
      if (one.failure.empty() && told[0].failure.empty() && one.derived[i] != told[0].derived[i])
        return failed("`" + manifest.derives[i].name + "` hangs on a fact that it does not declare to read");
    }
  }
  for (const CheckSchema& check : manifest.checks) {
    const Trial trial = with_others_changed(base, bound.world(), with_inputs(check.reads, manifest), random);
    const auto told = bound.tell(trial.profiles, trial.statuses);
    const auto at = static_cast<std::size_t>(&check - manifest.checks.data());
    for (const Told& one : told) {
      if (one.failure.empty() && told[0].failure.empty() && one.checks[at].status != told[0].checks[at].status)
        return failed("the check `" + check.id + "` hangs on a fact that it does not declare to read");
    }
  }
  return passed();
}

Finding check_reads(Subject& subject) {
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    const Trial trial = make_up_trial(bound.world(), 40, {}, random);
    const auto told = bound.tell(trial.profiles, trial.statuses);
    if (Finding faults = refuse_faults(told, {Fault::kReads}); !holds(faults)) return faults;
    Manner overshown;
    overshown.overshow = &random;
    Finding looks =
        compare(bound, told, "undeclared facts unknown", bound.tell(trial.profiles, trial.statuses, overshown),
                "with values where the call declares to read nothing");
    if (!holds(looks)) return looks;
    for (int i = 0; i < 10; ++i) {
      Finding finding = reads_what_it_declares(bound, (*subject.info())->manifest, random);
      if (!holds(finding)) return finding;
    }
    return passed();
  });
}

Finding check_kinds(Subject& subject) {
  if (const auto info = subject.info(); !info || (*info)->manifest.kinds.empty()) {
    return not_applicable("it owns no kind of rule");
  }
  return in_each_world(subject, [&](const Bound& bound, Random&) {
    if (bound.world().rules.empty()) return passed();
    const auto count = static_cast<std::uint32_t>((*subject.info())->manifest.kinds.size());
    for (const std::uint32_t kind : {0u, count + 1, ~0u}) {
      const auto other = Bound::bind(**subject.table(), **subject.info(), bound.world(), subject.guard(), {},
                                     [&](Telling& telling) { telling.rules.front().kind = kind; });
      if (other)
        return failed("it is bound to a rule of the kind " + std::to_string(kind) + ", which it does not have");
    }
    return passed();
  });
}

/// The ways in which a rule's fields can be other ones than the manifest says. False: it does not apply to this field.
using Spoil = bool (*)(std::vector<caveat_field>& fields, std::size_t at);

bool leave_out(std::vector<caveat_field>& fields, std::size_t at) {
  fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

bool empty(std::vector<caveat_field>& fields, std::size_t at) {
  fields[at].present = fields[at].count = 0;
  fields[at].values = nullptr;
  return true;
}

bool give_another_type(std::vector<caveat_field>& fields, std::size_t at) {
  static const caveat_value kDecimal = {CAVEAT_TYPE_DECIMAL, 0, 0, {150'000'000, 0}, 0, {nullptr, 0}};
  static const caveat_value kInteger = {CAVEAT_TYPE_INTEGER, 0, 7, {0, 0}, 0, {nullptr, 0}};
  const caveat_value& value = fields[at].type == CAVEAT_TYPE_DECIMAL ? kInteger : kDecimal;
  fields[at].type = value.type;
  fields[at].present = fields[at].count = 1;
  fields[at].values = &value;
  fields[at].value_stride = sizeof value;
  return true;
}

Finding try_spoiled(Subject& subject, const Bound& bound, Random& random, Spoil spoil, std::size_t at,
                    std::string_view how) {
  subject.note("binding it to a rule with a field " + std::string(how));
  const auto spoiled = Bound::bind(**subject.table(), **subject.info(), bound.world(), subject.guard(), {},
                                   [&](Telling& telling) { spoil(telling.fields.front(), at); });
  if (!spoiled) return passed();
  const Finding finding = refuse_faults(usual(*spoiled, random), {Fault::kCall, Fault::kProtocol});
  return holds(finding) ? passed() : failed("with a field " + std::string(how) + " it is bound, and " + finding.reason);
}

Finding check_fields(Subject& subject) {
  const auto info = subject.info();
  const auto has_fields = [](const KindSchema& kind) { return !kind.fields.empty(); };
  if (!info || std::none_of((*info)->manifest.kinds.begin(), (*info)->manifest.kinds.end(), has_fields)) {
    return not_applicable("its kinds have no fields");
  }
  constexpr std::pair<Spoil, std::string_view> kWays[] = {
      {&leave_out, "left out"}, {&empty, "without elements"}, {&give_another_type, "of another type"}};
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    const std::size_t fields = bound.world().rules.empty() ? 0 : bound.world().rules.front()->fields.size();
    for (std::size_t at = 0; at < fields; ++at) {
      for (const auto& [spoil, how] : kWays) {
        Finding finding = try_spoiled(subject, bound, random, spoil, at, how);
        if (!holds(finding)) return finding;
      }
    }
    return passed();
  });
}

// ---- Words

Finding check_wording(Subject& subject) {
  return in_each_world(subject, [&](const Bound& bound, Random& random) {
    for (const std::string& language : subject.guard().languages()) {
      Manner manner;
      manner.language = language;
      Finding finding = refuse_faults(usual(bound, random, manner), {Fault::kWording});
      if (!holds(finding)) return finding;
    }
    return passed();
  });
}

constexpr std::array kChecks = {
    Check{"output.accepted", "load.bind", "all that it says is taken, and all that it has to say is said",
          "speak once of every rule on whose outcome its kind speaks, report every check, and return CAVEAT_OK",
          &check_accepted},
    Check{"output.explanation", "load.bind", "each explanation follows from its parts",
          "give an all, any or not node the value that its children give, and report the root's value",
          &check_explanation},
    Check{"output.reads", "load.bind", "nothing hangs on a fact that was not declared for it",
          "add the fact to the `reads` of the kind, check or derived fact that needs it", &check_reads},
    Check{"output.kinds", "load.bind", "a rule of a kind that it does not have is refused",
          "let bind() fail when a rule's kind is 0 or above the number of its kinds", &check_kinds},
    Check{"output.fields", "load.bind",
          "a rule whose fields are not what its manifest says is refused, or does no harm",
          "look fields up by name, check their type and count in bind(), and let it fail otherwise", &check_fields},
    Check{"output.wording", "load.bind", "its own words may be said",
          "prefer texts of the manifest; put what is composed at run time to `caveat wording`", &check_wording},
};

}  // namespace

std::span<const Check> output_checks() { return kChecks; }

}  // namespace caveat::cli
