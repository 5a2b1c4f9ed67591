#include "profile/answer_reader.hpp"

#include "base/quote.hpp"

#include <algorithm>

namespace caveat {

namespace {

const std::vector<std::string>& answer_keys() {
  static const std::vector<std::string> keys = {"value", "unit", "unknown", "recorded", "source"};
  return keys;
}

std::string naming(const FactDeclaration& fact) { return "fact " + in_backticks(fact.name); }

std::optional<Date> day_of(std::string_view text) {
  if (const auto date = parse_date(text)) {
    if (date->precision == Precision::kDay) return date;
    return std::nullopt;
  }
  std::string date_time(text);
  const std::size_t middle = std::string_view("2026-11-01").size();
  if (date_time.size() > middle && (date_time[middle] == ' ' || date_time[middle] == 't')) date_time[middle] = 'T';
  if (date_time.ends_with('z')) date_time.back() = 'Z';
  const auto parsed = parse_rfc3339(date_time);
  if (!parsed) return std::nullopt;
  return date_of(*parsed);
}

}  // namespace

std::optional<Date> read_recorded(const InputNode& node, InputReport& report) {
  const bool dated =
      node.kind == InputKind::kDate || node.kind == InputKind::kDateTime || node.kind == InputKind::kString;
  const auto day = dated ? day_of(node.text) : std::nullopt;
  if (day) return day;
  const std::string what = dated ? in_backticks(node.text) : std::string(describe(node.kind));
  report.error("bad-date", node.offset, what + " does not say when it was recorded",
               "write a date such as 2026-11-01, or a date-time with its offset such as 2026-11-01T10:00:00Z");
  return std::nullopt;
}

std::string read_short_text(const InputNode& node, InputReport& report) {
  const std::string key = in_backticks(node.key);
  if (node.kind != InputKind::kString) {
    report.error("wrong-type", node.offset, key + " must be a string, not " + std::string(describe(node.kind)),
                 "put it in quotes");
  } else if (node.text.empty()) {
    report.error("empty-value", node.offset, key + " is empty", "write something, or leave it out");
  } else if (node.text.size() > kShortTextMax) {
    report.error("too-long", node.offset, key + " is longer than " + std::to_string(kShortTextMax) + " bytes",
                 "shorten it");
  } else {
    return std::string(node.text);
  }
  return {};
}

std::vector<Answer> AnswerReader::read(const FactDeclaration& fact, const InputNode& node) {
  if (node.kind == InputKind::kList && lists_sources(fact, node)) return read_sources(fact, node);
  std::vector<Answer> out;
  if (auto answer = read_one(fact, node)) out.push_back(*std::move(answer));
  return out;
}

// For a fact that may be a list itself, only a list of tables is one of sources.
bool AnswerReader::lists_sources(const FactDeclaration& fact, const InputNode& list) const {
  if (fact.type != FactType::kChoices) return true;
  for (InputId id = list.child; id != 0; id = tree_.nodes[id].next) {
    if (tree_.nodes[id].kind == InputKind::kTable) return true;
  }
  return false;
}

std::vector<Answer> AnswerReader::read_sources(const FactDeclaration& fact, const InputNode& list) {
  std::vector<Answer> out;
  if (list.count == 0) {
    report_.error("empty-value", list.offset, naming(fact) + " has an empty list of answers", "leave the fact out");
  }
  for (InputId id = list.child; id != 0; id = tree_.nodes[id].next) {
    const InputNode& element = tree_.nodes[id];
    if (element.kind != InputKind::kTable) {
      report_.error("wrong-type", element.offset,
                    naming(fact) + " has " + std::string(describe(element.kind)) + " in a list of answers",
                    json_ ? "one answer a source: `[{ \"value\": …, \"source\": … }, …]`"
                          : "one answer a source: `[{ value = …, source = … }, …]`");
    } else if (auto answer = read_one(fact, element)) {
      out.push_back(*std::move(answer));
    }
  }
  return out;
}

std::optional<Answer> AnswerReader::read_one(const FactDeclaration& fact, const InputNode& node) {
  if (node.kind == InputKind::kTable) return read_table(fact, node);
  Answer answer;
  answer.place = report_.place(node.offset);
  if (ValueReader::says_unknown(fact, node)) {
    answer.content = UnknownReason::kNotKnown;
    return answer;
  }
  auto value = values_.read(fact, node, nullptr);
  if (!value) return std::nullopt;
  answer.content = *std::move(value);
  return answer;
}

std::optional<Answer> AnswerReader::read_table(const FactDeclaration& fact, const InputNode& table) {
  const std::size_t errors_before = report_.errors();
  refuse_other_keys(fact, table);
  Answer answer;
  if (const InputNode* recorded = find(table, "recorded")) answer.recorded = read_recorded(*recorded, report_);
  if (const InputNode* source = find(table, "source")) answer.source = read_short_text(*source, report_);
  auto content = read_content(fact, table);
  if (!content || report_.errors() != errors_before) return std::nullopt;
  const InputNode* value = find(table, "value");
  answer.content = *std::move(content);
  answer.place = report_.place(value != nullptr ? value->offset : table.offset);
  return answer;
}

std::optional<std::variant<UnknownReason, FactValue>> AnswerReader::read_content(const FactDeclaration& fact,
                                                                                 const InputNode& table) {
  const InputNode* value = find(table, "value");
  const InputNode* unit = find(table, "unit");
  const InputNode* unknown = find(table, "unknown");
  if (value != nullptr && unknown != nullptr) {
    report_.error("contradiction", unknown->key_offset, naming(fact) + " has both `value` and `unknown` in one answer",
                  "keep one of the two");
    return std::nullopt;
  }
  if (unknown != nullptr && unit != nullptr) {
    report_.error("misplaced-key", unit->key_offset, "an unknown answer has no `unit`", "remove `unit`");
    return std::nullopt;
  }
  if (unknown != nullptr) return read_reason(fact, *unknown);
  if (value == nullptr) {
    report_.error("missing-value", table.offset, naming(fact) + " has an answer with neither `value` nor `unknown`",
                  json_ ? "write `{ \"value\": … }` or `{ \"unknown\": \"declined\" }`"
                        : "write `{ value = … }` or `{ unknown = \"declined\" }`");
    return std::nullopt;
  }
  if (ValueReader::says_unknown(fact, *value)) return UnknownReason::kNotKnown;
  return values_.read(fact, *value, unit);
}

std::optional<UnknownReason> AnswerReader::read_reason(const FactDeclaration& fact, const InputNode& node) {
  constexpr std::string_view kHelp =
      "allowed: `declined` (asked, not answered), `not-known` (asked, not known), `not-asked`";
  for (const UnknownReason reason : {UnknownReason::kDeclined, UnknownReason::kNotKnown, UnknownReason::kNotAsked}) {
    if (node.kind == InputKind::kString && node.text == to_string(reason)) return reason;
  }
  const std::string what = node.kind == InputKind::kString ? in_backticks(node.text) : std::string(describe(node.kind));
  report_.error("bad-unknown-reason", node.offset, what + " is not a reason why " + naming(fact) + " is unknown",
                std::string(kHelp));
  return std::nullopt;
}

void AnswerReader::refuse_other_keys(const FactDeclaration& fact, const InputNode& table) {
  for (InputId id = table.child; id != 0; id = tree_.nodes[id].next) {
    const InputNode& node = tree_.nodes[id];
    const auto& keys = answer_keys();
    if (std::find(keys.begin(), keys.end(), node.key) != keys.end()) continue;
    const std::string near = did_you_mean(node.key, keys);
    report_.error("unknown-key", node.key_offset,
                  "an answer to " + naming(fact) + " has no key " + in_backticks(node.key),
                  near.empty() ? "allowed: " + backticked_list(keys) : near);
  }
}

const InputNode* AnswerReader::find(const InputNode& table, std::string_view key) const {
  for (InputId id = table.child; id != 0; id = tree_.nodes[id].next) {
    if (tree_.nodes[id].key == key) return &tree_.nodes[id];
  }
  return nullptr;
}

}  // namespace caveat
