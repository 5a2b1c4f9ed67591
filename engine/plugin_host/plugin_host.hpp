// Plugin host: finds, loads, binds and calls plugins, in the host's process or in one of their own. INVARIANT: whatever
// a plugin does, an outcome, an id, a source or a severity that the host gave it comes back unchanged or is replaced by
// the host's own; see accept.cpp.
#pragma once

#include "plugin_host/manifest.hpp"
#include "rules/rule.hpp"
#include "trust/trust.hpp"

#include <caveat/options.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace caveat {

/// A text that a draft refers to: vetted (a pack's or a manifest's), or the plugin's own words, guarded at run time.
struct DraftText {
  const Text* vetted = nullptr;  ///< lives as long as the host and the packs
  std::string free;              ///< used when `vetted` is null; empty: not given
};

/// An advisory as a plugin drafted it, copied and checked.
struct Draft {
  std::uint32_t rule = 0;  ///< index into the binding's rules
  DraftText title, statement;
  std::vector<DraftText> details;    ///< further paragraphs, in order
  std::optional<FactId> subject;     ///< fills `{label}` and `{value}` in texts
  std::optional<Severity> severity;  ///< only ever graver than the rule's
};

/// A node of an explanation that a check in code emitted. The host has re-derived kAll, kAny and kNot.
struct CheckNode {
  enum class Op : std::uint8_t { kLeaf, kAll, kAny, kNot } op = Op::kLeaf;
  DraftText text;
  Tri value = Tri::kUnknown;
  std::vector<FactId> reads;
  std::vector<std::uint32_t> children;  ///< indices into CheckReport::nodes
};

struct CheckReport {
  std::uint32_t check = 0;  ///< index into the plugin's manifest.checks
  RuleStatus status = RuleStatus::kUndetermined;
  std::vector<CheckNode> nodes;
  std::optional<std::uint32_t> root;
  DraftText statement;  ///< instead of the manifest's `says`
};

/// What a plugin's failure was about: for tools that tell its author; an evaluation treats all alike.
enum class Fault : std::uint8_t {
  kNone,
  kCall,         ///< the call as a whole: a status, an exception
  kProtocol,     ///< what does not exist, does not belong to the call, or was said already
  kQuota,        ///< more than a profile's share
  kUtf8,         ///< a text that is not UTF-8
  kWording,      ///< own words that the guard refuses
  kReads,        ///< a fact that was not declared
  kFromNothing,  ///< a finding or a value although nothing behind it is known
  kExplanation,  ///< an explanation that contradicts itself, or is none
  kValue,        ///< a derived value of another type or out of range
  kGaveUp        ///< it said so itself
};

/// What one plugin said of one profile.
struct PluginReply {
  std::string failure;  ///< not empty: the plugin failed for this profile; why, readable, without values
  Fault fault = Fault::kNone;
  std::vector<Draft> drafts;
  std::vector<CheckReport> checks;
};

/// A derived fact's value, or nothing when the plugin says it is unknown.
struct Derivation {
  std::string failure;  ///< not empty: failed; all its derived facts are unknown (`check-failed`)
  Fault fault = Fault::kNone;
  std::vector<std::optional<FactValue>> values;  ///< in the order of manifest.derives
};

/// Where a plugin's rules stand for a batch: statuses[rule * profiles + profile].
struct OutcomeBatch {
  std::size_t profiles = 0;
  std::span<const RuleStatus> statuses;
};

/// What a call may take. In process this can only be asked for: the plugin polls it. A process of its own is ended at
/// the deadline; `cancel` is looked at before each call of the plugin.
struct CallLimits {
  const volatile std::uint32_t* cancel = nullptr;  ///< not 0: give up
  /// CLOCK_MONOTONIC by when all profiles are to be done; 0: as the options say, for each batch of them.
  std::uint64_t deadline_ns = 0;
  bool repeated = false;  ///< the profiles are part of a batch that has failed as a whole
};

/// One plugin, loaded, and bound to the rules of its kinds of one pack. Calls are thread-safe (a `serial` plugin is
/// locked) and never throw.
class Binding {
 public:
  struct Impl;

  [[nodiscard]] std::span<const Rule* const> rules() const;
  /// One reply a profile: advisories on the rules, and a report for every check of the manifest (a check that did not
  /// report has the status failed and no explanation). `language` is for free text; `limits` for the whole batch. When
  /// a batch fails as a whole, it is halved until the profiles at fault are alone.
  [[nodiscard]] std::vector<PluginReply> advise(std::span<const Facts* const> profiles, const OutcomeBatch& outcomes,
                                                std::string_view language, const CallLimits& limits = {}) const;
  [[nodiscard]] std::vector<Derivation> derive(std::span<const Facts* const> profiles,
                                               const CallLimits& limits = {}) const;

  Binding(Binding&&) noexcept;
  Binding& operator=(Binding&&) noexcept;
  ~Binding();

 private:
  friend class PluginHost;
  explicit Binding(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct PluginInfo {
  Manifest manifest;
  std::filesystem::path path;
  Standing standing;  ///< where it runs, and why
};

/// Judges a library by the bytes that will be loaded, before any of its code runs: where it may run, or (kLoad) that it
/// must not be loaded.
using Judge = std::function<Result<Standing>(const std::filesystem::path& path, std::string_view bytes,
                                             const Manifest& manifest)>;

/// By the site's trust, which outlives the judge.
Judge judge_by(const Trust& trust);

/// What keeps isolated plugins in on this machine, found out by locking a process in.
struct IsolationSupport {
  std::vector<std::string> enforced;  ///< for people: "system-call filters (seccomp)"
  std::vector<std::string> missing;   ///< the same, with what stands in for it
};

/// All plugins of an engine. It outlives its bindings. Libraries stay mapped until the process ends: unloading is not
/// safe (docs/decisions).
class PluginHost {
 public:
  /// Loads every `*.so` of the folders, by file name; a path may also be one such file. A folder that does not exist, a
  /// library that is not a plugin, one of another major, two of one id, two owners of one kind: kLoad errors, all at
  /// once, and nothing is loaded. No code of a library runs before all of them were judged. `guard` is used for the
  /// manifests' texts; it and `judge` are not kept.
  static Result<PluginHost> load(const std::vector<std::filesystem::path>& folders, const Guard& guard,
                                 const Judge& judge, IsolationOptions isolation = {});

  [[nodiscard]] std::span<const PluginInfo> plugins() const;
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const;
  /// The kinds of all plugins, by name; pointers stay valid as long as the host.
  [[nodiscard]] const KindSchema* kind(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> kind_names() const;

  /// Tells a plugin the rules of its kinds of one pack (and their fields), and gets an instance for them. A plugin
  /// whose instance cannot be made is a kLoad error, and so is one that reads a fact that `vocabulary` does not have.
  /// An isolated plugin that crashes or hangs meanwhile is bound, and fails when it is called. `guard` judges the
  /// plugin's own words at run time and outlives the binding; without one they are all refused. `rules` and
  /// `vocabulary` outlive the binding.
  [[nodiscard]] Result<Binding> bind(std::size_t plugin, std::vector<const Rule*> rules, const Vocabulary& vocabulary,
                                     const Guard* guard = nullptr) const;

  /// Starts a worker process for the answer. An error (kLoad) when isolated plugins cannot run here at all.
  [[nodiscard]] Result<IsolationSupport> isolation_support() const;

  PluginHost(PluginHost&&) noexcept;
  PluginHost& operator=(PluginHost&&) noexcept;
  ~PluginHost();

 private:
  struct Impl;
  explicit PluginHost(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace caveat
