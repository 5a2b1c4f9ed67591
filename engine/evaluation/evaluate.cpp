#include "base/digest.hpp"
#include "base/log.hpp"
#include "advisory/messages.hpp"
#include "evaluation/evaluator.hpp"

#include <algorithm>

namespace caveat {

namespace {

Error input_error(std::string code, std::string message, std::string help) {
  return {ErrorKind::kInput, {{DiagnosticLevel::kError, std::move(code), {}, std::move(message), std::move(help)}}};
}

std::string pack_list(const Snapshot& snapshot) {
  std::string out;
  for (const auto& pack : snapshot.packs) out += (out.empty() ? "" : ", ") + pack->pack.id;
  return out;
}

// What the caller asked for: time, pack, language. Sets the error when it cannot be had.
void choose(EvaluationData& data, const EvaluateOptions& options) {
  const auto at = parse_rfc3339(options.at.rfc3339);
  if (!at) {
    data.error = input_error("bad-time", "`" + options.at.rfc3339 + "` is no time of evaluation",
                             "RFC 3339 with an offset: 2026-11-22T10:00:00+01:00");
    return;
  }
  data.at = *at;
  if (data.profile->vocabulary != data.snapshot->vocabulary.fingerprint()) {
    data.error = input_error("profile-of-another-engine", "the profile was read for an engine with other facts",
                             "read it again with this engine's vocabulary");
    return;
  }
  if (!data.snapshot->guard.knows(options.language)) {
    data.error = input_error("unknown-language", "no texts are kept in the language `" + options.language + "`",
                             "an ISO 639-1 code with a wording lexicon, such as en");
    return;
  }
  const auto& packs = data.snapshot->packs;
  if (options.pack.empty() && packs.size() == 1) {
    data.loaded = packs.front().get();
    return;
  }
  if (options.pack.empty()) {
    data.error =
        input_error("no-pack-chosen", "which pack is to be evaluated?", "one of: " + pack_list(*data.snapshot));
    return;
  }
  data.loaded = data.snapshot->find(options.pack);
  if (data.loaded != nullptr) return;
  std::vector<std::string> ids;
  for (const auto& pack : packs) ids.push_back(pack->pack.id);
  std::string help = did_you_mean(options.pack, ids);
  data.error = input_error("unknown-pack", "no pack `" + options.pack + "` is loaded",
                           help.empty() ? "loaded: " + pack_list(*data.snapshot) : help);
}

void close_with_error(EvaluationData& data) {
  data.disposition = Disposition::kIncomplete;
  data.complete = false;
  data.summary = message(Message::kSummaryError, data.language);
  const auto& diagnostics = data.error->diagnostics;
  data.diagnostics.insert(data.diagnostics.end(), diagnostics.begin(), diagnostics.end());
}

// What was done, never for whom: no outcome of a rule stands here, because one tells of a fact.
void log_evaluated(const EvaluationData& data) {
  if (!logs(LogLevel::kWarn)) return;
  for (const PluginStatus& status : data.plugins) {
    if (status.failure.empty()) continue;
    const Manifest& manifest = data.snapshot->host.plugins()[status.plugin].manifest;
    log_event(LogLevel::kWarn, "plugin failed", {{"id", manifest.id}, {"version", manifest.version}});
  }
  log_event(LogLevel::kDebug, "evaluated",
            {{"pack", data.pack().id},
             {"disposition", to_string(data.disposition)},
             {"complete", data.complete ? 1 : 0},
             {"advisories", data.advisories.size()},
             {"questions", data.questions.size()},
             {"diagnostics", data.diagnostics.size()}});
}

}  // namespace

std::shared_ptr<const EvaluationData> evaluate(std::shared_ptr<const Snapshot> snapshot,
                                               std::shared_ptr<const ProfileData> profile,
                                               const EvaluateOptions& options) {
  auto data = std::make_shared<EvaluationData>();
  data->snapshot = std::move(snapshot);
  data->given = profile;
  data->profile = std::move(profile);
  data->at_text = options.at.rfc3339;
  data->language = options.language;
  choose(*data, options);
  if (data->error) {
    close_with_error(*data);
    return data;
  }
  Evaluator evaluator(*data);
  if (!evaluator.resolve()) {
    close_with_error(*data);
    return data;
  }
  evaluator.derive();
  evaluator.decide();
  evaluator.consult();
  evaluator.settle();
  data->diagnostics.insert(data->diagnostics.end(), data->profile->diagnostics.begin(),
                           data->profile->diagnostics.end());
  log_evaluated(*data);
  return data;
}

std::string EvaluationData::id() const {
  std::string inputs = "caveat " CAVEAT_VERSION "\n";
  if (loaded != nullptr) inputs += loaded->inputs;
  for (const Diagnostic& diagnostic : profile->diagnostics) inputs += to_string(diagnostic) + '\n';
  inputs += profile->id + '\n' + profile->digest + '\n' + at_text + '\n' + language + '\n';
  constexpr std::size_t kDigits = 32;
  return sha256(inputs).substr(std::string_view("sha256:").size(), kDigits);
}

}  // namespace caveat
