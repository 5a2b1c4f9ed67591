#include "evaluation/cases.hpp"

#include "base/quote.hpp"
#include "base/table_reader.hpp"

#include <algorithm>
#include <map>
#include <system_error>
#include <tuple>

namespace caveat {

namespace fs = std::filesystem;

namespace {

constexpr std::array kStatuses = {RuleStatus::kMet, RuleStatus::kNotMet, RuleStatus::kUndetermined,
                                  RuleStatus::kFailed};

std::size_t index_of(RuleStatus status) { return static_cast<std::size_t>(status); }

std::vector<fs::path> case_files(const fs::path& pack_folder, Diagnostics& diagnostics) {
  std::vector<fs::path> files;
  const fs::path folder = pack_folder / "cases";
  std::error_code error;
  if (!fs::exists(folder, error)) return files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") files.push_back(it->path());
  }
  if (error) diagnostics.error("unreadable-folder", {folder.string()}, "cannot read the folder: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<TomlDocument> case_documents(const fs::path& pack_folder, Diagnostics& diagnostics) {
  std::vector<TomlDocument> documents;
  for (const fs::path& file : case_files(pack_folder, diagnostics)) {
    auto document = TomlDocument::read(file, ErrorKind::kLoad);
    if (document)
      documents.push_back(std::move(*document));
    else
      diagnostics.append(document.error().diagnostics);
  }
  return documents;
}

// Reads the cases of one pack: what they may name is the pack's rules and the checks of its plugins.
class CaseReader {
 public:
  CaseReader(const Snapshot& snapshot, const LoadedPack& loaded) : snapshot_(snapshot), pack_(loaded.pack) {
    for (const Rule& rule : pack_.rules) ids_.push_back(rule.id);
    for (const PackPlugin& bound : loaded.plugins) {
      for (const CheckSchema& check : snapshot.host.plugins()[bound.plugin].manifest.checks)
        ids_.push_back(check.full_id);
    }
  }

  PackCases read() {
    for (const TomlDocument& document : case_documents(pack_.folder, diagnostics_)) read_document(document);
    return {std::move(cases_), diagnostics_.take()};
  }

 private:
  void read_document(const TomlDocument& document) {
    refuse_unknown_keys(document.root(), {"case"}, "a file of cases", diagnostics_);
    const TomlValue* cases = document.root().find("case");
    if (cases == nullptr) {
      diagnostics_.warning("no-cases", {document.file(), 1, 1}, "the file holds no case", "write `[[case]]`");
      return;
    }
    if (!cases->is(TomlType::kArray)) {
      diagnostics_.error("wrong-type", cases->place(), "`case` must be a list of tables", "write `[[case]]`");
      return;
    }
    for (const TomlValue& element : cases->elements()) read_one(element, document);
  }

  void read_one(const TomlValue& element, const TomlDocument& document) {
    if (!element.is(TomlType::kTable)) {
      diagnostics_.error("wrong-type", element.place(), "a case must be a table", "write `[[case]]`");
      return;
    }
    const std::size_t before = diagnostics_.errors();
    PackCase out;
    out.place = element.place();
    TableReader table(element, out.place, "the case", diagnostics_);
    out.name = table.string("name", true);
    check_name(table, out);
    read_time(table, out);
    read_language(table, out);
    read_profile(table, document, out);
    read_expectations(table, out);
    table.refuse_others();
    if (diagnostics_.errors() == before) cases_.push_back(std::move(out));
  }

  void check_name(TableReader& table, const PackCase& out) {
    if (out.name.empty()) return;
    const Place place = table.value("name")->place();
    const auto [first, is_new] = names_.emplace(out.name, place);
    if (is_new) return;
    diagnostics_.error("duplicate-name", place, "a second case is called " + in_backticks(out.name),
                       "the first is at " + to_string(first->second));
  }

  void read_time(TableReader& table, PackCase& out) {
    const TomlValue* at = table.value("at");
    if (at == nullptr) {
      out.at = pack_.default_at;
      if (!out.at.empty()) return;
      diagnostics_.error("no-time", out.place, "the case has no time of evaluation",
                         "give it `at = 2026-11-22T10:00:00Z`, or the pack, for all its cases");
      return;
    }
    out.at = at->string() ? std::string(*at->string()) : std::string(at->source_text());
    std::replace(out.at.begin(), out.at.end(), ' ', 'T');  // TOML allows either
    if (!parse_rfc3339(out.at)) table.wrong_type("at", *at, "a date-time with an offset");
  }

  void read_language(TableReader& table, PackCase& out) {
    out.language = table.string("lang");
    if (out.language.empty()) out.language = pack_.first_language;
    if (snapshot_.guard.knows(out.language)) return;
    const TomlValue* given = table.value("lang");
    diagnostics_.error("unknown-language", given == nullptr ? out.place : given->place(),
                       "no texts are kept in the language " + in_backticks(out.language),
                       "one of " + backticked_list(snapshot_.guard.languages()));
  }

  void read_profile(TableReader& table, const TomlDocument& document, PackCase& out) {
    const TomlValue* facts = table.value("facts", true);
    if (facts == nullptr) return;
    auto profile = read_profile_facts(*facts, document.text(), document.file(), snapshot_.vocabulary);
    if (profile)
      out.profile = std::make_shared<const ProfileData>(std::move(*profile));
    else
      diagnostics_.append(profile.error().diagnostics);
  }

  void read_expectations(TableReader& table, PackCase& out) {
    const TomlValue* value = table.value("expect", true);
    if (value == nullptr) return;
    if (!value->is(TomlType::kTable)) return table.wrong_type("expect", *value, "a table");
    if (value->entries().empty()) {
      diagnostics_.error("empty-case", value->place(), "the case expects nothing, so that nothing could fail it",
                         "for example `expect.disposition = \"refer\"`");
      return;
    }
    TableReader expect(*value, value->place(), "`expect`", diagnostics_);
    read_disposition(expect, out);
    if (const auto complete = expect.boolean("complete")) {
      out.complete = complete;
      out.complete_place = expect.value("complete")->place();
    }
    std::map<std::string, Place> named;
    for (const RuleStatus status : kStatuses) read_status(expect, status, named, out);
    expect.refuse_others();
  }

  void read_disposition(TableReader& expect, PackCase& out) {
    const std::string name = expect.string("disposition");
    if (name.empty()) return;
    out.disposition_place = expect.value("disposition")->place();
    out.disposition = parse_disposition(name);
    if (out.disposition) return;
    static const std::vector<std::string> names = {"refer", "incomplete", "insufficient-information",
                                                   "no-contraindication-found"};
    std::string help = did_you_mean(name, names);
    if (help.empty()) help = "one of " + backticked_list(names);
    diagnostics_.error("unknown-disposition", out.disposition_place, "there is no disposition " + in_backticks(name),
                       help);
  }

  // A status of two words may be written as results write it, or as TOML's keys mostly are.
  void read_status(TableReader& expect, RuleStatus status, std::map<std::string, Place>& named, PackCase& out) {
    const std::string name(to_string(status));
    std::string other = name;
    std::replace(other.begin(), other.end(), '-', '_');
    const TomlValue* list = expect.value(name);
    if (other != name) {
      const TomlValue* second = expect.value(other);
      if (list != nullptr && second != nullptr) {
        diagnostics_.error("duplicate-key", second->place(), "`" + name + "` and `" + other + "` mean the same",
                           "keep one");
      }
      if (list == nullptr && second != nullptr) list = second;
    }
    if (list == nullptr) return;
    if (!list->is(TomlType::kArray)) return expect.wrong_type(name, *list, "a list of rule ids");
    ExpectedStatus& expected = out.statuses[index_of(status)].emplace();
    expected.place = list->place();
    for (const TomlValue& element : list->elements()) read_id(element, named, expected);
  }

  void read_id(const TomlValue& element, std::map<std::string, Place>& named, ExpectedStatus& expected) {
    const auto text = element.string();
    if (!text) {
      diagnostics_.error("wrong-type", element.place(), "a rule id must be a string");
      return;
    }
    std::string id(*text);
    if (id.starts_with(pack_.id + '/')) id.erase(0, pack_.id.size() + 1);
    if (std::find(ids_.begin(), ids_.end(), id) == ids_.end()) {
      diagnostics_.error("unknown-rule", element.place(), "the pack has no rule " + in_backticks(*text),
                         did_you_mean(id, ids_));
      return;
    }
    const auto [first, is_new] = named.emplace(id, element.place());
    if (!is_new) {
      diagnostics_.error("duplicate-id", element.place(), "the case names `" + id + "` twice",
                         "the first is at " + to_string(first->second));
    }
    expected.rules.push_back({std::move(id), element.place()});
  }

  const Snapshot& snapshot_;
  const Pack& pack_;
  std::vector<std::string> ids_;
  std::map<std::string, Place> names_;
  std::vector<PackCase> cases_;
  Diagnostics diagnostics_;
};

// Compares what came out with what a case says.
class Comparison {
 public:
  Comparison(const EvaluationData& data, const PackCase& pack_case) : data_(data), case_(pack_case) {}

  std::vector<CaseFailure> compare() {
    if (case_.disposition && *case_.disposition != data_.disposition) {
      fail(case_.disposition_place, "disposition", to_string(*case_.disposition), to_string(data_.disposition));
    }
    if (case_.complete && *case_.complete != data_.complete) {
      fail(case_.complete_place, "complete", truth(*case_.complete), truth(data_.complete));
    }
    for (const RuleStatus status : kStatuses) {
      if (const auto& expected = case_.statuses[index_of(status)]) compare(status, *expected);
    }
    const auto before = [](const CaseFailure& a, const CaseFailure& b) {
      return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    };
    std::stable_sort(failures_.begin(), failures_.end(), before);
    return std::move(failures_);
  }

 private:
  void compare(RuleStatus status, const ExpectedStatus& expected) {
    for (const ExpectedRule& rule : expected.rules) {
      const SubjectOutcome* outcome = find(rule.id);
      if (outcome != nullptr && outcome->status == status) continue;
      fail(rule.place, rule.id, to_string(status), outcome == nullptr ? "no outcome" : to_string(outcome->status));
    }
    for (const SubjectOutcome& outcome : data_.outcomes) {
      if (outcome.status != status || !must_be_listed(outcome) || is_listed(outcome, expected)) continue;
      fail(expected.place, std::string(case_id(outcome)), "not " + std::string(to_string(status)), to_string(status));
    }
  }

  static bool must_be_listed(const SubjectOutcome& outcome) {
    return outcome.subject.rule != nullptr && outcome.subject.rule->condition.has_value();
  }

  static std::string_view case_id(const SubjectOutcome& outcome) {
    return outcome.subject.rule != nullptr ? std::string_view(outcome.subject.rule->id) : outcome.subject.id();
  }

  static bool is_listed(const SubjectOutcome& outcome, const ExpectedStatus& expected) {
    const auto same = [&](const ExpectedRule& rule) { return rule.id == case_id(outcome); };
    return std::any_of(expected.rules.begin(), expected.rules.end(), same);
  }

  [[nodiscard]] const SubjectOutcome* find(std::string_view id) const {
    const auto same = [&](const SubjectOutcome& outcome) { return case_id(outcome) == id; };
    const auto found = std::find_if(data_.outcomes.begin(), data_.outcomes.end(), same);
    return found == data_.outcomes.end() ? nullptr : &*found;
  }

  static std::string_view truth(bool value) { return value ? "true" : "false"; }

  void fail(const Place& place, std::string subject, std::string_view expected, std::string_view got) {
    failures_.push_back({place, std::move(subject), std::string(expected), std::string(got)});
  }

  const EvaluationData& data_;
  const PackCase& case_;
  std::vector<CaseFailure> failures_;
};

}  // namespace

PackCases read_cases(const Snapshot& snapshot, const LoadedPack& loaded) { return CaseReader(snapshot, loaded).read(); }

std::vector<Diagnostic> check_case_syntax(const fs::path& pack_folder) {
  Diagnostics diagnostics;
  case_documents(pack_folder, diagnostics);
  return diagnostics.take();
}

std::vector<CaseFailure> run_case(const std::shared_ptr<const Snapshot>& snapshot, const LoadedPack& loaded,
                                  const PackCase& pack_case) {
  EvaluateOptions options;
  options.at.rfc3339 = pack_case.at;
  options.pack = loaded.pack.id;
  options.language = pack_case.language;
  const auto data = evaluate(snapshot, pack_case.profile, options);
  if (!data->error) return Comparison(*data, pack_case).compare();
  std::vector<CaseFailure> failures;
  for (const Diagnostic& diagnostic : data->error->diagnostics) {
    const Place& place = diagnostic.place.line == 0 ? pack_case.place : diagnostic.place;
    failures.push_back({place, "evaluation", "an outcome", "an error: " + diagnostic.message});
  }
  return failures;
}

}  // namespace caveat
