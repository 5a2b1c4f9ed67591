#include "profile/fhir_settle.hpp"

#include <algorithm>

namespace caveat {

namespace {

using Kind = FhirStatement::Kind;
using Statements = std::vector<FhirStatement>;

bool has_value(const FhirStatement& statement) { return std::holds_alternative<FactValue>(statement.content); }

bool surely_older(const FhirStatement& a, const FhirStatement& b) {
  return a.when && b.when && surely_before(*a.when, *b.when);
}

// Observations and forms follow each other: of each kind the latest counts, whatever it says. An older "no" must not
// stand where the newest word was not understood.
void keep_latest_answers(Statements& statements) {
  const Statements all = statements;
  std::erase_if(statements, [&](const FhirStatement& one) {
    return one.kind == Kind::kAnswer && std::any_of(all.begin(), all.end(), [&](const FhirStatement& other) {
             return other.kind == Kind::kAnswer && other.type == one.type && surely_older(one, other);
           });
  });
}

// Whether the end of one episode still says something beside another statement.
bool stands_beside(const FhirStatement& opposite, const FhirStatement& other) {
  if (other.kind == Kind::kOpposite) return true;
  if (!has_value(other)) return surely_older(other, opposite);
  if (other.kind != Kind::kPresence) return true;
  return !other.when || !opposite.when || surely_older(other, opposite);
}

// That something is over answers "no" unless something later is there, or is not understood.
void drop_old_opposites(Statements& statements) {
  const Statements all = statements;
  std::erase_if(statements, [&](const FhirStatement& one) {
    return one.kind == Kind::kOpposite &&
           !std::all_of(all.begin(), all.end(), [&](const FhirStatement& other) { return stands_beside(one, other); });
  });
}

// One resource may be bound by several of its codings.
void drop_repeats(Statements& statements) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const FhirStatement one = statements[i];
    const auto same = [&](const FhirStatement& other) {
      return other.kind == one.kind && other.content == one.content && other.source == one.source;
    };
    const auto next = statements.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    if (one.kind != Kind::kPatient) statements.erase(std::remove_if(next, statements.end(), same), statements.end());
  }
}

std::vector<const FhirBinding*> lists_of(const FactDeclaration& fact) {
  std::vector<const FhirBinding*> out;
  for (const FhirBinding& binding : fact.fhir) {
    if (is_listed(binding.resource)) out.push_back(&binding);
  }
  return out;
}

bool lists_are_complete(const FactDeclaration& fact, const FhirRecord& record) {
  const auto lists = lists_of(fact);
  return !lists.empty() && std::all_of(lists.begin(), lists.end(), [&](const FhirBinding* binding) {
    return binding->complete && record.complete_for(*binding);
  });
}

std::string names_of(const FactDeclaration& fact) {
  std::string out;
  for (const FhirBinding* binding : lists_of(fact)) {
    const std::string name(to_string(binding->resource));
    if (out.find(name) == std::string::npos) out += (out.empty() ? "" : ", ") + name;
  }
  return "not listed: " + out;
}

// What is in none of the complete lists is not so.
void add_absence(const FactDeclaration& fact, FactId id, const FhirRecord& record, Statements& statements) {
  const auto speaks = [](const FhirStatement& s) { return s.kind != Kind::kAnswer || !has_value(s); };
  if (fact.type != FactType::kBoolean || std::any_of(statements.begin(), statements.end(), speaks) ||
      !lists_are_complete(fact, record))
    return;
  FhirStatement absent;
  absent.fact = id;
  absent.kind = Kind::kOpposite;
  absent.content = FactValue(false);
  absent.source = names_of(fact);
  statements.push_back(std::move(absent));
}

// A set from lists: whole, or not at all.
void gather_set(const FactDeclaration& fact, FactId id, const FhirRecord& record, Statements& statements) {
  if (fact.type != FactType::kChoices || lists_of(fact).empty()) return;
  FhirStatement whole;
  whole.fact = id;
  ChoiceSet set;
  bool known = lists_are_complete(fact, record);
  for (const FhirStatement& one : statements) {
    if (one.kind != Kind::kPresence) continue;
    known = known && has_value(one);
    if (!has_value(one)) continue;
    set.bits |= std::uint64_t{1} << std::get<Choice>(std::get<FactValue>(one.content)).index;
    if (!whole.when || (one.when && surely_before(*one.when, *whole.when))) whole.when = one.when;
    if (whole.source.size() + one.source.size() + 2 <= kShortTextMax)
      whole.source += (whole.source.empty() ? "" : ", ") + one.source;
  }
  const bool any = std::erase_if(statements, [](const FhirStatement& s) { return s.kind == Kind::kPresence; }) > 0;
  if (!known && !any) return;
  whole.content = UnknownReason::kNotKnown;
  if (known) whole.content = FactValue(set);
  if (whole.source.empty()) whole.source = names_of(fact);
  statements.push_back(std::move(whole));
}

Answer answer_of(FhirStatement statement) {
  Answer out;
  out.content = std::move(statement.content);
  out.counted_from = statement.counted_from;
  if (statement.when) out.recorded = statement.when->first;
  out.source = std::move(statement.source);
  return out;
}

}  // namespace

std::vector<FactAnswers> settle(std::vector<FhirStatement> statements, const FhirRecord& record,
                                const Vocabulary& vocabulary) {
  std::vector<Statements> by_fact(vocabulary.size());
  for (FhirStatement& statement : statements) by_fact[statement.fact].push_back(std::move(statement));
  std::vector<FactAnswers> out;
  for (FactId id = 0; id < by_fact.size(); ++id) {
    const FactDeclaration& fact = vocabulary[id];
    if (fact.fhir.empty()) continue;
    Statements& said = by_fact[id];
    drop_repeats(said);
    keep_latest_answers(said);
    gather_set(fact, id, record, said);
    add_absence(fact, id, record, said);
    drop_old_opposites(said);
    if (said.empty()) continue;
    FactAnswers& answers = out.emplace_back();
    answers.fact = id;
    for (FhirStatement& statement : said) answers.answers.push_back(answer_of(std::move(statement)));
  }
  return out;
}

}  // namespace caveat
