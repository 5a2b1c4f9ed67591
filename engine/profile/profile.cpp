#include "profile/profile.hpp"

#include "base/digest.hpp"
#include "base/quote.hpp"
#include "profile/answer_reader.hpp"
#include "profile/fhir_part.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace caveat {

namespace {

class ProfileReader {
 public:
  ProfileReader(const InputTree& tree, bool json, const Vocabulary& vocabulary, const ProfileOptions& options,
                InputReport& report)
      : tree_(tree), vocabulary_(vocabulary), options_(options), report_(report), answers_(tree, json, report) {}

  Result<ProfileData> read() {
    for (const Diagnostic& duplicate : tree_.duplicates) report_.add(duplicate);
    for (InputId id = tree_.nodes[0].child; id != 0; id = tree_.nodes[id].next) read_key(tree_.nodes[id]);
    if (report_.has_errors()) return fail(ErrorKind::kInput, report_.take());
    std::sort(profile_.facts.begin(), profile_.facts.end(),
              [](const FactAnswers& a, const FactAnswers& b) { return a.fact < b.fact; });
    profile_.diagnostics = report_.take();
    profile_.vocabulary = vocabulary_.fingerprint();
    profile_.digest = sha256(canonical_json(profile_, vocabulary_));
    return std::move(profile_);
  }

 private:
  void read_key(const InputNode& node) {
    if (node.key == "id") {
      profile_.id = read_short_text(node, report_);
    } else if (node.key == "recorded") {
      profile_.recorded = read_recorded(node, report_);
      profile_.recorded_place = report_.place(node.offset);
    } else if (node.key == "facts") {
      read_facts(node);
    } else {
      refuse_key(node);
    }
  }

  void refuse_key(const InputNode& node) {
    static const std::vector<std::string> keys = {"id", "recorded", "facts"};
    std::string help = did_you_mean(node.key, keys);
    if (vocabulary_.find(node.key)) help = "this is a fact: put it under `facts`";
    if (help.empty()) help = "allowed: " + backticked_list(keys);
    report_.error("unknown-key", node.key_offset, "a profile has no key " + in_backticks(node.key), std::move(help));
  }

  void read_facts(const InputNode& facts) {
    if (facts.kind != InputKind::kTable) {
      report_.error("wrong-type", facts.offset, "`facts` must be a table, not " + std::string(describe(facts.kind)),
                    "name each fact in it");
      return;
    }
    if (facts.count > options_.facts_max) return too_many(facts);
    profile_.facts.reserve(facts.count);
    for (InputId id = facts.child; id != 0; id = tree_.nodes[id].next) read_fact(tree_.nodes[id]);
    if (answers_given_ > options_.facts_max) too_many(facts);
  }

  void too_many(const InputNode& facts) {
    report_.error("too-many-facts", facts.offset,
                  "the profile has more than " + std::to_string(options_.facts_max) + " facts or answers",
                  "a profile is one person's; split it");
  }

  void read_fact(const InputNode& node) {
    const auto id = vocabulary_.find(node.key);
    if (!id) return refuse_fact(node);
    const FactDeclaration& fact = vocabulary_[*id];
    if (fact.derived) {
      report_.error("derived-fact", node.key_offset,
                    "fact " + in_backticks(fact.name) + " is computed and cannot be given",
                    fact.reads.empty() ? "remove it" : "give what it is computed from: " + backticked_list(fact.reads));
      return;
    }
    answers_given_ += node.kind == InputKind::kList ? node.count : 1;
    if (answers_given_ > options_.facts_max) return;
    std::vector<Answer> answers = answers_.read(fact, node);
    if (!answers.empty()) profile_.facts.push_back({*id, std::move(answers)});
  }

  void refuse_fact(const InputNode& node) {
    std::string help = nearest_fact(node.key);
    std::string message = "no fact is called " + in_backticks(node.key);
    if (options_.lenient) {
      report_.warning("unknown-fact", node.key_offset, message + "; it is left out", std::move(help));
    } else {
      report_.error("unknown-fact", node.key_offset, std::move(message), std::move(help));
    }
  }

  // Looking for the nearest name costs more than all else that is done for a fact: past the listed mistakes, not at
  // all.
  std::string nearest_fact(std::string_view name) {
    if (++refused_ > kMistakesMax) return {};
    if (names_.empty()) names_ = vocabulary_.names();
    std::string help = did_you_mean(name, names_);
    return help.empty() ? "`caveat facts` lists the facts that are declared" : help;
  }

  const InputTree& tree_;
  const Vocabulary& vocabulary_;
  const ProfileOptions& options_;
  InputReport& report_;
  AnswerReader answers_;
  ProfileData profile_;
  std::size_t answers_given_ = 0;
  std::size_t refused_ = 0;
  std::vector<std::string> names_;
};

// Keys and elements that a profile of the most facts may need, each answered with all that an answer may say.
std::size_t entries_max(const ProfileOptions& options) {
  constexpr std::size_t kEntriesPerFact = 10;
  constexpr std::size_t kAtLeast = 1000;
  if (options.facts_max > std::numeric_limits<std::size_t>::max() / kEntriesPerFact) return options.facts_max;
  return std::max(options.facts_max * kEntriesPerFact, kAtLeast);
}

TextLimits limits_of(const ProfileOptions& options) {
  TextLimits limits;
  limits.bytes_max = options.bytes_max;
  limits.depth_max = options.depth_max;
  limits.entries_max = entries_max(options);
  return limits;
}

Result<ProfileData> read(Result<InputTree> tree, bool json, std::string_view text, const std::string& file,
                         const Vocabulary& vocabulary, const ProfileOptions& options) {
  if (!tree) return Failure(std::move(tree.error()));
  InputReport report(without_byte_order_mark(text), file);
  return ProfileReader(*tree, json, vocabulary, options, report).read();
}

// `[facts]`, `[[x]]`, `["a"]  # note`: what stands between the brackets, and after them on the line, tells.
bool is_table_header(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  line = line.substr(0, line.find('#'));
  const std::size_t close = line.rfind(']');
  if (close == std::string_view::npos || line.find_first_not_of(" \t\r", close + 1) != std::string_view::npos)
    return false;
  const std::size_t open = line.find_first_not_of('[');
  const std::string_view name = line.substr(open, close > open ? close - open : 0);
  const bool empty = name.find_first_not_of(" \t]") == std::string_view::npos;
  return !empty && name.find_first_of("{}[,:") == std::string_view::npos;
}

bool looks_like_json(std::string_view text) {
  text = without_byte_order_mark(text);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return false;
  if (text[first] == '{') return true;
  return text[first] == '[' && !is_table_header(text.substr(first));
}

}  // namespace

std::string_view to_string(UnknownReason reason) {
  constexpr std::array<std::string_view, 7> kNames = {"not-asked",   "not-known", "declined",    "stale",
                                                      "conflicting", "invalid",   "check-failed"};
  return kNames[static_cast<std::size_t>(reason)];
}

Result<ProfileData> read_profile_json(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                      const ProfileOptions& options) {
  return read(read_json_tree(text, file, limits_of(options)), true, text, file, vocabulary, options);
}

Result<ProfileData> read_profile_toml(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                      const ProfileOptions& options) {
  return read(read_toml_tree(text, file, limits_of(options)), false, text, file, vocabulary, options);
}

Result<ProfileData> read_profile(std::string_view text, const std::string& file, const Vocabulary& vocabulary,
                                 const ProfileOptions& options) {
  if (looks_like_json(text)) {
    if (!looks_like_fhir(text)) return read_profile_json(text, file, vocabulary, options);
    ProfileOptions named = options;
    named.file = file;
    return read_profile_fhir(text, vocabulary, named);
  }
  return read_profile_toml(text, file, vocabulary, options);
}

Result<ProfileData> read_profile_facts(const TomlValue& facts, std::string_view text, const std::string& file,
                                       const Vocabulary& vocabulary, const ProfileOptions& options) {
  return read(facts_tree(facts), false, text, file, vocabulary, options);
}

}  // namespace caveat
