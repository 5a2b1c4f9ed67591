#include "base/toml_errors.hpp"

#include <algorithm>
#include <array>

namespace caveat {

namespace {

// toml++ writes "Error while parsing SCOPE: REASON", quoting with apostrophes.
struct Description {
  std::string_view scope;
  std::string_view reason;
};

Description split(std::string_view text) {
  constexpr std::string_view kStart = "Error while parsing ";
  if (!text.starts_with(kStart)) return {"document", text};
  text.remove_prefix(kStart.size());
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos) return {"document", text};
  return {text.substr(0, colon), text.substr(colon + 2)};
}

struct Phrase {
  std::string_view reason;  // how toml++'s begins
  std::string_view message;
  std::string_view help;
};

constexpr std::array kPhrases = {
    Phrase{"expected value, saw '\\n'", "a value is missing after `=`", "write a value, or remove the key"},
    Phrase{"expected value, saw", "a value is missing after `=`", "write a value, or remove the key"},
    Phrase{"expected '=', saw", "a key without `=` and a value", "write `key = value`"},
    Phrase{"could not determine value type", "this is not a value",
           "text stands in quotes: \"…\"; others are numbers, true, false, dates, lists and tables"},
    Phrase{"expected comma or closing ']'", "a comma or `]` is missing in this list", "separate elements by commas"},
    Phrase{"expected value or closing ']'", "one comma too many in this list", "remove the comma"},
    Phrase{"expected comma or closing '}'", "a comma or `}` is missing in this table",
           "separate entries by commas, and close it on the same line"},
    Phrase{"expected key-value pair", "one comma too many in this table", "remove the comma"},
    Phrase{"expected key or closing '}'", "an inline table that is not closed",
           "an inline table stands on one line; use `[table]` for longer ones"},
    Phrase{"multi-line strings are prohibited in", "a key in triple quotes", "use single or double quotes for keys"},
    Phrase{"leading zeroes are prohibited", "a number with leading zeros", "remove them, or quote the text"},
    Phrase{"expected month between", "this is not a month", "dates are written YYYY-MM-DD"},
    Phrase{"expected day between", "this month has no such day", "dates are written YYYY-MM-DD"},
    Phrase{"expected 2-digit", "this is not a date or time", "dates are written YYYY-MM-DD, times HH:MM:SS"},
    Phrase{"expected 4-digit", "this is not a date", "dates are written YYYY-MM-DD"},
    Phrase{"unknown escape sequence", "an unknown escape in a string", "write `\\\\` for a backslash"},
    Phrase{"tables with blank bare keys", "a table header without a name", "write `[name]`"},
    Phrase{"expected ']', saw", "a table header without its closing `]`", "write `[name]` or `[[name]]`"},
    Phrase{"expected keys, tables, whitespace or comments", "this starts neither a key, a table nor a comment",
           "write `key = value` or `[table]`"},
    Phrase{"expected a comment or whitespace", "more text after the end of a value",
           "one `key = value` a line; text stands in quotes"},
};

std::string in_backticks(std::string_view reason) {
  std::string out(reason);
  std::replace(out.begin(), out.end(), '\'', '`');
  return out;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string_view quoted_name(std::string_view reason) {
  const std::size_t open = reason.find('\'');
  const std::size_t close = reason.find("' as ") != std::string_view::npos ? reason.find("' as ") : reason.rfind('\'');
  if (open == std::string_view::npos || close <= open) return {};
  return reason.substr(open + 1, close - open - 1);
}

// The offset of the quote that opens the string closing at `close`.
std::size_t opening_quote(std::string_view text, std::size_t close) {
  const char quote = text[close];
  std::size_t at = close;
  while (at > 0 && text[at - 1] != '\n') {
    --at;
    const bool escaped = quote == '"' && at > 0 && text[at - 1] == '\\';
    if (text[at] == quote && !escaped) return at;
  }
  return close;
}

bool in_bare_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

struct Key {
  std::size_t begin = 0;
  std::string_view text;
};

// A repeated key is noticed after its `=`: the key itself stands before it.
Key key_before(std::string_view text, std::size_t value) {
  const std::size_t equals = value == 0 ? std::string_view::npos : text.rfind('=', value - 1);
  if (equals == std::string_view::npos) return {value, {}};
  std::size_t begin = equals;
  for (std::size_t at = equals; at > 0; --at) {
    const char c = text[at - 1];
    if (c == '"' || c == '\'') at = opening_quote(text, at - 1) + 1;
    if (c != ' ' && c != '\t' && c != '"' && c != '\'' && !in_bare_key(c)) break;
    if (c != ' ' && c != '\t') begin = at - 1;
  }
  std::string_view key = text.substr(begin, equals - begin);
  while (key.ends_with(' ') || key.ends_with('\t')) key.remove_suffix(1);
  return {begin, key};
}

// A repeated table is noticed at its header or at the start of the line after it.
std::size_t header_before(std::string_view text, std::size_t offset, std::string_view name) {
  std::size_t line_end = std::min(text.find('\n', offset), text.size());
  for (int lines = 0; lines < 2; ++lines) {
    const std::size_t line_start = line_end == 0 ? 0 : text.rfind('\n', line_end - 1) + 1;
    const std::string_view line = text.substr(line_start, line_end - line_start);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos && line[first] == '[' && contains(line, name)) return line_start + first;
    if (line_start == 0) break;
    line_end = line_start - 1;
  }
  return offset;
}

Diagnostic repeated(std::string_view reason, std::size_t offset, std::string_view text, const std::string& file) {
  Key key{offset, quoted_name(reason)};
  const bool is_table = contains(reason, "existing table '") || contains(reason, "' as ") || contains(reason, "inline");
  if (is_table) {
    key.begin = header_before(text, offset, key.text);
  } else if (!key.text.empty()) {
    key = key_before(text, offset);
  }
  const std::string what = key.text.empty() ? "a part of this key" : "`" + std::string(key.text) + "`";
  return {DiagnosticLevel::kError, "duplicate-key", LineIndex(text).place(key.begin, file),
          what + " is given a second time", "keep one of the two"};
}

}  // namespace

Diagnostic toml_syntax_error(std::string_view description, std::size_t offset, std::string_view text,
                             const std::string& file) {
  const auto [scope, reason] = split(description);
  if (reason.starts_with("cannot redefine") || reason.starts_with("cannot insert")) {
    return repeated(reason, offset, text, file);
  }
  Diagnostic out{DiagnosticLevel::kError, "toml-syntax", LineIndex(text).place(offset, file), {}, {}};
  if (contains(reason, "encountered end-of-file") || contains(reason, "saw EOF")) {
    out.message = "the text ends in the middle of a " + std::string(scope);
    out.help = "complete it: close every quote, bracket and brace";
    return out;
  }
  const auto* phrase = std::find_if(kPhrases.begin(), kPhrases.end(),
                                    [&](const Phrase& p) { return contains(reason, p.reason); });
  out.message = phrase != kPhrases.end() ? std::string(phrase->message)
                                         : "not TOML: in a " + std::string(scope) + ", " + in_backticks(reason);
  if (phrase != kPhrases.end()) out.help = phrase->help;
  return out;
}

}  // namespace caveat
