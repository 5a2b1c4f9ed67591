#include "audit/replay.hpp"

#include "audit/profile_codec.hpp"
#include "base/temporary_folder.hpp"
#include "evaluation/evaluation_data.hpp"
#include "evaluation/render.hpp"

#include <fstream>
#include <memory>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

namespace {

Failure cannot(ErrorKind kind, const char* code, std::string message, std::string help = {}) {
  return fail(kind, {DiagnosticLevel::kError, code, {}, std::move(message), std::move(help)});
}

// A name that stays in its folder, whoever wrote the log.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

class Replayer {
 public:
  Replayer(AuditReader& log, const EvaluationEntry& entry, const AuditKey& key) : log_(log), entry_(entry), key_(key) {}

  Result<Replay> run(const EngineOptions& now, const ProfileSource& source) {
    auto snapshot = load(now);
    if (!snapshot) return Failure(std::move(snapshot.error()));
    auto read = source((*snapshot)->vocabulary);
    if (!read) return Failure(std::move(read.error()));
    const auto profile = std::make_shared<const ProfileData>(*std::move(read));
    compare(*profile);
    Replay out;
    out.result = render_json(*evaluate(*snapshot, profile, {{entry_.at}, entry_.pack, entry_.language}), {});
    out.same = key_.digest(audit_purpose::kResult, out.result) == entry_.result;
    out.differences = std::move(differences_);
    return out;
  }

 private:
  Result<std::shared_ptr<const Snapshot>> load(EngineOptions options) {
    auto context = log_.context(entry_.context);
    if (!context) return Failure(std::move(context.error()));
    auto folder = TemporaryFolder::make();
    if (!folder) return Failure(std::move(folder.error()));
    options.retired = true;
    options.disabled = context->disabled;
    options.wording = folder->path() / "wording";
    options.rules = folder->path() / "packs";
    if (auto written = write_folder(options.wording, context->lexicons); !written) return Failure(written.error());
    for (const AuditContext::Pack& pack : context->packs) {
      if (!is_plain_name(pack.id)) return unusable(pack.id);
      auto written = write_folder(options.rules.paths.front() / pack.id, pack.digest);
      if (!written) return Failure(std::move(written.error()));
    }
    auto snapshot = load_snapshot(options, PackSource::kRecord);
    if (snapshot) compare(*context, context_of(**snapshot));
    return snapshot;
  }

  Result<void> write_folder(const fs::path& folder, const std::string& digest) {
    const auto files = log_.files(digest);
    if (!files) return Failure(files.error());
    std::error_code error;
    fs::create_directories(folder, error);
    for (const SourceFile& file : *files) {
      if (!is_plain_name(file.name)) return unusable(file.name);
      std::ofstream out(folder / file.name, std::ios::binary);
      if (!out.write(file.text.data(), static_cast<std::streamsize>(file.text.size())).flush())
        return cannot(ErrorKind::kInternal, "unwritable",
                      "the packs of then cannot be written into a temporary folder");
    }
    return {};
  }

  static Failure unusable(const std::string& name) {
    return cannot(ErrorKind::kInternal, "audit-damaged", "the log names a file `" + name + "`");
  }

  void differs(const char* code, std::string message) {
    differences_.push_back({DiagnosticLevel::kWarning, code, {}, std::move(message), ""});
  }

  static std::string in_words(const std::string& version, const std::string& digest) {
    return version + " (" + digest + ")";
  }

  void compare(const AuditContext& then, const AuditContext& now) {
    if (then.engine_version != now.engine_version || then.engine_digest != now.engine_digest) {
      differs("engine-differs", "the engine was " + in_words(then.engine_version, then.engine_digest) + "; this is " +
                                    in_words(now.engine_version, now.engine_digest));
    }
    for (const AuditContext::Plugin& plugin : then.plugins) {
      const auto* other = find(now.plugins, plugin.id);
      if (other == nullptr) {
        differs("plugin-differs", "the plugin `" + plugin.id + "` is not loaded any more");
      } else if (other->version != plugin.version || other->digest != plugin.digest) {
        differs("plugin-differs", "the plugin `" + plugin.id + "` was " + in_words(plugin.version, plugin.digest) +
                                      "; this is " + in_words(other->version, other->digest));
      }
    }
    for (const AuditContext::Plugin& plugin : now.plugins) {
      if (find(then.plugins, plugin.id) == nullptr)
        differs("plugin-differs", "the plugin `" + plugin.id + "` was not loaded then");
    }
  }

  static const AuditContext::Plugin* find(const std::vector<AuditContext::Plugin>& plugins, const std::string& id) {
    for (const AuditContext::Plugin& plugin : plugins) {
      if (plugin.id == id) return &plugin;
    }
    return nullptr;
  }

  void compare(const ProfileData& profile) {
    if (key_.digest(audit_purpose::kProfile, profile.digest) != entry_.profile)
      differs("profile-differs", "the profile's answers are not those that were recorded");
    const std::string id = profile.id.empty() ? "" : key_.digest(audit_purpose::kProfileId, profile.id);
    if (id != entry_.profile_id) differs("profile-differs", "the profile's id is not the one that was recorded");
  }

  AuditReader& log_;
  const EvaluationEntry& entry_;
  const AuditKey& key_;
  std::vector<Diagnostic> differences_;
};

}  // namespace

Result<ProfileSource> kept_profile(AuditReader& log, const AuditLine& line, const SealingKey& key) {
  auto sealed = log.sealed_profile(line);
  if (!sealed) return Failure(std::move(sealed.error()));
  if (!*sealed) {
    return cannot(ErrorKind::kInput, "no-profile",
                  "the log keeps no profile of record " + std::to_string(line.row.sequence),
                  "give the one that was evaluated");
  }
  auto text = key.open(**sealed);
  if (!text) return Failure(std::move(text.error()));
  return [text = *std::move(text)](const Vocabulary& vocabulary) -> Result<ProfileData> {
    if (auto profile = parse_profile(text, vocabulary)) return *std::move(profile);
    return cannot(ErrorKind::kInternal, "audit-damaged", "the profile that is kept does not fit the packs that are");
  };
}

Result<Replay> replay(AuditReader& log, const AuditLine& line, const EngineOptions& now, const ProfileSource& profile) {
  const auto* entry = std::get_if<EvaluationEntry>(&line.record.entry);
  const std::string name = "record " + std::to_string(line.row.sequence);
  if (entry == nullptr) return cannot(ErrorKind::kInput, "no-evaluation", name + " is not that of an evaluation");
  if (entry->at.empty() || entry->pack.empty() || entry->language.empty()) {
    return cannot(ErrorKind::kInput, "no-evaluation",
                  name + " was refused: its time, its pack or its language was none, and is not kept");
  }
  const auto key = log.key();
  if (!key) return Failure(key.error());
  return Replayer(log, *entry, **key).run(now, profile);
}

}  // namespace caveat
