// The C++ side of the Caveat plugin ABI: thin views over <caveat/plugin.h>, header-only, C++17. Nothing in here holds
// state or decides anything; what a call means is said in plugin.h and docs/formats/plugin-abi.md.
//
//   #include <caveat/plugin.hpp>
//
//   class Reminders {                                               // one object a bound rule pack
//    public:
//     explicit Reminders(const caveat::sdk::Binding& binding);      // may throw: the plugin is then refused at load
//     void advise(const caveat::sdk::Batch&, const caveat::sdk::Sink&) const;   // owns kinds
//     void check(const caveat::sdk::Batch&, const caveat::sdk::Sink&) const;    // has checks in code
//     void derive(const caveat::sdk::Batch&, const caveat::sdk::Sink&) const;   // derives facts
//   };
//   CAVEAT_PLUGIN(Reminders)
//
// Leave out the member functions that the plugin has no need of. Every call that the host makes is wrapped: an
// exception becomes a status, and the plugin fails for the profiles of that call.
#pragma once

#include <caveat/plugin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caveat::sdk {

inline std::string_view view(caveat_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, static_cast<std::size_t>(text.size));
}

inline caveat_str borrow(std::string_view text) { return {text.data(), text.size()}; }

/// Element `index` of an array whose elements are `stride` bytes apart: never assume sizeof, a newer host's are larger.
template <class T>
const T& element(const T* first, std::uint32_t stride, std::uint32_t index) {
  const char* bytes = reinterpret_cast<const char*>(first) + std::size_t{stride} * index;
  return *reinterpret_cast<const T*>(bytes);
}

enum class Tri : std::uint32_t { kUnknown = CAVEAT_UNKNOWN, kFalse = CAVEAT_FALSE, kTrue = CAVEAT_TRUE };
constexpr Tri tri(bool value) { return value ? Tri::kTrue : Tri::kFalse; }

enum class Status : std::uint32_t { kUndetermined, kNotMet, kMet, kFailed };

enum class Severity : std::uint32_t {
  kRule = CAVEAT_SEVERITY_RULE,
  kInfo = CAVEAT_SEVERITY_INFO,
  kWarning = CAVEAT_SEVERITY_WARNING,
  kCritical = CAVEAT_SEVERITY_CRITICAL,
};

// Handles, so that one kind is not taken for another. `{}` is none.
struct TextId {
  caveat_text_id id = 0;
  explicit operator bool() const { return id != 0; }
};
struct FactId {
  caveat_fact_id id = 0;
  explicit operator bool() const { return id != 0; }
};
struct NodeId {
  caveat_node_id id = 0;
  explicit operator bool() const { return id != 0; }
};

/// Words for a person: a vetted text, or the plugin's own (borrowed: it must live until the sink's call returns).
class Words {
 public:
  Words() = default;
  Words(TextId text) { raw_.handle = text.id; }  // NOLINT: converts on purpose
  static Words own(std::string_view text) {
    Words words;
    words.raw_.own = borrow(text);
    return words;
  }
  explicit operator bool() const { return raw_.handle != 0 || raw_.own.size != 0; }
  const caveat_words& raw() const { return raw_; }

 private:
  caveat_words raw_{};
};

// ---- What is known at binding -------------------------------------------------------------------------------------

/// A field of a rule. The accessors take the element's index; each gives nothing where there is no such element, and
/// throws where the manifest declares another type: a slip in the plugin, found when it is bound.
class Field {
 public:
  explicit Field(const caveat_field* raw) : raw_(raw) {}
  std::string_view name() const { return view(raw_->name); }
  bool present() const { return raw_->present != 0; }
  std::uint32_t size() const { return raw_->count; }

  TextId text(std::uint32_t index = 0) const {
    const caveat_value* value = get(index, CAVEAT_TYPE_TEXT);
    return value ? TextId{value->number} : TextId{};
  }
  FactId fact(std::uint32_t index = 0) const {
    const caveat_value* value = get(index, CAVEAT_TYPE_FACT);
    return value ? FactId{value->number} : FactId{};
  }
  std::optional<std::string_view> string(std::uint32_t index = 0) const {
    const caveat_value* value = get(index, CAVEAT_TYPE_STRING);
    if (value) return view(value->string);
    return std::nullopt;
  }
  std::optional<std::string_view> choice(std::uint32_t index = 0) const {
    const caveat_value* value = get(index, CAVEAT_TYPE_CHOICE);
    if (value) return view(value->string);
    return std::nullopt;
  }
  std::optional<std::int64_t> integer(std::uint32_t index = 0) const {
    const caveat_value* value = get(index, CAVEAT_TYPE_INTEGER);
    if (value) return value->integer;
    return std::nullopt;
  }
  std::optional<caveat_decimal> decimal(std::uint32_t index = 0) const {
    const caveat_value* value = get(index, CAVEAT_TYPE_DECIMAL);
    if (value) return value->decimal;
    return std::nullopt;
  }
  std::optional<bool> boolean(std::uint32_t index = 0) const {
    const caveat_value* value = get(index, CAVEAT_TYPE_BOOLEAN);
    if (value && value->number != CAVEAT_UNKNOWN) return value->number == CAVEAT_TRUE;
    return std::nullopt;
  }

 private:
  const caveat_value* get(std::uint32_t index, caveat_type type) const {
    if (raw_->type != type)
      throw std::invalid_argument("its manifest gives the field `" + std::string(name()) + "` another type");
    if (index >= raw_->count) return nullptr;
    const caveat_value& value = element(raw_->values, raw_->value_stride, index);
    return value.type == type ? &value : nullptr;
  }
  const caveat_field* raw_;
};

class Rule {
 public:
  Rule(const caveat_rule* raw, std::uint32_t index) : raw_(raw), index_(index) {}
  std::string_view id() const { return view(raw_->id); }
  /// Index from 1 into the binding's rules: what an advice names.
  std::uint32_t index() const { return index_; }
  /// Index from 1 into the manifest's kinds.
  std::uint32_t kind() const { return raw_->kind; }
  Severity severity() const { return static_cast<Severity>(raw_->severity); }
  TextId title() const { return {raw_->title}; }
  TextId says() const { return {raw_->says}; }
  /// Throws when the kind has no such field: a slip in the plugin, found when it is bound.
  Field field(std::string_view name) const {
    for (std::uint32_t i = 0; i < raw_->field_count; ++i) {
      const Field field(&element(raw_->fields, raw_->field_stride, i));
      if (field.name() == name) return field;
    }
    throw std::invalid_argument("its manifest declares no field `" + std::string(name) + "`");
  }
  /// As field(), of a field that is required: throws when the rule does not give it.
  Field given(std::string_view name) const {
    const Field out = field(name);
    if (out.size() == 0) throw std::invalid_argument("a rule does not give the field `" + std::string(name) + "`");
    return out;
  }

 private:
  const caveat_rule* raw_;
  std::uint32_t index_;
};

class Fact {
 public:
  Fact(const caveat_fact* raw, std::uint32_t index) : raw_(raw), index_(index) {}
  std::string_view name() const { return view(raw_->name); }
  caveat_type type() const { return raw_->type; }
  FactId id() const { return {index_}; }
  /// Index from 1 of its column in every batch; 0: its value is not shown to the plugin.
  std::uint32_t column() const { return raw_->column; }
  std::string_view unit() const { return view(raw_->unit); }
  std::uint32_t choice_count() const { return raw_->choice_count; }
  std::string_view choice(std::uint32_t index) const {
    return view(element(raw_->choices, raw_->choice_stride, index));
  }
  /// A choice's place from 1, as values have it; 0 when there is no such choice.
  std::uint32_t choice_place(std::string_view name) const {
    for (std::uint32_t i = 0; i < raw_->choice_count; ++i) {
      if (choice(i) == name) return i + 1;
    }
    return 0;
  }

 private:
  const caveat_fact* raw_;
  std::uint32_t index_;
};

/// What bind() tells. Views of it stay valid as long as the instance. The look-ups by name throw when there is none.
class Binding {
 public:
  explicit Binding(const caveat_binding* raw) : raw_(raw) {}

  std::uint32_t rule_count() const { return raw_->rule_count; }
  Rule rule(std::uint32_t index) const {  ///< from 1
    return {&element(raw_->rules, raw_->rule_stride, index - 1), index};
  }
  std::vector<Rule> rules() const {
    std::vector<Rule> all;
    for (std::uint32_t i = 1; i <= raw_->rule_count; ++i) all.push_back(rule(i));
    return all;
  }
  Fact fact(std::string_view name) const {
    for (std::uint32_t i = 0; i < raw_->fact_count; ++i) {
      const Fact fact(&element(raw_->facts, raw_->fact_stride, i), i + 1);
      if (fact.name() == name) return fact;
    }
    throw std::invalid_argument("its manifest does not declare to read the fact `" + std::string(name) + "`");
  }
  TextId text(std::string_view id) const { return {index_of(raw_->texts, "text", id)}; }
  std::uint32_t kind(std::string_view name) const { return index_of(raw_->kinds, "kind", name); }
  std::uint32_t derived(std::string_view name) const { return index_of(raw_->derived, "derived fact", name); }
  std::uint32_t check(std::string_view id) const { return index_of(raw_->checks, "check", id); }

 private:
  static std::uint32_t index_of(const caveat_names& names, const char* what, std::string_view name) {
    for (std::uint32_t i = 0; i < names.count; ++i) {
      if (view(element(names.names, names.stride, i)) == name) return i + 1;
    }
    throw std::invalid_argument("its manifest has no " + std::string(what) + " `" + std::string(name) + "`");
  }
  const caveat_binding* raw_;
};

// ---- A batch --------------------------------------------------------------------------------------------------------

inline bool bit(const std::uint64_t* plane, std::uint32_t row) { return (plane[row / 64] >> (row % 64) & 1) != 0; }

/// One fact's values, by row. Each accessor gives nothing when the value is unknown or the column has another type.
class Column {
 public:
  explicit Column(const caveat_column* raw) : raw_(raw) {}
  bool known(std::uint32_t row) const { return bit(raw_->known, row); }
  Tri truth(std::uint32_t row) const {
    if (raw_->truth == nullptr || !known(row)) return Tri::kUnknown;
    return tri(bit(raw_->truth, row));
  }
  /// An integer, or a date in days since 1970-01-01.
  std::optional<std::int64_t> integer(std::uint32_t row) const { return get(raw_->integers, row); }
  std::optional<caveat_decimal> decimal(std::uint32_t row) const { return get(raw_->decimals, row); }
  std::optional<std::uint32_t> choice(std::uint32_t row) const { return get(raw_->choices, row); }
  std::optional<std::uint64_t> set(std::uint32_t row) const { return get(raw_->sets, row); }

 private:
  template <class T>
  std::optional<T> get(const T* values, std::uint32_t row) const {
    if (values == nullptr || !known(row)) return std::nullopt;
    return values[row];
  }
  const caveat_column* raw_;
};

class Batch {
 public:
  explicit Batch(const caveat_batch* raw) : raw_(raw) {}
  std::uint32_t rows() const { return raw_->rows; }
  std::string_view language() const { return view(raw_->language); }
  /// The column of a fact that the manifest declares under `reads`.
  Column column(const Fact& fact) const {
    return Column(&element(raw_->columns, raw_->column_stride, fact.column() - 1));
  }
  Status status(std::uint32_t rule, std::uint32_t row) const {
    const caveat_outcome& outcome = element(raw_->outcomes, raw_->outcome_stride, rule - 1);
    if (bit(outcome.met, row)) return Status::kMet;
    if (bit(outcome.failed, row)) return Status::kFailed;
    return bit(outcome.not_met, row) ? Status::kNotMet : Status::kUndetermined;
  }
  /// Calls `visit(row, status)` for every row in which the rule is anything but not met, in ascending order.
  template <class Visit>
  void each(const Rule& rule, Visit visit) const {
    const caveat_outcome& outcome = element(raw_->outcomes, raw_->outcome_stride, rule.index() - 1);
    for (std::uint32_t word = 0; word < raw_->words; ++word) {
      for (std::uint64_t speaks = ~outcome.not_met[word]; speaks != 0; speaks &= speaks - 1) {
        const std::uint32_t row = word * 64 + static_cast<std::uint32_t>(__builtin_ctzll(speaks));
        if (row >= raw_->rows) break;
        visit(row, status(rule.index(), row));
      }
    }
  }

 private:
  const caveat_batch* raw_;
};

// ---- What a plugin says ---------------------------------------------------------------------------------------------

struct Advice {
  std::uint32_t rule = 0;  ///< Rule::index()
  Words title;             ///< nothing: the rule's title
  Words statement;         ///< nothing: the rule's `says`
  std::vector<Words> details;
  FactId subject;  ///< fills `{label}` and `{value}`
  Severity severity = Severity::kRule;

  void detail(Words words) {  ///< adds a paragraph when there is one to add
    if (words) details.push_back(words);
  }
};

inline caveat_value integer_value(std::int64_t value) {
  caveat_value out{};
  out.type = CAVEAT_TYPE_INTEGER;
  out.integer = value;
  return out;
}

inline caveat_value boolean_value(bool value) {
  caveat_value out{};
  out.type = CAVEAT_TYPE_BOOLEAN;
  out.number = value ? CAVEAT_TRUE : CAVEAT_FALSE;
  return out;
}

inline caveat_value decimal_value(caveat_decimal value, caveat_type type = CAVEAT_TYPE_DECIMAL) {
  caveat_value out{};
  out.type = type;
  out.decimal = value;
  return out;
}

inline caveat_value choice_value(std::uint32_t place) {
  caveat_value out{};
  out.type = CAVEAT_TYPE_CHOICE;
  out.number = place;
  return out;
}

inline caveat_value choices_value(std::uint64_t set) {
  caveat_value out{};
  out.type = CAVEAT_TYPE_CHOICES;
  out.set = set;
  return out;
}

inline caveat_value date_value(std::int64_t days_since_1970) {
  caveat_value out{};
  out.type = CAVEAT_TYPE_DATE;
  out.integer = days_since_1970;
  return out;
}

/// Hands words to the host. What the host refuses it has noted against the row; there is nothing to do about it here.
class Sink {
 public:
  explicit Sink(const caveat_sink* raw) : raw_(raw) {}

  /// Whether to give up: asked for by the host. Throw, or return early (what is missing then counts as a failure).
  bool cancelled() const { return raw_->cancel != nullptr && *raw_->cancel != 0; }
  std::uint64_t deadline_ns() const { return raw_->deadline_ns; }

  void advise(std::uint32_t row, const Advice& advice) const {
    caveat_advice raw{};
    raw.size = sizeof raw;
    raw.rule = advice.rule;
    raw.subject = advice.subject.id;
    raw.severity = static_cast<caveat_severity>(advice.severity);
    raw.title = advice.title.raw();
    raw.statement = advice.statement.raw();
    static_assert(sizeof(Words) == sizeof(caveat_words));
    raw.details = advice.details.empty() ? nullptr : &advice.details.front().raw();
    raw.detail_count = static_cast<std::uint32_t>(advice.details.size());
    raw.detail_stride = sizeof(caveat_words);
    raw_->advise(raw_, row, &raw);
  }

  /// A finding of the plugin's own from the facts that it reads.
  NodeId leaf(std::uint32_t row, Words words, Tri value, const std::vector<FactId>& reads) const {
    caveat_node raw = node(CAVEAT_OP_LEAF, words, value);
    static_assert(sizeof(FactId) == sizeof(caveat_fact_id));
    raw.reads = reads.empty() ? nullptr : &reads.front().id;
    raw.read_count = static_cast<std::uint32_t>(reads.size());
    return {raw_->node(raw_, row, &raw)};
  }
  NodeId all(std::uint32_t row, Words words, Tri value, const std::vector<NodeId>& children) const {
    return inner(row, CAVEAT_OP_ALL, words, value, children);
  }
  NodeId any(std::uint32_t row, Words words, Tri value, const std::vector<NodeId>& children) const {
    return inner(row, CAVEAT_OP_ANY, words, value, children);
  }
  NodeId negation(std::uint32_t row, Words words, Tri value, NodeId child) const {
    return inner(row, CAVEAT_OP_NOT, words, value, {child});
  }

  void report(std::uint32_t row, std::uint32_t check, Tri value, NodeId root, Words statement = {}) const {
    caveat_report raw{};
    raw.size = sizeof raw;
    raw.check = check;
    raw.value = static_cast<caveat_tri>(value);
    raw.root = root.id;
    raw.statement = statement.raw();
    raw_->report(raw_, row, &raw);
  }

  void derive(std::uint32_t row, std::uint32_t fact, const caveat_value& value) const {
    raw_->derive(raw_, row, fact, &value);
  }

  void fail_profile(std::uint32_t row, TextId reason) const { raw_->fail_profile(raw_, row, reason.id); }

 private:
  static caveat_node node(caveat_op op, Words words, Tri value) {
    caveat_node raw{};
    raw.size = sizeof raw;
    raw.op = op;
    raw.value = static_cast<caveat_tri>(value);
    raw.words = words.raw();
    return raw;
  }
  NodeId inner(std::uint32_t row, caveat_op op, Words words, Tri value, const std::vector<NodeId>& children) const {
    caveat_node raw = node(op, words, value);
    static_assert(sizeof(NodeId) == sizeof(caveat_node_id));
    raw.children = children.empty() ? nullptr : &children.front().id;
    raw.child_count = static_cast<std::uint32_t>(children.size());
    return {raw_->node(raw_, row, &raw)};
  }
  const caveat_sink* raw_;
};

}  // namespace caveat::sdk

#include <caveat/plugin/thunks.hpp>

/// Defines the plugin's one exported function. `Type` is constructed from a Binding, once a bound rule pack.
#define CAVEAT_PLUGIN(Type)                                                                         \
  extern "C" const caveat_plugin* caveat_plugin_entry_v1(std::uint32_t host_major, std::uint32_t) { \
    if (host_major != CAVEAT_ABI_MAJOR) return nullptr;                                             \
    static const caveat_plugin plugin = caveat::sdk::detail::Thunks<Type>::table();                 \
    return &plugin;                                                                                 \
  }
