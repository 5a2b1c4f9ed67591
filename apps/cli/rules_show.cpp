// `caveat rules show`: a pack as its reader reads it: what it is, what it says and when, and where that comes from.
#include "commands.hpp"
#include "profiles.hpp"
#include "rules_folder.hpp"

#include "base/page.hpp"

#include <algorithm>

namespace caveat::cli {

namespace {

constexpr std::size_t kIndent = 2;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

class PackPage {
 public:
  PackPage(const LoadedPack& loaded, const Vocabulary& vocabulary, std::string_view language, std::size_t width)
      : pack_(loaded.pack), vocabulary_(vocabulary), language_(language), page_(width) {}

  std::string write() {
    write_head();
    write_sources();
    std::vector<const KindSchema*> kinds;  // in the order of their first rules
    for (const Rule& rule : pack_.rules) {
      if (std::find(kinds.begin(), kinds.end(), rule.kind) == kinds.end()) kinds.push_back(rule.kind);
    }
    for (const KindSchema* kind : kinds) write_kind(*kind);
    return page_.take();
  }

 private:
  void write_head() {
    page_.paragraph(0, pack_.title.in(language_));
    page_.rule();
    line("pack", pack_.id + " " + pack_.version + " (" + std::string(to_string(pack_.status)) + ")");
    line("digest", pack_.digest);
    line("trust", pack_.origin.reason);
    line("authors", joined(pack_.authors));
    line("approved by", pack_.approved_by + (pack_.approved_on.empty() ? "" : " on " + pack_.approved_on));
    if (pack_.review_by) line("review by", to_string(*pack_.review_by));
    line("decides", pack_.defer_to + ": " + std::string(pack_.deferral.in(language_)));
    line("uses", joined(pack_.uses));
    line("plugins", joined(pack_.required_plugins));
    std::string facts;
    for (const FactId id : pack_.facts) facts += (facts.empty() ? "" : ", ") + vocabulary_[id].name;
    line("facts", facts);
  }

  void write_sources() {
    for (const Source& source : pack_.sources) {
      line("source", source.id + ": " + source.title + (source.url.empty() ? "" : " <" + source.url + ">"));
    }
    for (const HookService& service : pack_.services) {
      const std::string codes = joined(service.codes);
      line("service", service.id + ": " + std::string(to_string(service.hook)) + (codes.empty() ? "" : " of " + codes));
    }
    page_.rule();
  }

  void write_kind(const KindSchema& kind) {
    page_.blank();
    page_.paragraph(0, kind.name + " (" + std::string(to_string(kind.role)) + ", by " + kind.plugin + ")");
    for (const Rule& rule : pack_.rules) {
      if (rule.kind == &kind) write_rule(rule);
    }
  }

  void write_rule(const Rule& rule) {
    page_.blank();
    page_.paragraph(kIndent, rule.id + ": " + std::string(rule.title.in(language_)), kIndent);
    page_.paragraph(2 * kIndent, "when " + (rule.condition ? condition(rule) : "always"), kIndent);
    page_.paragraph(2 * kIndent, rule.says.in(language_));
    for (std::size_t i = 0; i < rule.fields.size(); ++i) write_field(rule.kind->fields[i], rule.fields[i]);
    page_.paragraph(2 * kIndent, "severity " + std::string(to_string(rule.severity)) + "; defers to " + rule.defer_to);
    for (const Citation& citation : rule.citations) {
      const Source& source = pack_.sources[citation.source];
      page_.paragraph(2 * kIndent, "source " + source.id + (citation.section.empty() ? "" : "#" + citation.section));
    }
  }

  [[nodiscard]] std::string condition(const Rule& rule) const {
    return pack_.program->node(pack_.program->root(*rule.condition)).text;
  }

  void write_field(const FieldSchema& schema, const FieldValue& value) {
    for (const FieldScalar& element : value.elements) {
      page_.paragraph(2 * kIndent, schema.name + ": " + field_text(element), kIndent);
    }
  }

  [[nodiscard]] std::string field_text(const FieldScalar& element) const {
    struct Writer {
      const PackPage& page;
      std::string operator()(const Text& text) const { return std::string(text.in(page.language_)); }
      std::string operator()(const std::string& text) const { return text; }
      std::string operator()(std::int64_t number) const { return std::to_string(number); }
      std::string operator()(const Decimal& decimal) const { return decimal.to_string(); }
      std::string operator()(bool truth) const { return truth ? "true" : "false"; }
      std::string operator()(FactId fact) const { return page.vocabulary_[fact].name; }
    };
    return std::visit(Writer{*this}, element);
  }

  void line(const char* name, const std::string& text) {
    if (!text.empty()) page_.paragraph(0, std::string(name) + ": " + text, kIndent);
  }

  const Pack& pack_;
  const Vocabulary& vocabulary_;
  std::string_view language_;
  Page page_;
};

}  // namespace

int run_rules_show(const Arguments& arguments, Console& console) {
  const auto rules = find_rules(arguments.words.front(), arguments);
  if (!rules) return console.report(rules.error());
  const auto engine = load_rules(*rules);
  if (!engine) return console.report(engine.error());
  const Snapshot& snapshot = engine->snapshot();
  if (auto known = check_choice("--lang", arguments.language, snapshot.guard.languages()); !known) {
    return console.report(known.error());
  }
  bool first = true;
  for (const LoadedPack* loaded : packs_of(*rules, snapshot)) {
    if (!first) console.out("\n");
    console.out(PackPage(*loaded, engine->vocabulary(), arguments.language, console.width()).write());
    first = false;
  }
  return kDone;
}

}  // namespace caveat::cli
