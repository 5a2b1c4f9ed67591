// Keys stand in the order of their bytes, as RFC 8785 asks: each writer below is in alphabetical order.
#include "audit/record.hpp"

#include "base/json_writer.hpp"

#include <boost/json.hpp>

#include <array>

namespace caveat {

namespace {

namespace json = boost::json;

constexpr std::string_view kSchema = "caveat.audit/1";
constexpr std::array<std::string_view, 4> kTypes = {"log", "evaluation", "note", "feedback"};
constexpr std::array<std::string_view, 2> kFeedbackOutcomes = {"accepted", "overridden"};

class BodyWriter {
 public:
  BodyWriter(const AuditRecord& record, std::string& out) : stamp_(record.stamp), entry_(record.entry), json_(out) {}

  void write() {
    json_.begin_object();
    std::visit([this](const auto& entry) { write_entry(entry); }, entry_);
    json_.member("schema", kSchema);
    if (const auto* evaluation = std::get_if<EvaluationEntry>(&entry_)) text("sealed", evaluation->sealed);
    json_.member("sequence", stamp_.sequence);
    json_.member("type", type_of(entry_));
    json_.end_object();
  }

 private:
  void text(std::string_view key, const std::string& content) {
    if (!content.empty()) json_.member(key, std::string_view(content));
  }
  void clock() {
    if (stamp_.clock_back) json_.member("clock", "stepped-back");
  }
  void previous() { text("previous", stamp_.previous); }
  void recorded() { text("recorded", stamp_.recorded); }

  void write_entry(const LogEntry& entry) {
    clock();
    text("key", entry.key);
    text("log", entry.log);
    previous();
    recorded();
  }

  void write_entry(const NoteEntry& entry) {
    clock();
    text("note", entry.note);
    previous();
    recorded();
  }

  void write_entry(const FeedbackEntry& entry) {
    clock();
    text("evaluation", entry.evaluation);
    json_.member("outcome", to_string(entry.outcome));
    previous();
    text("reason", entry.reason);
    recorded();
    text("rule", entry.rule);
  }

  void write_entry(const EvaluationEntry& entry) {
    text("at", entry.at);
    clock();
    json_.member("complete", entry.complete);
    text("context", entry.context);
    json_.member("disposition", to_string(entry.disposition));
    text("evaluation", entry.evaluation);
    if (!entry.failed_plugins.empty()) write_list("failed_plugins", entry.failed_plugins);
    text("language", entry.language);
    write_outcomes(entry.outcomes);
    text("pack", entry.pack);
    previous();
    text("profile", entry.profile);
    text("profile_id", entry.profile_id);
    recorded();
    if (entry.refused) json_.member("refused", true);
    text("result", entry.result);
  }

  void write_list(std::string_view key, const std::vector<std::string>& items) {
    json_.key(key);
    json_.begin_array();
    for (const std::string& item : items) json_.value(std::string_view(item));
    json_.end_array();
  }

  void write_outcomes(const OutcomeCounts& counts) {
    json_.key("outcomes");
    json_.begin_object();
    json_.member("failed", static_cast<std::int64_t>(counts.failed));
    json_.member("met", static_cast<std::int64_t>(counts.met));
    json_.member("not-met", static_cast<std::int64_t>(counts.not_met));
    json_.member("undetermined", static_cast<std::int64_t>(counts.undetermined));
    json_.end_object();
  }

  const RecordStamp& stamp_;
  const AuditEntry& entry_;
  JsonWriter json_;
};

// Members of a record's object; a missing or misplaced one makes the whole unreadable, never a default.
class BodyReader {
 public:
  explicit BodyReader(const json::object& object) : object_(object) {}

  std::optional<AuditRecord> read() {
    AuditRecord record;
    const std::string schema = text("schema");
    const std::string type = text("type");
    record.stamp.sequence = number(object_, "sequence");
    record.stamp.previous = text("previous");
    record.stamp.recorded = text("recorded");
    record.stamp.clock_back = optional_text("clock") == "stepped-back";
    if (type == kTypes[0])
      record.entry = LogEntry{text("log"), text("key")};
    else if (type == kTypes[1])
      record.entry = read_evaluation();
    else if (type == kTypes[2])
      record.entry = NoteEntry{text("note")};
    else if (type == kTypes[3])
      record.entry = read_feedback();
    else
      good_ = false;
    if (!good_ || schema != kSchema) return std::nullopt;
    return record;
  }

 private:
  EvaluationEntry read_evaluation() {
    EvaluationEntry entry;
    entry.at = optional_text("at");
    entry.language = optional_text("language");
    entry.pack = optional_text("pack");
    const auto disposition = parse_disposition(text("disposition"));
    if (disposition)
      entry.disposition = *disposition;
    else
      good_ = false;
    entry.complete = flag("complete", true);
    entry.refused = flag("refused", false);
    entry.outcomes = read_outcomes();
    entry.failed_plugins = list("failed_plugins");
    entry.context = text("context");
    entry.evaluation = text("evaluation");
    entry.profile = text("profile");
    entry.profile_id = optional_text("profile_id");
    entry.result = text("result");
    entry.sealed = optional_text("sealed");
    return entry;
  }

  FeedbackEntry read_feedback() {
    FeedbackEntry entry;
    entry.evaluation = text("evaluation");
    entry.rule = text("rule");
    entry.reason = optional_text("reason");
    const std::string outcome = text("outcome");
    good_ = good_ && (outcome == kFeedbackOutcomes[0] || outcome == kFeedbackOutcomes[1]);
    entry.outcome = outcome == kFeedbackOutcomes[1] ? FeedbackOutcome::kOverridden : FeedbackOutcome::kAccepted;
    return entry;
  }

  OutcomeCounts read_outcomes() {
    const json::value* found = object_.if_contains("outcomes");
    if (found == nullptr || !found->is_object()) {
      good_ = false;
      return {};
    }
    const auto count = [&](std::string_view key) {
      return static_cast<std::uint64_t>(number(found->get_object(), key));
    };
    return {count("met"), count("not-met"), count("undetermined"), count("failed")};
  }

  std::int64_t number(const json::object& from, std::string_view key) {
    const json::value* found = from.if_contains(key);
    if (found != nullptr && found->is_int64() && found->get_int64() >= 0) return found->get_int64();
    good_ = false;
    return 0;
  }

  std::string optional_text(std::string_view key) {
    const json::value* found = object_.if_contains(key);
    if (found == nullptr) return {};
    if (!found->is_string() || found->get_string().empty()) good_ = false;
    return found->is_string() ? std::string(found->get_string()) : std::string();
  }

  std::string text(std::string_view key) {
    std::string out = optional_text(key);
    good_ = good_ && !out.empty();
    return out;
  }

  bool flag(std::string_view key, bool required) {
    const json::value* found = object_.if_contains(key);
    if (found != nullptr && found->is_bool()) return found->get_bool();
    good_ = good_ && found == nullptr && !required;
    return false;
  }

  std::vector<std::string> list(std::string_view key) {
    std::vector<std::string> out;
    const json::value* found = object_.if_contains(key);
    if (found == nullptr) return out;
    if (!found->is_array()) {
      good_ = false;
      return out;
    }
    for (const json::value& item : found->get_array()) {
      good_ = good_ && item.is_string();
      if (item.is_string()) out.emplace_back(item.get_string());
    }
    return out;
  }

  const json::object& object_;
  bool good_ = true;
};

}  // namespace

std::string_view to_string(FeedbackOutcome outcome) { return kFeedbackOutcomes[static_cast<std::size_t>(outcome)]; }

std::string to_body(const AuditRecord& record) {
  std::string out;
  constexpr std::size_t kUsualBytes = 1'024;
  out.reserve(kUsualBytes);
  BodyWriter(record, out).write();
  return out;
}

std::optional<AuditRecord> parse_body(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  if (error || !value.is_object()) return std::nullopt;
  return BodyReader(value.get_object()).read();
}

std::string_view type_of(const AuditEntry& entry) { return kTypes[entry.index()]; }

}  // namespace caveat
