// Reading UCUM expressions. The grammar is UCUM's (section 2): a leading `/`; components joined by `.` and `/` from
// left to right; a component is a unit with an exponent and an annotation, a number, an annotation alone, or an
// expression in parentheses. Two readers share it: one that computes the factor and dimension, and one that lists the
// terms.
#include "values/ucum.hpp"

#include <algorithm>

namespace caveat::ucum {

namespace {

constexpr std::size_t kTextMax = 128;
constexpr int kDepthMax = 16;
constexpr int kExponentMax = 99;
constexpr std::size_t kNumberDigitsMax = 18;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a text, 18 at most; a point is passed over.
std::uint64_t whole_number(std::string_view text) {
  std::uint64_t number = 0;
  for (const char c : text) {
    if (is_digit(c)) number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

bool is_printable(char c) { return c > ' ' && c < '\x7f'; }

std::optional<std::size_t> find_definition(std::string_view code) {
  const auto all = definitions();
  const auto at = std::lower_bound(all.begin(), all.end(), code,
                                   [](const Definition& unit, std::string_view wanted) { return unit.code < wanted; });
  if (at == all.end() || at->code != code) return std::nullopt;
  return static_cast<std::size_t>(at - all.begin());
}

/// A unit's symbol taken apart. UCUM is made so that at most one reading exists.
struct Symbol {
  std::size_t definition;
  Prefix prefix;
};

std::optional<Symbol> find_symbol(std::string_view text) {
  if (const auto whole = find_definition(text)) return Symbol{*whole, {}};
  for (const Prefix& prefix : prefixes()) {
    if (text.size() <= prefix.code.size() || !text.starts_with(prefix.code)) continue;
    const auto rest = find_definition(text.substr(prefix.code.size()));
    if (rest && definitions()[*rest].metric) return Symbol{*rest, prefix};
  }
  return std::nullopt;
}

constexpr int kDimensionMax = 1000;

/// The exponents of units that measure nothing but themselves.
bool multiply_own(Dimension& dimension, const Dimension& other, int exponent) {
  std::vector<Dimension::Own> merged;
  for (const auto& own : dimension.own) {
    if (own.exponent != 0) merged.push_back(own);
  }
  for (const auto& own : other.own) {
    if (own.exponent == 0) continue;
    auto at = std::find_if(merged.begin(), merged.end(), [&](const auto& one) { return one.unit >= own.unit; });
    if (at == merged.end() || at->unit != own.unit) at = merged.insert(at, {own.unit, 0});
    const int sum = at->exponent + own.exponent * exponent;
    if (sum > kDimensionMax || sum < -kDimensionMax) return false;
    at->exponent = static_cast<std::int16_t>(sum);
  }
  std::erase_if(merged, [](const auto& own) { return own.exponent == 0; });
  if (merged.size() > dimension.own.size()) return false;
  dimension.own = {};
  std::copy(merged.begin(), merged.end(), dimension.own.begin());
  return true;
}

bool multiply(Dimension& dimension, const Dimension& other, int exponent) {
  for (std::size_t i = 0; i < dimension.base.size(); ++i) {
    const int sum = dimension.base[i] + other.base[i] * exponent;
    if (sum > kDimensionMax || sum < -kDimensionMax) return false;
    dimension.base[i] = static_cast<std::int16_t>(sum);
  }
  return other.own.front().exponent == 0 || multiply_own(dimension, other, exponent);
}

/// All definitions, resolved. Filled on construction; only read afterwards.
class Table {
 public:
  Table() : units_(definitions().size()), ready_(definitions().size(), false) {
    for (std::size_t i = 0; i < units_.size(); ++i) resolve(i);
  }

  const Unit& resolve(std::size_t index);

 private:
  std::vector<Unit> units_;
  std::vector<bool> ready_;
};

/// Builds the unit that an expression means.
class UnitBuilder {
 public:
  explicit UnitBuilder(Table& table) : table_(table) {}

  bool symbol(std::string_view text, int exponent) {
    const auto found = find_symbol(text);
    if (!found) return false;
    const Unit& unit = table_.resolve(found->definition);
    if (unit.special) return special(unit, found->prefix, exponent);
    Factor factor = unit.factor;
    factor.ten += found->prefix.ten;
    if (found->prefix.two != 0) factor.numerator <<= static_cast<unsigned>(found->prefix.two);
    unit_.factor = unit_.factor * power(factor, exponent);
    ++parts_;
    return !unit_.special && multiply(unit_.dimension, unit.dimension, exponent);
  }

  bool number(std::string_view digits, int exponent) {
    Factor factor;
    factor.numerator = whole_number(digits);
    unit_.factor = unit_.factor * power(factor, exponent);
    ++parts_;
    return !unit_.special;
  }

  [[nodiscard]] const Unit& unit() const { return unit_; }

 private:
  /// A special unit stands alone.
  bool special(const Unit& unit, const Prefix& prefix, int exponent) {
    if (parts_++ > 0 || exponent != 1 || prefix.two != 0) return false;
    unit_ = unit;
    unit_.scale = prefix.ten;
    return true;
  }

  Table& table_;
  Unit unit_;
  int parts_ = 0;
};

/// Collects the terms of an expression.
class TermBuilder {
 public:
  bool symbol(std::string_view text, int exponent) {
    const auto found = find_symbol(text);
    if (!found || definitions()[found->definition].kind == Kind::kShifted) return false;
    terms_.push_back({std::string(text), exponent});
    return true;
  }

  bool number(std::string_view digits, int exponent) {
    if (digits != "1") terms_.push_back({std::string(digits), exponent});
    return true;
  }

  [[nodiscard]] std::vector<Term> take() { return std::move(terms_); }

 private:
  std::vector<Term> terms_;
};

template <class Builder>
class Reader {
 public:
  Reader(std::string_view text, Builder& builder) : rest_(text), builder_(builder) {}

  bool read() {
    if (rest_.empty() || rest_.size() > kTextMax) return false;
    const int first = take('/') ? -1 : 1;  // `/a.b` is (1/a).b
    return expression(first, 1, 0) && rest_.empty();
  }

 private:
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// `sign` is that of the whole, `first` that of the first component.
  bool expression(int first, int sign, int depth) {
    if (depth > kDepthMax || !component(first, depth)) return false;
    while (!rest_.empty() && (rest_.front() == '.' || rest_.front() == '/')) {
      const int next = rest_.front() == '/' ? -sign : sign;
      rest_.remove_prefix(1);
      if (!component(next, depth)) return false;
    }
    return true;
  }

  bool component(int sign, int depth) {
    if (rest_.empty()) return false;
    if (take('(')) return expression(sign, sign, depth + 1) && take(')');
    if (rest_.front() == '{') return annotation();
    return factor(sign) && (rest_.empty() || rest_.front() != '{' || annotation());
  }

  bool annotation() {
    const std::size_t end = rest_.find('}');
    if (end == std::string_view::npos) return false;
    const std::string_view text = rest_.substr(1, end - 1);
    if (!std::all_of(text.begin(), text.end(), is_printable) || text.find('{') != std::string_view::npos) return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  /// `10*` and `10^` are units; other digits are a number.
  bool factor(int sign) {
    const std::string_view symbol =
        rest_.starts_with("10*") || rest_.starts_with("10^") ? take_front(3) : take_symbol();
    if (!symbol.empty()) {
      int power = 1;
      return exponent(power) && builder_.symbol(symbol, sign * power);
    }
    const std::string_view digits = take_digits();
    if (digits.empty() || digits.size() > kNumberDigitsMax) return false;
    if (std::all_of(digits.begin(), digits.end(), [](char c) { return c == '0'; })) return false;
    return builder_.number(digits, sign);
  }

  bool exponent(int& power) {
    if (rest_.empty()) return true;
    const bool negative = rest_.front() == '-';
    const bool is_signed = negative || rest_.front() == '+';
    if (!is_signed && !is_digit(rest_.front())) return true;
    if (is_signed) rest_.remove_prefix(1);
    const std::string_view digits = take_digits();
    if (digits.empty() || digits.size() > 2) return false;
    power = 0;
    for (const char digit : digits) power = power * 10 + (digit - '0');
    static_assert(kExponentMax == 99);  // two digits
    if (negative) power = -power;
    return true;
  }

  std::string_view take_front(std::size_t count) {
    const std::string_view front = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return front;
  }

  std::string_view take_digits() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    return take_front(static_cast<std::size_t>(end - rest_.begin()));
  }

  /// Up to an operator, a digit or an annotation; anything may stand within square brackets.
  std::string_view take_symbol() {
    std::size_t end = 0;
    for (bool bracket = false; end < rest_.size(); ++end) {
      const char c = rest_[end];
      if (!is_printable(c)) break;
      if (c == '[') bracket = true;
      if (!bracket && (is_digit(c) || std::string_view("./(){}+-").find(c) != std::string_view::npos)) break;
      if (c == ']') bracket = false;
    }
    return take_front(end);
  }

  std::string_view rest_;
  Builder& builder_;
};

/// A decimal number as a factor: `25.4` is 254 × 10^-1.
Factor decimal_factor(std::string_view text) {
  Factor factor;
  factor.numerator = whole_number(text);
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos) factor.ten = -static_cast<int>(text.size() - point - 1);
  return factor;
}

std::optional<Unit> read(std::string_view text, Table& table) {
  UnitBuilder builder(table);
  if (!Reader<UnitBuilder>(text, builder).read()) return std::nullopt;
  return builder.unit();
}

const Unit& Table::resolve(std::size_t index) {
  Unit& unit = units_[index];
  if (ready_[index]) return unit;
  const Definition& definition = definitions()[index];
  switch (definition.kind) {
    case Kind::kBase: unit.dimension.base[static_cast<std::size_t>(definition.unit.front() - '0')] = 1; break;
    case Kind::kOwn: unit.dimension.own[0] = {static_cast<std::uint16_t>(index), 1}; break;
    case Kind::kDerived:
    case Kind::kShifted:
      // A definition that does not resolve would be a mistake in the table: the tests resolve each.
      unit = read(definition.unit, *this).value_or(Unit{});
      unit.factor = decimal_factor(definition.value) * unit.factor;
      break;
  }
  if (definition.code == "[pi]") unit.factor.pi = 1;
  if (definition.kind == Kind::kShifted) {
    unit.special = true;
    unit.shift = Decimal::parse(definition.shift).value_or(Decimal{});
  }
  ready_[index] = true;
  return unit;
}

void write(std::string& text, const Term& term, int exponent) {
  if (is_digit(term.symbol.front()) && term.symbol != "10*" && term.symbol != "10^") {
    text += term.symbol;  // a number has no exponent: it is written again
    for (int i = 1; i < exponent; ++i) text += '.' + term.symbol;
    return;
  }
  text += term.symbol;
  if (exponent != 1) text += std::to_string(exponent);
}

void merge(std::vector<Term>& terms, const Term& term, int sign) {
  const auto same =
      std::find_if(terms.begin(), terms.end(), [&](const Term& one) { return one.symbol == term.symbol; });
  if (same == terms.end()) {
    terms.push_back({term.symbol, term.exponent * sign});
  } else {
    same->exponent += term.exponent * sign;
  }
}

}  // namespace

namespace {

bool is_power_of_ten(const Factor& factor) {
  return factor.pi == 0 && factor.numerator == 1 && factor.denominator == 1;
}

}  // namespace

Integer ten_to(int exponent) { return pow(Integer(10), static_cast<unsigned>(exponent)); }

Factor operator*(const Factor& a, const Factor& b) {
  if (is_power_of_ten(a)) return {b.numerator, b.denominator, a.ten + b.ten, b.pi};
  if (is_power_of_ten(b)) return {a.numerator, a.denominator, a.ten + b.ten, a.pi};
  return {a.numerator * b.numerator, a.denominator * b.denominator, a.ten + b.ten, a.pi + b.pi};
}

Factor inverse(const Factor& factor) { return {factor.denominator, factor.numerator, -factor.ten, -factor.pi}; }

Factor power(const Factor& factor, int exponent) {
  if (exponent < 0) return power(inverse(factor), -exponent);
  if (exponent == 1) return factor;
  if (is_power_of_ten(factor)) return {1, 1, factor.ten * exponent, 0};
  const auto times = static_cast<unsigned>(exponent);
  return {pow(factor.numerator, times), pow(factor.denominator, times), factor.ten * exponent, factor.pi * exponent};
}

std::optional<Unit> parse(std::string_view text) {
  static Table table;
  return read(text, table);
}

std::optional<std::vector<Term>> terms(std::string_view text) {
  TermBuilder builder;
  if (!Reader<TermBuilder>(text, builder).read()) return std::nullopt;
  std::vector<Term> merged;
  for (const Term& term : builder.take()) merge(merged, term, 1);
  return merged;
}

std::string join(std::vector<Term> terms, const std::vector<Term>& others, int sign) {
  for (const Term& term : others) merge(terms, term, sign);
  std::string text;
  for (const Term& term : terms) {
    if (term.exponent <= 0) continue;
    if (!text.empty()) text += '.';
    write(text, term, term.exponent);
  }
  for (const Term& term : terms) {
    if (term.exponent >= 0) continue;
    const bool number =
        is_digit(term.symbol.front()) && !term.symbol.starts_with("10*") && !term.symbol.starts_with("10^");
    for (int i = 0; i < (number ? -term.exponent : 1); ++i) {
      text += '/';
      write(text, term, number ? 1 : -term.exponent);
    }
  }
  return text.empty() ? "1" : text;
}

}  // namespace caveat::ucum
