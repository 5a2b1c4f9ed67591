// What a plugin's test makes up and looks at: values, rules, what was said. See caveat/testing.hpp.
#pragma once

#include <caveat/plugin.hpp>

#include <cstdio>
#include <deque>
#include <map>

namespace caveat::sdk::testing {

using Lines = std::vector<std::string>;

// ---- Expectations ---------------------------------------------------------------------------------------------------

inline int& failures() {
  static int count = 0;
  return count;
}

inline void expect(bool holds, const char* what, const char* file, int line) {
  if (holds) return;
  ++failures();
  std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
}

/// What main() returns: 0 when every expectation held.
inline int result() { return failures() == 0 ? 0 : 1; }

#define CAVEAT_EXPECT(...) caveat::sdk::testing::expect((__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)

/// A mistake of the test itself.
[[noreturn]] inline void mistake(const std::string& what) { throw std::logic_error("the test: " + what); }

// ---- Values ---------------------------------------------------------------------------------------------------------

/// An exact decimal from its digits: `-1.5`. At most 8 digits after the point, 18 in all.
inline caveat_decimal decimal(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  std::int64_t units = 0;
  int places = -1;
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (c == '.' && places < 0) {
      places = 0;
    } else if (c >= '0' && c <= '9' && places < 8) {
      units = units * 10 + (c - '0');
      places += places >= 0 ? 1 : 0;
    } else {
      mistake("`" + std::string(text) + "` is no decimal");
    }
  }
  for (places = std::max(places, 0); places < 8; ++places) units *= 10;
  if (negative) units = -units;
  return {static_cast<std::uint64_t>(units), units < 0 ? -1 : 0};
}

/// What is known of one fact, or one element of a rule's field.
class Value {
 public:
  Value(bool value) : raw_(boolean_value(value)) {}  // NOLINT: converts on purpose, as the next
  Value(int value) : raw_(integer_value(value)) {}   // NOLINT
  static Value integer(std::int64_t value) { return Value(integer_value(value)); }
  /// A decimal, or a quantity in the fact's unit.
  static Value decimal(std::string_view text) { return Value(decimal_value(testing::decimal(text))); }
  static Value date(std::int64_t days_since_1970) { return Value(date_value(days_since_1970)); }
  static Value choice(std::string name) { return Value({std::move(name)}, CAVEAT_TYPE_CHOICE); }
  static Value choices(Lines names) { return Value(std::move(names), CAVEAT_TYPE_CHOICES); }

  const caveat_value& raw() const { return raw_; }
  const Lines& names() const { return names_; }

 private:
  explicit Value(const caveat_value& raw) : raw_(raw) {}
  Value(Lines names, caveat_type type) : names_(std::move(names)) { raw_.type = type; }
  caveat_value raw_{};
  Lines names_;
};

/// What is known of one patient, by fact. What is not in it is unknown.
using Profile = std::map<std::string, Value>;

// ---- What a plugin said ---------------------------------------------------------------------------------------------
// Words are shown as they are where the test wrote them or the plugin chose them itself; a text of the manifest is
// shown as `[its-id]`.

struct Advice {
  std::string title, statement;  ///< empty: the rule's own
  Lines details;
  std::string subject;  ///< a fact's name
  Severity severity = Severity::kRule;
};

struct Report {
  Tri value = Tri::kUnknown;
  std::string explanation;  ///< `all=true(low=true{weight}, not=true(small=false{height}))`
  std::string statement;
};

/// What was said of one profile.
struct Said {
  std::map<std::string, Advice> advices;       ///< by rule
  std::map<std::string, Report> reports;       ///< by check
  std::map<std::string, std::string> derived;  ///< by fact: `true`, `12`, `1.50000000`, a choice's place
  Lines faults;                                ///< what a host would refuse outright, and statuses but CAVEAT_OK

  /// Empty ones where there is none.
  Advice advice(const std::string& rule) const { return find(advices, rule); }
  Report report(const std::string& check) const { return find(reports, check); }
  std::string value(const std::string& fact) const { return find(derived, fact); }

 private:
  template <class T>
  static T find(const std::map<std::string, T>& all, const std::string& name) {
    const auto found = all.find(name);
    return found == all.end() ? T{} : found->second;
  }
};

// ---- The manifest ---------------------------------------------------------------------------------------------------

/// The names that a host tells at bind(), from the manifest's table headers. It is not a TOML parser: write one table a
/// header, and a field's `type` on a line of its own.
struct Manifest {
  struct Field {
    std::string name, type;
  };
  Lines kinds, derived, checks, texts;
  std::map<std::string, std::vector<Field>> fields;  ///< by kind

  explicit Manifest(std::string_view toml) {
    std::string kind;
    while (!toml.empty()) {
      const std::string_view line = toml.substr(0, toml.find('\n'));
      toml.remove_prefix(std::min(line.size() + 1, toml.size()));
      if (line.substr(0, 1) == "[") {
        kind = header(line.substr(1, line.find(']') - 1));
      } else if (!kind.empty() && line.substr(0, 4) == "type") {
        const std::size_t open = line.find('"');
        fields[kind].back().type = std::string(line.substr(open + 1, line.rfind('"') - open - 1));
      }
    }
  }

 private:
  /// The kind whose field the table is, or nothing.
  std::string header(std::string_view name) {
    Lines parts;
    for (std::size_t end = 0; end != std::string_view::npos; name.remove_prefix(std::min(end + 1, name.size()))) {
      end = name.find('.');
      parts.emplace_back(name.substr(0, end));
      if (end == std::string_view::npos) break;
    }
    if (parts.size() == 2 && parts[0] == "kind") kinds.push_back(parts[1]);
    if (parts.size() == 2 && parts[0] == "derived") derived.push_back(parts[1]);
    if (parts.size() == 2 && parts[0] == "check") checks.push_back(parts[1]);
    if (parts.size() == 2 && parts[0] == "text") texts.push_back(parts[1]);
    if (parts.size() != 4 || parts[0] != "kind" || parts[2] != "field") return {};
    fields[parts[1]].push_back({parts[3], {}});
    return parts[1];
  }
};

// ---- Rules ----------------------------------------------------------------------------------------------------------

/// A rule of one of the plugin's kinds. Each setter gives its field one more element; a field never given is absent.
class TestRule {
 public:
  TestRule& text(const std::string& field, std::string words) { return give(field, "text", {{}, std::move(words)}); }
  TestRule& string(const std::string& field, std::string words) {
    return give(field, "string", {{}, std::move(words)});
  }
  TestRule& choice(const std::string& field, std::string name) { return give(field, "choice", {{}, std::move(name)}); }
  TestRule& fact(const std::string& field, std::string name) { return give(field, "fact", {{}, std::move(name)}); }
  TestRule& integer(const std::string& field, std::int64_t value) {
    return give(field, "integer", {integer_value(value), {}});
  }
  TestRule& boolean(const std::string& field, bool value) { return give(field, "boolean", {boolean_value(value), {}}); }
  TestRule& decimal(const std::string& field, std::string_view digits) {
    return give(field, "decimal", {decimal_value(testing::decimal(digits)), {}});
  }
  TestRule& severity(Severity severity) {
    severity_ = severity;
    return *this;
  }

 private:
  friend class Host;
  struct Element {
    caveat_value raw{};
    std::string words;
  };
  struct Field {
    Manifest::Field schema;
    std::deque<Element> elements;
  };

  TestRule& give(const std::string& name, std::string_view type, Element element) {
    for (Field& field : fields_) {
      if (field.schema.name != name) continue;
      const std::string& declared = field.schema.type;
      const bool list = declared.rfind("list of ", 0) == 0;
      if ((list ? declared.substr(8) : declared) != type) mistake("`" + name + "` is declared as " + declared);
      if (!list && !field.elements.empty()) mistake("`" + name + "` is no list");
      field.elements.push_back(std::move(element));
      return *this;
    }
    mistake("the kind has no field `" + name + "`");
  }

  std::string id_;
  std::uint32_t kind_ = 0;
  Severity severity_ = Severity::kInfo;
  std::deque<Field> fields_;
};

}  // namespace caveat::sdk::testing
