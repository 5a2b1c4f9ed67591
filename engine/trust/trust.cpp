// Loading: keys, denials and the lock file. Verdicts are verdict.cpp's.
#include "trust/trust.hpp"

#include "base/diagnostics.hpp"
#include "base/quote.hpp"
#include "base/version.hpp"
#include "trust/pattern.hpp"

#include <algorithm>

namespace caveat {

namespace {

/// What is wrong with a denial, or nothing.
std::string fault_of(const Denial& denial) {
  const int given = !denial.digest.empty() + !denial.key.empty() + !denial.id.empty();
  if (given != 1) return "a denial names a digest, a key or an id: one of them";
  if (denial.reason.empty()) return "a denial has no reason";
  if (!denial.digest.empty() && !is_digest(denial.digest)) return in_backticks(denial.digest) + " is not a digest";
  if (!denial.key.empty() && !key_name_of(denial.key)) return in_backticks(denial.key) + " is not a public key";
  if (!denial.id.empty() && !is_id(denial.id)) return in_backticks(denial.id) + " is not an id";
  if (!denial.version.empty() && denial.id.empty()) return "a denied version needs the id whose version it is";
  if (!denial.version.empty() && !parse_version_requirement(denial.version)) {
    return in_backticks(denial.version) + " is not a requirement of versions";
  }
  return {};
}

void check_patterns(const TrustedKey& key, const std::vector<std::string>& patterns, Diagnostics& diagnostics) {
  for (const std::string& pattern : patterns) {
    if (is_pattern(pattern)) continue;
    diagnostics.error("bad-pattern", key.place, in_backticks(pattern) + " is not an id or a beginning of ids",
                      "for example `org.example.doses`, `org.example.*`, or `*` for all");
  }
}

void check_key(const TrustedKey& key, Diagnostics& diagnostics) {
  if (key.name.empty()) diagnostics.error("no-name", key.place, "a trusted key has no name", "say whose it is");
  if (key.plugins.empty() && key.packs.empty()) {
    diagnostics.error("no-ids", key.place, "a trusted key is trusted for no id",
                      "list ids under `plugins` or `packs`, for example \"org.example.*\"");
  }
  check_patterns(key, key.plugins, diagnostics);
  check_patterns(key, key.packs, diagnostics);
  if (!parse_public_key(key.key)) {
    diagnostics.error("bad-key", key.place, in_backticks(key.key) + " is not a minisign public key",
                      "it is the line that begins with `RW` in a .pub file");
  }
}

void check_duplicate(const std::vector<TrustedKey>& keys, std::size_t index, Diagnostics& diagnostics) {
  const auto name = key_name_of(keys[index].key);
  const auto same = [&](const TrustedKey& other) { return name && key_name_of(other.key) == name; };
  if (std::none_of(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(index), same)) return;
  diagnostics.error("duplicate-key", keys[index].place, "a second key with the id " + *name,
                    "give each key once, with all ids that it is trusted for");
}

}  // namespace

std::string_view to_string(Placement placement) {
  return placement == Placement::kInProcess ? "in process" : "isolated";
}

void check_trust(const TrustOptions& options, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < options.keys.size(); ++i) {
    check_key(options.keys[i], diagnostics);
    check_duplicate(options.keys, i, diagnostics);
  }
  for (const Denial& denial : options.deny) {
    const std::string fault = fault_of(denial);
    if (!fault.empty())
      diagnostics.error("bad-denial", denial.place, fault, "docs/formats/trust.md lists what it may say");
  }
}

Result<Trust> Trust::load(const TrustOptions& options) {
  Trust out(options);
  Diagnostics diagnostics;
  check_trust(options, diagnostics);
  for (const std::string& id : options.in_process) {
    if (is_id(id)) continue;
    diagnostics.error("bad-id", {}, in_backticks(id) + " in `in_process` is not a plugin's id", "name each plugin");
  }
  for (const TrustedKey& key : options.keys) {
    if (const auto parsed = parse_public_key(key.key)) out.signers_.push_back({*parsed, key});
  }
  if (!options.lock.empty()) {
    if (auto lock = Lock::read(options.lock)) {
      out.lock_ = std::move(*lock);
    } else {
      diagnostics.append(lock.error().diagnostics);
    }
  }
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  return out;
}

}  // namespace caveat
