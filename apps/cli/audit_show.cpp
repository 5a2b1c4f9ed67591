// `caveat audit list`, `show` and `export`: what the log says, for people and for other programs.
#include "commands.hpp"
#include "profiles.hpp"

#include "audit/reader.hpp"
#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "base/quote.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace caveat::cli {

namespace {

Result<AuditReader> open_log(const Arguments& arguments) {
  if (!arguments.format.empty()) {
    if (auto known = check_choice("--format", arguments.format, listing_formats()); !known)
      return Failure(std::move(known.error()));
  }
  return AuditReader::open(arguments.audit, arguments.audit_key);
}

// The number of the first record to show, so that the newest `--last N` are.
Result<std::int64_t> first_of(const Arguments& arguments, AuditReader& log) {
  if (arguments.last.empty()) return 1;
  std::int64_t count = 0;
  const char* const end = arguments.last.data() + arguments.last.size();
  const auto [stopped, error] = std::from_chars(arguments.last.data(), end, count);
  if (error != std::errc() || stopped != end || count < 1)
    return Failure(usage_error("--last is " + in_backticks(arguments.last), "a whole number above 0"));
  const auto last = log.last();
  if (!last) return Failure(last.error());
  return std::max<std::int64_t>(1, *last - count + 1);
}

// Pads or leaves alone: ids are never cut.
std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

struct Summary {
  std::string operator()(const LogEntry& entry) const { return "log " + entry.log; }
  std::string operator()(const NoteEntry& entry) const { return entry.note; }
  std::string operator()(const FeedbackEntry& entry) const {
    std::string out = entry.rule + ' ' + std::string(to_string(entry.outcome));
    if (!entry.reason.empty()) out += ", " + entry.reason;
    return out;
  }
  std::string operator()(const EvaluationEntry& entry) const {
    constexpr std::size_t kPackWidth = 20;
    std::string out = padded(entry.pack.empty() ? "-" : entry.pack, kPackWidth) + ' ';
    out += to_string(entry.disposition);
    if (!entry.complete) out += ", not complete";
    if (entry.refused) out += ", refused";
    return out;
  }
};

std::string list_line(const AuditLine& line) {
  constexpr std::size_t kNumberWidth = 8, kTypeWidth = 11;
  std::string out = padded(std::to_string(line.row.sequence), kNumberWidth) + line.record.stamp.recorded + "  ";
  out += padded(std::string(type_of(line.record.entry)), kTypeWidth) + std::visit(Summary(), line.record.entry);
  if (line.record.stamp.clock_back) out += "  (clock stepped back)";
  return out;
}

// Members of a record in the order of its bytes, one a line.
void show_members(const std::string& body, Console& console) {
  const boost::json::value record = boost::json::parse(body);  // reading the record has parsed it before
  for (const auto& [key, value] : record.get_object()) {
    const std::string text = value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
    console.out_line("  " + std::string(key) + ": " + text);
  }
}

void show_context(const AuditContext& context, Console& console) {
  console.out_line("engine " + context.engine_version + " " + context.engine_digest);
  for (const AuditContext::Pack& pack : context.packs)
    console.out_line("pack " + pack.id + " " + pack.version + " " + pack.status + " " + pack.digest);
  for (const AuditContext::Plugin& plugin : context.plugins)
    console.out_line("plugin " + plugin.id + " " + plugin.version + " " + plugin.digest);
  console.out_line("lexicons " + context.lexicons);
  for (const DisabledRule& rule : context.disabled)
    console.out_line("disabled " + rule.rule + ", " + rule.date + ", " + rule.person + ": " + rule.reason);
}

// One line of an export: {"hash":…,"mac":…,"record":…}, the record's bytes as they are.
std::string export_line(const AuditLine& line) {
  return R"({"hash":")" + sha256(line.row.body) + R"(","mac":")" + line.row.mac + R"(","record":)" + line.row.body +
         '}';
}

}  // namespace

int run_audit_list(const Arguments& arguments, Console& console) {
  auto log = open_log(arguments);
  if (!log) return console.report(log.error());
  const auto first = first_of(arguments, *log);
  if (!first) return console.report(first.error());
  const bool json = arguments.format == "json";
  bool any = false;
  if (json) console.out(R"({"schema":"caveat.audit.list/1","records":[)");
  const auto read = log->each(*first, [&](const AuditLine& line) {
    if (json)
      console.out((any ? "," : "") + line.row.body);
    else
      console.out_line(list_line(line));
    any = true;
    return true;
  });
  if (json) console.out_line("]}");
  return read ? kDone : console.report(read.error());
}

int run_audit_show(const Arguments& arguments, Console& console) {
  auto log = open_log(arguments);
  if (!log) return console.report(log.error());
  const auto line = log->find(arguments.words.front());
  if (!line) return console.report(line.error());
  const auto* evaluation = std::get_if<EvaluationEntry>(&line->record.entry);
  std::optional<AuditContext> context;
  if (evaluation != nullptr) {
    auto read = log->context(evaluation->context);
    if (!read) return console.report(read.error());
    context = *std::move(read);
  }
  if (arguments.format == "json") {
    std::string out = R"({"schema":"caveat.audit.record/1",)" + export_line(*line).substr(1);
    if (context) out.insert(out.size() - 1, R"(,"context":)" + to_text(*context));
    console.out_line(out);
    return kDone;
  }
  console.out_line("record " + std::to_string(line->row.sequence) + " " + sha256(line->row.body));
  show_members(line->row.body, console);
  if (context) show_context(*context, console);
  return kDone;
}

int run_audit_export(const Arguments& arguments, Console& console) {
  auto log = open_log(arguments);
  if (!log) return console.report(log.error());
  const auto first = first_of(arguments, *log);
  if (!first) return console.report(first.error());
  std::set<std::string> told;
  std::optional<Error> missing;
  // What an engine had loaded stands before the first record that refers to it.
  const auto read = log->each(*first, [&](const AuditLine& line) {
    const auto* evaluation = std::get_if<EvaluationEntry>(&line.record.entry);
    if (evaluation != nullptr && told.insert(evaluation->context).second) {
      const auto context = log->content(evaluation->context);
      if (!context) {
        missing = context.error();
        return false;
      }
      console.out_line(R"({"content":")" + evaluation->context + R"(","context":)" + *context + '}');
    }
    console.out_line(export_line(line));
    return true;
  });
  if (missing) return console.report(*missing);
  return read ? kDone : console.report(read.error());
}

}  // namespace caveat::cli
