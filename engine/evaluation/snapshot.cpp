// Loading: lexicons, then manifests, then packs, in the order in which each needs the one before.
#include "evaluation/snapshot.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace caveat {

namespace fs = std::filesystem;

namespace {

class Loader {
 public:
  Loader(Snapshot& snapshot, const EngineOptions& options, const Trust& trust, PackSource source)
      : snapshot_(snapshot), options_(options), trust_(trust), source_(source) {}

  void load() {
    read_packs();
    declare_derived_facts();
    compile_packs();
    check_services();
    if (!diagnostics_.has_errors()) keep_packs();
    if (!diagnostics_.has_errors()) bind_plugins();
    if (!diagnostics_.has_errors()) apply_disabled();
    if (!diagnostics_.has_errors()) keep_inputs();
  }

  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  void read_packs() {
    for (const fs::path& folder : options_.rules.paths) {
      auto folders = find_packs(folder);
      if (!folders) {
        diagnostics_.append(folders.error().diagnostics);
        continue;
      }
      for (const fs::path& pack : *folders) read_one(pack);
    }
    std::stable_sort(drafts_.begin(), drafts_.end(),
                     [](const auto& a, const auto& b) { return a->pack.id < b->pack.id; });
    for (std::size_t i = 1; i < drafts_.size(); ++i) {
      if (drafts_[i]->pack.id != drafts_[i - 1]->pack.id) continue;
      diagnostics_.error("duplicate-id", drafts_[i]->pack.place,
                         "a second pack with the id `" + drafts_[i]->pack.id + "`",
                         "the first is at " + to_string(drafts_[i - 1]->pack.place));
    }
  }

  void read_one(const fs::path& folder) {
    auto draft = read_pack(folder, snapshot_.vocabulary, options_.retired, diagnostics_);
    if (draft == nullptr) return;
    if (draft->pack.status == PackStatus::kRetired && !options_.retired) {
      diagnostics_.note("retired-pack", draft->pack.place,
                        "the pack `" + draft->pack.id + "` is retired and was left out");
      return;
    }
    judge(draft->pack);
    drafts_.push_back(std::move(draft));
  }

  void judge(Pack& pack) {
    if (pack.id.empty()) return;  // reported: there is nothing to judge it as
    if (source_ == PackSource::kRecord) {
      pack.origin.digest = pack.digest;
      pack.origin.reason = "as recorded";
      return;
    }
    auto origin = trust_.pack(pack.folder, listing(pack.files), pack.id, pack.version);
    if (!origin) return diagnostics_.append(origin.error().diagnostics);
    pack.origin = std::move(*origin);
  }

  void declare_derived_facts() {
    for (const PluginInfo& plugin : snapshot_.host.plugins()) {
      for (const FactDeclaration& fact : plugin.manifest.derives) snapshot_.vocabulary.declare(fact, diagnostics_);
    }
  }

  void compile_packs() {
    std::vector<const KindSchema*> kinds;
    std::vector<std::string> plugins, versions;
    for (const PluginInfo& plugin : snapshot_.host.plugins()) {
      plugins.push_back(plugin.manifest.id);
      versions.push_back(plugin.manifest.version);
    }
    for (const std::string& name : snapshot_.host.kind_names()) kinds.push_back(snapshot_.host.kind(name));
    for (auto& draft : drafts_) {
      compile_pack(*draft, {snapshot_.vocabulary, kinds, plugins, versions, snapshot_.guard, closure(*draft)},
                   diagnostics_);
    }
  }

  // A service is found by its id alone.
  void check_services() {
    std::map<std::string_view, const HookService*> known;
    for (const auto& draft : drafts_) {
      for (const HookService& service : draft->pack.services) {
        const auto [first, is_new] = known.emplace(service.id, &service);
        if (is_new || service.id.empty()) continue;
        diagnostics_.error("duplicate-id", service.place, "a second service with the id `" + service.id + "`",
                           "the first is at " + to_string(first->second->place));
      }
    }
  }

  // The packs that `draft` uses, directly or through others, nearest first; reports unknown ones and cycles.
  std::vector<const PackDraft*> closure(const PackDraft& draft) {
    std::vector<const PackDraft*> out;
    std::vector<const PackDraft*> queue = {&draft};
    for (std::size_t next = 0; next < queue.size(); ++next) {
      for (const std::string& id : queue[next]->pack.uses) {
        const PackDraft* used = find_draft(id);
        if (used == nullptr) {
          if (next == 0)
            diagnostics_.error("unknown-pack", draft.pack.place, "uses the pack `" + id + "`, which is not loaded");
        } else if (used == &draft) {
          diagnostics_.error("cyclic-pack", draft.pack.place, "the pack `" + draft.pack.id + "` uses itself");
        } else if (std::find(queue.begin(), queue.end(), used) == queue.end()) {
          queue.push_back(used);
          out.push_back(used);
        }
      }
    }
    return out;
  }

  const PackDraft* find_draft(std::string_view id) const {
    for (const auto& draft : drafts_) {
      if (draft->pack.id == id) return draft.get();
    }
    return nullptr;
  }

  void keep_packs() {
    std::vector<std::vector<std::string>> used_ids;
    for (const auto& draft : drafts_) {
      auto& ids = used_ids.emplace_back();
      for (const PackDraft* used : closure(*draft)) ids.push_back(used->pack.id);
    }
    for (auto& draft : drafts_) {
      auto& loaded = snapshot_.packs.emplace_back(std::make_unique<LoadedPack>());
      loaded->pack = std::move(draft->pack);
      loaded->rule_disabled.assign(loaded->pack.rules.size(), false);
    }
    for (std::size_t i = 0; i < used_ids.size(); ++i) {
      for (const std::string& id : used_ids[i]) snapshot_.packs[i]->used.push_back(snapshot_.find(id));
    }
    drafts_.clear();
  }

  void bind_plugins() {
    const std::vector<std::size_t> order = derivation_order();
    for (auto& pack : snapshot_.packs) {
      const std::vector<bool> wanted = wanted_by(*pack, order);
      for (const std::size_t plugin : order) {
        if (wanted[plugin]) bind(plugin, *pack);
      }
    }
  }

  // Plugins that own a kind of the pack or that it requires, and those whose derived facts these read.
  std::vector<bool> wanted_by(const LoadedPack& loaded, const std::vector<std::size_t>& order) const {
    const auto plugins = snapshot_.host.plugins();
    const auto& required = loaded.pack.required_plugins;
    std::vector<bool> wanted(plugins.size(), false);
    for (auto plugin = order.rbegin(); plugin != order.rend(); ++plugin) {
      const std::string& id = plugins[*plugin].manifest.id;
      const auto owned = [&](const Rule& rule) { return rule.kind->plugin == id; };
      if (std::any_of(loaded.pack.rules.begin(), loaded.pack.rules.end(), owned) ||
          std::find(required.begin(), required.end(), id) != required.end()) {
        wanted[*plugin] = true;
      }
      if (!wanted[*plugin]) continue;
      for (const std::size_t needed : needs(plugins[*plugin].manifest, true)) wanted[needed] = true;
    }
    return wanted;
  }

  void bind(std::size_t plugin, LoadedPack& loaded) {
    const Manifest& manifest = snapshot_.host.plugins()[plugin].manifest;
    std::vector<const Rule*> rules;
    std::vector<std::uint32_t> places;
    for (std::uint32_t i = 0; i < loaded.pack.rules.size(); ++i) {
      if (loaded.pack.rules[i].kind->plugin != manifest.id) continue;
      rules.push_back(&loaded.pack.rules[i]);
      places.push_back(i);
    }
    auto binding = snapshot_.host.bind(plugin, std::move(rules), snapshot_.vocabulary, &snapshot_.guard);
    if (!binding) return diagnostics_.append(binding.error().diagnostics);
    loaded.plugins.push_back({plugin, std::move(*binding), std::move(places)});
  }

  // Plugins such that each comes after those whose derived facts it reads.
  std::vector<std::size_t> derivation_order() {
    enum class Mark : std::uint8_t { kNone, kOpen, kDone };
    const auto plugins = snapshot_.host.plugins();
    std::vector<Mark> marks(plugins.size(), Mark::kNone);
    std::vector<std::size_t> order;
    const std::function<void(std::size_t)> visit = [&](std::size_t plugin) {
      if (marks[plugin] == Mark::kDone) return;
      if (marks[plugin] == Mark::kOpen) {
        diagnostics_.error("cyclic-derivation", {plugins[plugin].path.string()},
                           "the facts that `" + plugins[plugin].manifest.id + "` derives depend on themselves");
        return;
      }
      marks[plugin] = Mark::kOpen;
      for (const std::size_t needed : needs(plugins[plugin].manifest, false)) visit(needed);
      marks[plugin] = Mark::kDone;
      order.push_back(plugin);
    };
    for (std::size_t plugin = 0; plugin < plugins.size(); ++plugin) visit(plugin);
    return order;
  }

  // The plugins whose derived facts a plugin derives from or, with `all_reads`, reads for anything.
  std::vector<std::size_t> needs(const Manifest& manifest, bool all_reads) const {
    std::vector<std::size_t> out;
    const auto add = [&](const std::vector<std::string>& reads) {
      for (const std::string& name : reads) {
        const auto fact = snapshot_.vocabulary.find(name);
        if (!fact || !snapshot_.vocabulary[*fact].derived) continue;
        const auto plugin = snapshot_.host.find(snapshot_.vocabulary[*fact].plugin);
        if (plugin && snapshot_.host.plugins()[*plugin].manifest.id != manifest.id) out.push_back(*plugin);
      }
    };
    for (const FactDeclaration& derived : manifest.derives) add(derived.reads);
    if (!all_reads) return out;
    for (const CheckSchema& check : manifest.checks) add(check.reads);
    add(manifest.reads);
    return out;
  }

  void apply_disabled() {
    snapshot_.disabled = options_.disabled;
    for (const DisabledRule& disabled : snapshot_.disabled) {
      if (disabled.reason.empty() || disabled.person.empty() || !parse_date(disabled.date)) {
        diagnostics_.error("disabled-rule", disabled.place,
                           "`" + disabled.rule + "` is disabled without a reason, a person or a date",
                           "all three are needed: a silenced rule has someone who answers for it");
      }
      disable(disabled);
    }
  }

  void disable(const DisabledRule& disabled) {
    std::vector<std::string> ids;
    for (auto& pack : snapshot_.packs) {
      for (std::size_t i = 0; i < pack->pack.rules.size(); ++i) {
        ids.push_back(pack->pack.rules[i].full_id);
        if (ids.back() != disabled.rule) continue;
        if (pack->rule_disabled[i]) {
          return diagnostics_.error("disabled-twice", disabled.place,
                                    "`" + disabled.rule + "` is disabled a second time",
                                    "one person answers for it, for one reason");
        }
        pack->rule_disabled[i] = true;
        pack->disabled.push_back(&disabled);
        return;
      }
    }
    const std::string near = did_you_mean(disabled.rule, ids);
    diagnostics_.error("unknown-rule", disabled.place, "`" + disabled.rule + "` is disabled, but no pack has it",
                       near.empty() ? "name it as `pack/rule`" : near);
  }

  void keep_inputs() {
    for (auto& loaded : snapshot_.packs) loaded->inputs = inputs_of(*loaded);
  }

  std::string inputs_of(const LoadedPack& loaded) const {
    std::string inputs = loaded.pack.id + ' ' + loaded.pack.digest + '\n';
    for (const LoadedPack* used : loaded.used) inputs += used->pack.id + ' ' + used->pack.digest + '\n';
    for (const PackPlugin& bound : loaded.plugins) {
      const Manifest& manifest = snapshot_.host.plugins()[bound.plugin].manifest;
      inputs += manifest.id + ' ' + manifest.version + '\n';
    }
    for (const DisabledRule* rule : loaded.disabled)
      inputs += "disabled " + rule->rule + ' ' + rule->reason + ' ' + rule->person + ' ' + rule->date + '\n';
    return inputs;
  }

  Snapshot& snapshot_;
  const EngineOptions& options_;
  const Trust& trust_;
  PackSource source_;
  Diagnostics diagnostics_;
  std::vector<std::unique_ptr<PackDraft>> drafts_;
};

fs::path wording_folder(const EngineOptions& options) {
  if (!options.wording.empty()) return options.wording;
  return options.rules.paths.empty() ? fs::path("wording") : options.rules.paths.front() / "wording";
}

void log_loaded(const Snapshot& snapshot) {
  for (const PluginInfo& plugin : snapshot.host.plugins()) {
    log_event(LogLevel::kInfo, "plugin loaded", {{"id", plugin.manifest.id}, {"version", plugin.manifest.version}});
  }
  for (const auto& loaded : snapshot.packs) {
    const Pack& pack = loaded->pack;
    log_event(
        LogLevel::kInfo, "pack loaded",
        {{"id", pack.id}, {"version", pack.version}, {"rules", pack.rules.size()}, {"origin", pack.origin.reason}});
  }
}

}  // namespace

const LoadedPack* Snapshot::find(std::string_view id) const {
  for (const auto& pack : packs) {
    if (pack->pack.id == id) return pack.get();
  }
  return nullptr;
}

Result<std::shared_ptr<const Snapshot>> load_snapshot(const EngineOptions& options, PackSource source) {
  auto guard = Guard::load(wording_folder(options));
  if (!guard) return tl::unexpected(guard.error());
  const auto trust = Trust::load(options.trust);
  if (!trust) return tl::unexpected(trust.error());
  auto host = PluginHost::load(options.plugins.paths, *guard, judge_by(*trust), options.isolation);
  // The plugins' mistakes and the packs' are told apart only by the packs' kinds: without plugins no pack can be
  // checked.
  if (!host) return tl::unexpected(host.error());
  const auto snapshot = std::make_shared<Snapshot>(std::move(*guard), std::move(*host));
  Loader loader(*snapshot, options, *trust, source);
  loader.load();
  if (loader.diagnostics().has_errors()) return fail(ErrorKind::kLoad, loader.diagnostics().take());
  snapshot->diagnostics = loader.diagnostics().take();
  log_loaded(*snapshot);
  return std::shared_ptr<const Snapshot>(snapshot);
}

}  // namespace caveat
