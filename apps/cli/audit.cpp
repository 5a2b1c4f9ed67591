// `caveat audit …`: the record of what was evaluated.
#include "commands.hpp"
#include "profiles.hpp"

#include <caveat/audit.hpp>

#include "base/json_writer.hpp"

namespace caveat::cli {

namespace {

std::string verdict(const AuditVerification& found) {
  std::string out = found.holds() ? "holds: " : "does not hold: ";
  out += counted(found.records, "record", "records") + ", " + counted(found.evaluations, "evaluation", "evaluations");
  if (found.feedback > 0) out += ", " + std::to_string(found.feedback) + " of feedback";
  if (found.clock_steps_back > 0) out += "; the clock stepped back " + counted(found.clock_steps_back, "time", "times");
  return out;
}

void show_text(const AuditVerification& found, Console& console) {
  for (const Diagnostic& finding : found.findings) console.out_line(to_string(finding));
  console.out_line(verdict(found));
  console.out_line("head: " + found.head);
  if (!found.keyed) console.out_line("without the key, the records' seals were not checked");
  if (!found.anchored) console.out_line("without an anchor, a log whose end was cut off looks whole");
}

void show_json(const AuditVerification& found, Console& console) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "caveat.audit.verification/1");
  json.member("holds", found.holds());
  json.member("records", static_cast<std::int64_t>(found.records));
  json.member("evaluations", static_cast<std::int64_t>(found.evaluations));
  json.member("feedback", static_cast<std::int64_t>(found.feedback));
  json.member("clock_steps_back", static_cast<std::int64_t>(found.clock_steps_back));
  json.member("head", std::string_view(found.head));
  json.member("keyed", found.keyed);
  json.member("anchored", found.anchored);
  json.key("findings");
  json.begin_array();
  for (const Diagnostic& finding : found.findings) {
    json.begin_object();
    json.member("code", std::string_view(finding.code));
    json.member("message", std::string_view(finding.message));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  console.out_line(out);
}

}  // namespace

int run_audit_verify(const Arguments& arguments, Console& console) {
  if (!arguments.format.empty()) {
    auto known = check_choice("--format", arguments.format, listing_formats());
    if (!known) return console.report(known.error());
  }
  const auto found = verify_audit({arguments.audit, arguments.audit_key, arguments.anchor});
  if (!found) return console.report(found.error());
  if (arguments.format == "json")
    show_json(*found, console);
  else
    show_text(*found, console);
  return found->holds() ? kDone : kDoesNotHold;
}

}  // namespace caveat::cli
