#include "wording/lexicon.hpp"

#include "base/table_reader.hpp"

#include <algorithm>
#include <map>

namespace caveat {
namespace {

constexpr std::size_t kExpansionMax = 16 * 1024;

bool is_name_start(char c) { return c >= 'a' && c <= 'z'; }
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '_'; }

class LexiconReader {
 public:
  LexiconReader(const TomlDocument& document, std::string language) : document_(document) {
    lexicon_.language = std::move(language);
  }

  Result<Lexicon> run() {
    TableReader root(document_.root(), Place{document_.file(), 1, 1}, "the lexicon", diagnostics_);
    read_language(root);
    if (const TomlValue* table = root.value("fragment")) read_fragments(*table);
    if (const TomlValue* table = root.value("negation", true)) read_negation(*table);
    if (const TomlValue* table = root.value("disguise", true)) read_disguise(*table);
    if (const TomlValue* list = root.value("entry", true)) {
      for (const TomlValue& entry : list->elements()) read_entry(entry);
    }
    root.refuse_others();
    if (diagnostics_.has_errors()) return fail(ErrorKind::kLoad, diagnostics_.take());
    return std::move(lexicon_);
  }

 private:
  void read_language(TableReader& root) {
    const std::string language = root.string("language", true);
    if (language.empty() || language == lexicon_.language) return;
    diagnostics_.error("wrong-language", root.value("language")->place(),
                       "the lexicon says `" + language + "` and is named for `" + lexicon_.language + "`",
                       "a lexicon lies at `<language>.toml`");
  }

  void read_fragments(const TomlValue& table) {
    for (const TomlEntry& entry : table.entries()) {
      const auto text = entry.value.string();
      if (!text) {
        diagnostics_.error("wrong-type", entry.value.place(), "a fragment is a string", {});
        continue;
      }
      fragments_[std::string(entry.key)] = "(?:" + expand(*text, entry.value) + ")";
    }
  }

  void read_negation(const TomlValue& table) {
    TableReader reader(table, table.place(), "`[negation]`", diagnostics_);
    LexiconNegation& negation = lexicon_.negation;
    negation.heads = words(reader, "heads", true);
    negation.carry = words(reader, "carry", true);
    negation.carry_after = words(reader, "carry_after", false);
    negation.tails = words(reader, "tails", false);
    negation.tail_stems = words(reader, "tail_stems", false);
    negation.tail_endings = words(reader, "tail_endings", false);
    negation.reporting = words(reader, "reporting", false);
    negation.negators = words(reader, "negators", true);
    negation.breaks = words(reader, "breaks", false);
    negation.excuse = patterns(reader, "excuse", false);
    negation.veto = patterns(reader, "veto", false);
    reader.refuse_others();
  }

  void read_disguise(const TomlValue& table) {
    TableReader reader(table, table.place(), "`[disguise]`", diagnostics_);
    lexicon_.disguise_reason = reader.string("reason", true);
    reader.refuse_others();
  }

  void read_entry(const TomlValue& table) {
    TableReader reader(table, table.place(), "the entry", diagnostics_);
    LexiconEntry entry;
    entry.place = table.place();
    entry.id = reader.string("id", true);
    entry.category = reader.string("category", true);
    entry.reason = reader.string("reason", true);
    entry.patterns = patterns(reader, "pattern", true);
    entry.near = patterns(reader, "near", false);
    entry.unless = patterns(reader, "unless", false);
    entry.negatable = reader.boolean("negatable").value_or(true);
    entry.carry = words(reader, "carry", false);
    entry.split = reader.strings("split");
    entry.roles = reader.strings("roles");
    entry.fields = reader.strings("fields");
    entry.refuse = texts(reader, "refuse");
    entry.pass = texts(reader, "pass");
    reader.refuse_others();
    check_id(entry);
    lexicon_.entries.push_back(std::move(entry));
  }

  void check_id(const LexiconEntry& entry) {
    const auto same = [&](const LexiconEntry& other) { return other.id == entry.id; };
    if (std::none_of(lexicon_.entries.begin(), lexicon_.entries.end(), same)) return;
    diagnostics_.error("duplicate-id", entry.place, "a second entry `" + entry.id + "`",
                       "each entry has an id of its own");
  }

  // One string or a list of them, as values with their places.
  static std::vector<TomlValue> strings_of(const TomlValue* value) {
    if (value == nullptr) return {};
    if (value->is(TomlType::kString)) return {*value};
    return {value->elements().begin(), value->elements().end()};
  }

  std::vector<LexiconPattern> patterns(TableReader& reader, std::string_view key, bool required) {
    reader.strings(key, required);  // reports what is not a string
    std::vector<LexiconPattern> result;
    for (const TomlValue& value : strings_of(reader.value(key))) {
      if (const auto text = value.string()) result.push_back({expand(*text, value), value.place()});
    }
    return result;
  }

  std::vector<LexiconText> texts(TableReader& reader, std::string_view key) {
    reader.strings(key, true);
    std::vector<LexiconText> result;
    for (const TomlValue& value : strings_of(reader.value(key))) {
      if (const auto text = value.string()) result.push_back({std::string(*text), value.place()});
    }
    return result;
  }

  // Words between spaces, sorted.
  static std::vector<std::string> words(TableReader& reader, std::string_view key, bool required) {
    const std::string text = reader.string(key, required);
    std::vector<std::string> result;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = text.find_first_not_of(" \n", at);
      if (begin == std::string::npos) break;
      at = std::min(text.find_first_of(" \n", begin), text.size());
      result.push_back(text.substr(begin, at - begin));
    }
    std::sort(result.begin(), result.end());
    return result;
  }

  // Puts `{name}` in. A brace before a digit is a repetition count and stays.
  std::string expand(std::string_view pattern, const TomlValue& value) {
    std::string result;
    for (std::size_t i = 0; i < pattern.size();) {
      if (pattern[i] != '{' || i + 1 == pattern.size() || !is_name_start(pattern[i + 1])) {
        result.push_back(pattern[i++]);
        continue;
      }
      std::size_t end = i + 1;
      while (end < pattern.size() && is_name(pattern[end])) ++end;
      const std::string name(pattern.substr(i + 1, end - i - 1));
      const auto found = fragments_.find(name);
      if (found == fragments_.end()) {
        unknown_fragment(name, value.place_in_string(i));
      } else {
        result += found->second;
      }
      i = std::min(end + 1, pattern.size());
    }
    if (result.size() > kExpansionMax) {
      diagnostics_.error("pattern-too-long", value.place(), "the pattern is too long with its fragments put in", {});
      result.clear();
    }
    return result;
  }

  void unknown_fragment(const std::string& name, Place place) {
    std::vector<std::string> known;
    for (const auto& [key, text] : fragments_) known.push_back(key);
    diagnostics_.error("unknown-fragment", std::move(place), "no fragment `" + name + "` stands above",
                       did_you_mean(name, known));
  }

  const TomlDocument& document_;
  Diagnostics diagnostics_;
  std::map<std::string, std::string> fragments_;
  Lexicon lexicon_;
};

}  // namespace

Result<Lexicon> read_lexicon(std::string text, const std::filesystem::path& path) {
  auto document = TomlDocument::parse(std::move(text), path.string(), ErrorKind::kLoad);
  if (!document) return tl::unexpected(document.error());
  return LexiconReader(*document, path.stem().string()).run();
}

}  // namespace caveat
