// Strings: places and lengths count code points. Patterns are RE2's: linear in the text, whatever the pattern.
#include "conditions/expression.hpp"
#include "conditions/limits.hpp"
#include "conditions/operators.hpp"
#include "conditions/runtime.hpp"
#include "conditions/text_functions.hpp"

#include <re2/re2.h>

namespace caveat {
namespace {

const std::string& text(const Arguments& in, std::size_t index) { return in.get<std::string>(index); }

Value too_long(const Arguments& in) { return in.run.raise("`" + text_of(in.node) + "` makes too long a list or text"); }

Value bounded(const Arguments& in, std::string made) {
  return made.size() > kTextBytesMax ? too_long(in) : Value(std::move(made));
}

Value concatenate(const Arguments& in) { return bounded(in, text(in, 0) + text(in, 1)); }

// `&` takes null as the empty string.
Value join_nulls(const Arguments& in) {
  std::string joined;
  for (const auto& value : in.values) {
    if (const auto* part = value.get<std::string>()) joined += *part;
  }
  return bounded(in, std::move(joined));
}

Value length(const Arguments& in) { return Value(static_cast<std::int32_t>(code_points(text(in, 0)))); }
Value to_upper(const Arguments& in) { return Value(upper(text(in, 0))); }
Value to_lower(const Arguments& in) { return Value(lower(text(in, 0))); }
Value starts_with(const Arguments& in) { return Value(text(in, 0).starts_with(text(in, 1))); }
Value ends_with(const Arguments& in) { return Value(text(in, 0).ends_with(text(in, 1))); }

Value part(const Arguments& in, std::int32_t start, std::int32_t count) {
  if (start < 0 || count < 0) return Value();
  auto found = substring(text(in, 0), static_cast<std::size_t>(start), static_cast<std::size_t>(count));
  return found ? Value(*std::move(found)) : Value();
}

Value substring_to_end(const Arguments& in) {
  return part(in, in.get<std::int32_t>(1), static_cast<std::int32_t>(text(in, 0).size()));
}
Value substring_of(const Arguments& in) {
  if (in.values[0].is_null() || in.values[1].is_null()) return Value();
  return in.values[2].is_null() ? substring_to_end(in) : part(in, in.get<std::int32_t>(1), in.get<std::int32_t>(2));
}
Value character(const Arguments& in) { return part(in, in.get<std::int32_t>(1), 1); }

Value place(const std::string& where, std::size_t byte) {
  if (byte == std::string::npos) return Value(std::int32_t{-1});
  return Value(static_cast<std::int32_t>(code_points(std::string_view(where).substr(0, byte))));
}
Value position_of(const Arguments& in) { return place(text(in, 1), text(in, 1).find(text(in, 0))); }
Value last_position_of(const Arguments& in) { return place(text(in, 1), text(in, 1).rfind(text(in, 0))); }

Value split(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  const std::string& whole = text(in, 0);
  List parts;
  std::size_t from = 0;
  if (!in.values[1].is_null() && !text(in, 1).empty()) {
    const std::string& separator = text(in, 1);
    for (auto at = whole.find(separator); at != std::string::npos; at = whole.find(separator, from)) {
      parts.elements.emplace_back(whole.substr(from, at - from));
      from = at + separator.size();
      if (parts.elements.size() > kExpandedElementsMax) return too_long(in);
    }
  }
  parts.elements.emplace_back(whole.substr(from));
  return Value(std::move(parts));
}

Value combine_with(const Arguments& in, const std::string& separator) {
  std::string joined;
  bool first = true;
  for (const auto& element : in.get<List>(0).elements) {
    const auto* part_text = element.get<std::string>();
    if (!part_text) continue;
    if (!first) joined += separator;
    joined += *part_text;
    first = false;
    if (joined.size() > kTextBytesMax) return too_long(in);
  }
  return first ? Value() : bounded(in, std::move(joined));
}

Value combine(const Arguments& in) { return combine_with(in, {}); }
Value combine_separated(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  return combine_with(in, in.values[1].is_null() ? std::string() : text(in, 1));
}

// ---- Patterns
// --------------------------------------------------------------------------------------------------------

re2::RE2::Options options() {
  re2::RE2::Options made;
  made.set_log_errors(false);
  made.set_dot_nl(true);
  made.set_max_mem(std::int64_t{1} << 20);
  return made;
}

Value bad_pattern(const Arguments& in) {
  return in.run.raise("`" + text_of(in.node) + "` has a pattern that is no regular expression");
}

Value matches(const Arguments& in) {
  const re2::RE2 pattern(text(in, 1), options());
  return pattern.ok() ? Value(re2::RE2::FullMatch(text(in, 0), pattern)) : bad_pattern(in);
}

// `$1` in the specification is `\1` in RE2; a `$` is written `\$`.
std::string rewrite_groups(const std::string& substitution) {
  std::string out;
  for (std::size_t i = 0; i < substitution.size(); ++i) {
    const char c = substitution[i];
    const char next = i + 1 < substitution.size() ? substitution[i + 1] : '\0';
    if (c == '$' && next >= '0' && next <= '9') {
      out += '\\';
    } else if (c == '\\' && next == '$') {
      out += '$';
      ++i;
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

Value replace_matches(const Arguments& in) {
  const re2::RE2 pattern(text(in, 1), options());
  std::string problem;
  const std::string rewrite = rewrite_groups(text(in, 2));
  if (!pattern.ok() || !pattern.CheckRewriteString(rewrite, &problem)) return bad_pattern(in);
  std::string result = text(in, 0);
  re2::RE2::GlobalReplace(&result, pattern, rewrite);
  return bounded(in, std::move(result));
}

Value split_on_matches(const Arguments& in) {
  if (in.values[0].is_null()) return Value();
  if (in.values[1].is_null()) return Value(List{{in.values[0]}});
  const re2::RE2 pattern(text(in, 1), options());
  if (!pattern.ok()) return bad_pattern(in);
  const std::string& whole = text(in, 0);
  List parts;
  std::size_t from = 0;
  re2::StringPiece found;
  std::size_t search = 0;
  while (search <= whole.size() && pattern.Match(whole, search, whole.size(), re2::RE2::UNANCHORED, &found, 1)) {
    const auto at = static_cast<std::size_t>(found.data() - whole.data());
    search = at + std::max<std::size_t>(found.size(), 1);
    if (found.empty()) continue;
    parts.elements.emplace_back(whole.substr(from, at - from));
    from = at + found.size();
    if (parts.elements.size() > kExpandedElementsMax) return too_long(in);
  }
  parts.elements.emplace_back(whole.substr(from));
  return Value(std::move(parts));
}

constexpr SignatureRow kRows[] = {
    {"+", "String, String -> String", kNeverNull | kRaises, concatenate},
    {"Concatenate", "String, String -> String", kNeverNull | kRaises, concatenate},
    {"&", "String, String -> String", kSeesNull | kNeverNull | kRaises, join_nulls},
    {"Length", "String -> Integer", kNeverNull, length},
    {"Upper", "String -> String", kNeverNull, to_upper},
    {"Lower", "String -> String", kNeverNull, to_lower},
    {"StartsWith", "String, String -> Boolean", kNeverNull, starts_with},
    {"EndsWith", "String, String -> Boolean", kNeverNull, ends_with},
    {"Substring", "String, Integer -> String", 0, substring_to_end},
    {"Substring", "String, Integer, Integer -> String", kSeesNull, substring_of},
    {"[]", "String, Integer -> String", 0, character},
    {"Indexer", "String, Integer -> String", 0, character},
    {"PositionOf", "String, String -> Integer", kNeverNull, position_of},
    {"LastPositionOf", "String, String -> Integer", kNeverNull, last_position_of},
    {"Split", "String, String -> List<String>", kSeesNull | kRaises, split},
    {"SplitOnMatches", "String, String -> List<String>", kSeesNull | kRaises, split_on_matches},
    {"Combine", "List<String> -> String", kRaises, combine},
    {"Combine", "List<String>, String -> String", kSeesNull | kRaises, combine_separated},
    {"Matches", "String, String -> Boolean", kRaises | kNeverNull, matches},
    {"ReplaceMatches", "String, String, String -> String", kRaises | kNeverNull, replace_matches},
};

}  // namespace

std::span<const SignatureRow> string_rows() { return kRows; }

}  // namespace caveat
