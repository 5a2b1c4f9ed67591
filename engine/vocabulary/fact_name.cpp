#include "vocabulary/fact_name.hpp"

#include "base/quote.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

constexpr std::size_t kNameMax = 64;

// Words that an expression would read as its own: CQL 1.5.2's reserved words and operators, the lower-case ones, since
// no fact's name has capitals. Sorted.
constexpr std::array kReserved = std::to_array<std::string_view>({
    "after", "aggregate", "all", "and", "as", "before", "between", "by", "case", "cast", "collapse", "contains",
    "convert", "date", "day", "days", "default", "define", "difference", "distinct", "div", "duration", "during",
    "else", "end", "ends", "except", "exists", "expand", "false", "flatten", "from", "hour", "hours", "if", "implies",
    "in", "include", "included", "includes", "intersect", "is", "let", "maximum", "meets", "millisecond",
    "milliseconds", "minimum", "minute", "minutes", "mod", "month", "months", "not", "null", "occurs", "of", "on",
    "or", "overlaps", "per", "point", "precision", "predecessor", "properly", "return", "same", "second", "seconds",
    "singleton", "sort", "start", "starts", "successor", "such", "than", "that", "then", "time", "timezoneoffset",
    "to", "true", "union", "unknown", "week", "weeks", "when", "where", "width", "with", "within", "without", "xor",
    "year", "years"});

bool reserved(std::string_view name) {
  return std::binary_search(kReserved.begin(), kReserved.end(), name);
}

bool letter(char c) { return c >= 'a' && c <= 'z'; }

bool well_formed(std::string_view name) {
  if (name.empty() || !letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

void check_fact_name(std::string_view name, const Place& place, Diagnostics& diagnostics) {
  if (!well_formed(name)) {
    diagnostics.error("bad-fact-name", place, in_backticks(name) + " cannot name a fact",
                      "a fact's name starts with a letter a to z and goes on with a to z, 0 to 9 and `_`");
  } else if (name.size() > kNameMax) {
    diagnostics.error("bad-fact-name", place, "a fact's name that starts with " + in_backticks(name) + " is too long",
                      "use at most " + std::to_string(kNameMax) + " characters");
  } else if (reserved(name)) {
    diagnostics.error("reserved-fact-name", place, in_backticks(name) + " is a word of the condition language",
                      "choose another name, for example `" + std::string(name) + "_status`");
  }
}

}  // namespace caveat
