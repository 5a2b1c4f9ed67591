#include "wording/guard.hpp"

#include "base/digest.hpp"
#include "base/text_file.hpp"
#include "wording/fold.hpp"
#include "wording/lexicon.hpp"
#include "wording/markup.hpp"
#include "wording/matcher.hpp"

#include <algorithm>
#include <future>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>

namespace caveat {

namespace {

/// A lexicon that has been proven, read when it is first needed: most evaluations show proven texts alone.
class LazyMatcher {
 public:
  LazyMatcher(std::string text, std::filesystem::path path) : text_(std::move(text)), path_(std::move(path)) {}
  explicit LazyMatcher(Matcher matcher) : matcher_(std::move(matcher)) {}

  /// Null when the proven bytes cannot be read after all: then nothing may be said.
  const Matcher* get() const {
    std::call_once(once_, [this] {
      if (matcher_) return;
      if (auto lexicon = read_lexicon(std::move(text_), path_)) matcher_.emplace(std::move(*lexicon));
    });
    return matcher_ ? &*matcher_ : nullptr;
  }

 private:
  mutable std::once_flag once_;
  mutable std::string text_;
  std::filesystem::path path_;
  mutable std::optional<Matcher> matcher_;
};

}  // namespace

struct Guard::Impl {
  std::map<std::string, std::unique_ptr<const LazyMatcher>, std::less<>> languages;
  std::string seals;  // empty unless every lexicon is sealed
  std::vector<SourceFile> files;
};

namespace {

constexpr std::string_view kDisguise = "disguise";

void add_disguises(const Matcher& matcher, const Fold& folded, std::vector<Refusal>& refusals) {
  if (!folded.overrides_direction) return;
  refusals.push_back({std::string(kDisguise), "direction-override", matcher.lexicon().disguise_reason,
                      folded.override_at, folded.override_at + 3});
}

void check_unmasked(const Matcher& matcher, const Unmasked& unmasked, TextUse use, std::vector<Refusal>& refusals) {
  if (!unmasked.changed) return;
  matcher.find(unmasked.text, use, refusals);
  for (const SpacedRun& run : unmasked.runs) {
    refusals.push_back({std::string(kDisguise), "spaced-letters", matcher.lexicon().disguise_reason,
                        unmasked.text.source_begin(run.begin), unmasked.text.source_end(run.end)});
  }
}

// By place; the same entry at overlapping places counts once.
void tidy(std::vector<Refusal>& refusals) {
  std::stable_sort(refusals.begin(), refusals.end(),
                   [](const Refusal& a, const Refusal& b) { return a.begin < b.begin; });
  std::vector<Refusal> kept;
  for (Refusal& refusal : refusals) {
    const auto same = [&](const Refusal& other) { return other.entry == refusal.entry && refusal.begin < other.end; };
    if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(std::move(refusal));
  }
  refusals = std::move(kept);
}

std::vector<Refusal> check_with(const Matcher& matcher, std::string_view text, TextUse use) {
  std::vector<Refusal> refusals;
  const Fold folded = fold(text);
  add_disguises(matcher, folded, refusals);
  matcher.find(folded.text, use, refusals);
  const Unmasked unmasked = unmask(folded.text, {});
  check_unmasked(matcher, unmasked, use, refusals);
  if (unmasked.ambiguous) check_unmasked(matcher, unmask(folded.text, {'l', 1}), use, refusals);
  matcher.find_split(squeeze(unmasked.text), use, refusals);
  if (!refusals.empty()) tidy(refusals);
  return refusals;
}

void check_examples(const Matcher& matcher, Diagnostics& diagnostics) {
  for (const LexiconEntry& entry : matcher.lexicon().entries) {
    for (const LexiconText& example : entry.refuse) {
      const auto refusals = check_with(matcher, example.text, {});
      const auto own = [&](const Refusal& refusal) { return refusal.entry == entry.id; };
      if (std::any_of(refusals.begin(), refusals.end(), own)) continue;
      diagnostics.error("example-not-refused", example.place,
                        "entry `" + entry.id + "` does not refuse its own example",
                        "mend `pattern`, `near` or `unless`");
    }
    for (const LexiconText& example : entry.pass) {
      const auto refusals = check_with(matcher, example.text, {});
      if (refusals.empty()) continue;
      diagnostics.error(
          "example-not-passed", example.place,
          "an example of entry `" + entry.id + "` that must pass is refused by `" + refusals[0].entry + "`",
          "it refuses `" + example.text.substr(refusals[0].begin, refusals[0].end - refusals[0].begin) +
              "`: mend `pattern` or `unless` of that entry");
    }
  }
}

// Compiles every pattern and runs every example.
void prove(const Matcher& matcher, Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.errors();
  matcher.compile_all(diagnostics);
  if (diagnostics.errors() == errors) check_examples(matcher, diagnostics);
}

// Digests in the format of `sha256sum`: of lexicons that have been proven as they are, and of packs and manifests whose
// texts they let pass. Proving and vetting again at every start would take longer than a whole evaluation. Any change
// to a lexicon's bytes breaks all seals, any change to another file breaks its own.
constexpr std::string_view kSealsFile = "proven.sha256";

std::string read_seals(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kSealsFile;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  return read_text(path, {}, ErrorKind::kLoad).value_or(std::string());
}

bool sealed(std::string_view text, std::string_view seals) {
  if (seals.empty()) return false;
  const std::string digest = sha256(text);
  const std::string line = digest.substr(digest.find(':') + 1) + "  ";
  return seals.starts_with(line) || seals.find("\n" + line) != std::string_view::npos;
}

Result<std::vector<std::filesystem::path>> lexicon_files(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") files.push_back(it->path());
  }
  if (error || files.empty()) {
    return fail(ErrorKind::kLoad,
                {DiagnosticLevel::kError, "no-lexicon", Place{folder.string(), 0, 0},
                 error ? "the folder of wording lexicons cannot be read" : "no wording lexicon is here",
                 "a lexicon lies at `<language>.toml`"});
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

namespace {

using Loaded = Result<std::unique_ptr<const LazyMatcher>>;

Loaded load_and_prove(std::string text, const std::filesystem::path& file) {
  auto lexicon = read_lexicon(std::move(text), file);
  if (!lexicon) return tl::unexpected(lexicon.error());
  Matcher matcher(std::move(*lexicon));
  Diagnostics diagnostics;
  prove(matcher, diagnostics);
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  return std::make_unique<const LazyMatcher>(std::move(matcher));
}

// On a thread of its own where there is one to be had: proving takes long, and the process is waiting for it.
std::future<Loaded> start(const std::filesystem::path& file, Result<std::string> text, std::string_view seals,
                          bool& all_sealed) {
  const bool is_sealed = text && sealed(*text, seals);
  all_sealed = all_sealed && is_sealed;
  const auto load = [file, is_sealed, text = std::move(text)]() -> Loaded {
    if (!text) return tl::unexpected(text.error());
    if (is_sealed) return std::make_unique<const LazyMatcher>(*text, file);
    return load_and_prove(*text, file);
  };
  if (is_sealed) return std::async(std::launch::deferred, load);
  try {
    return std::async(std::launch::async, load);
  } catch (const std::system_error&) {
    return std::async(std::launch::deferred, load);
  }
}

}  // namespace

Result<Guard> Guard::load(const std::filesystem::path& folder) {
  auto files = lexicon_files(folder);
  if (!files) return tl::unexpected(files.error());
  auto impl = std::make_unique<Impl>();
  const std::string seals = read_seals(folder);
  bool all_sealed = true;
  std::vector<std::future<Loaded>> pending;
  for (const std::filesystem::path& file : *files) {
    auto text = read_text(file, {}, ErrorKind::kLoad);
    if (text) impl->files.push_back({file.filename().string(), *text});
    pending.push_back(start(file, std::move(text), seals, all_sealed));
  }
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < files->size(); ++i) {
    if (auto loaded = pending[i].get()) {
      impl->languages.emplace((*files)[i].stem().string(), std::move(*loaded));
    } else {
      diagnostics.append(loaded.error().diagnostics);
    }
  }
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  if (!seals.empty()) impl->files.push_back({std::string(kSealsFile), seals});
  if (all_sealed) impl->seals = seals;
  return Guard(std::move(impl));
}

bool Guard::proven(std::string_view file_text) const { return sealed(file_text, impl_->seals); }

const std::vector<SourceFile>& Guard::files() const { return impl_->files; }

bool Guard::knows(std::string_view language) const { return impl_->languages.contains(language); }

std::vector<std::string> Guard::languages() const {
  std::vector<std::string> names;
  for (const auto& [name, matcher] : impl_->languages) names.push_back(name);
  return names;
}

std::vector<Refusal> Guard::check(std::string_view text, std::string_view language, TextUse use) const {
  if (text.size() > std::numeric_limits<std::uint32_t>::max() || !is_utf8(text)) {
    return {{"not-text", "", "the text is not UTF-8", 0, text.size()}};
  }
  const auto found = impl_->languages.find(language);
  const Matcher* matcher = found == impl_->languages.end() ? nullptr : found->second->get();
  if (matcher == nullptr) return {{"no-lexicon", "", "no wording lexicon knows this language", 0, text.size()}};
  return check_with(*matcher, text, use);
}

std::vector<LexiconExample> Guard::examples(std::string_view language) const {
  std::vector<LexiconExample> examples;
  const auto found = impl_->languages.find(language);
  const Matcher* matcher = found == impl_->languages.end() ? nullptr : found->second->get();
  if (matcher == nullptr) return examples;
  for (const LexiconEntry& entry : matcher->lexicon().entries) {
    const std::size_t count = std::max(entry.refuse.size(), entry.pass.size());
    for (std::size_t i = 0; i < count; ++i) {
      examples.push_back({entry.id, entry.category, entry.refuse[i % entry.refuse.size()].text,
                          entry.pass[i % entry.pass.size()].text, entry.place});
    }
  }
  return examples;
}

Guard::Guard(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Guard::Guard(Guard&&) noexcept = default;
Guard& Guard::operator=(Guard&&) noexcept = default;
Guard::~Guard() = default;

}  // namespace caveat
