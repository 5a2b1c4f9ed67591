// `caveat wording`: asks the guard.
#include "commands.hpp"
#include "profiles.hpp"
#include "surroundings.hpp"

#include "base/quote.hpp"
#include "base/text_file.hpp"

#include <algorithm>

namespace caveat::cli {

namespace {

// `fixed-timeline: columns 24-35 `in two weeks`: …`: columns in characters, first and last included.
std::string describe(const Refusal& refusal, const std::string& text) {
  const LineIndex index(text);
  const Place begin = index.place(refusal.begin, "");
  const Place end = index.place(refusal.end, "");
  std::string where = "column " + std::to_string(begin.column);
  if (begin.line != end.line) {
    where = "from line " + std::to_string(begin.line) + ", " + where;
  } else if (end.column > begin.column + 1) {
    where = "columns " + std::to_string(begin.column) + "-" + std::to_string(end.column - 1);
  }
  const std::string found = text.substr(std::min(refusal.begin, text.size()), refusal.end - refusal.begin);
  return refusal.category + ": " + where + (found.empty() ? "" : " " + in_backticks(found)) + ": " + refusal.reason;
}

class Asking {
 public:
  Asking(const Guard& guard, const Arguments& arguments, Console& console)
      : guard_(guard), arguments_(arguments), console_(console) {}

  int run() {
    for (const std::string& text : arguments_.words) {
      if (text == "-")
        ask_lines();
      else
        ask(text, "\n");
    }
    if (bad_input_) return kBadInput;
    return refused_ ? kDoesNotHold : kDone;
  }

 private:
  void ask_lines() {
    LineReader reader;
    for (auto state = reader.next(); state != LineReader::State::kEnd; state = reader.next()) {
      if (state == LineReader::State::kLine) {
        ask(reader.text(), "; ");
        continue;
      }
      console_.report(reader.error());
      console_.out_line("refused: not-text: the line cannot be read");
      bad_input_ = true;
    }
  }

  // `between` stands between several refusals of one text.
  void ask(const std::string& text, const char* between) {
    const auto refusals = guard_.check(text, arguments_.language, {arguments_.role, arguments_.field});
    if (refusals.empty()) return console_.out_line("ok");
    refused_ = true;
    std::string verdict;
    for (const Refusal& refusal : refusals) {
      if (!verdict.empty()) verdict += between;
      if (verdict.empty() || *between == '\n') verdict += "refused: ";
      verdict += describe(refusal, text);
    }
    console_.out_line(verdict);
  }

  const Guard& guard_;
  const Arguments& arguments_;
  Console& console_;
  bool refused_ = false, bad_input_ = false;
};

}  // namespace

int run_wording(const Arguments& arguments, Console& console) {
  if (!arguments.role.empty()) {
    if (auto known = check_choice("--role", arguments.role, role_names()); !known) return console.report(known.error());
  }
  if (std::count(arguments.words.begin(), arguments.words.end(), "-") > 1) {
    return console.report(usage_error("standard input is named twice", "it can be read only once"));
  }
  const auto guard = load_guard(find_surroundings(arguments));
  if (!guard) return console.report(guard.error());
  if (auto known = check_choice("--lang", arguments.language, guard->languages()); !known)
    return console.report(known.error());
  return Asking(*guard, arguments, console).run();
}

}  // namespace caveat::cli
