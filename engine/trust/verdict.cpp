#include "trust/verdict.hpp"

#include "base/digest.hpp"
#include "base/quote.hpp"
#include "base/text_file.hpp"
#include "base/version.hpp"
#include "trust/builtin.hpp"
#include "trust/pattern.hpp"

#include <algorithm>

namespace caveat {

namespace {

constexpr std::size_t kSignatureBytesMax = std::size_t{64} << 10U;

bool denies_version(const Denial& denial, std::string_view version) {
  if (denial.version.empty()) return true;
  auto requirement = parse_version_requirement(denial.version);
  const auto candidate = parse_version(version);
  if (!requirement || !candidate) return true;  // what cannot be compared is denied
  if (requirement->kind == VersionRequirement::Kind::kCompatible) {
    requirement->kind = VersionRequirement::Kind::kExactly;  // a bare version means itself
  }
  return requirement->admits(*candidate);
}

bool trusted_for(const TrustedKey& key, const Identity& identity) {
  const auto& patterns = identity.kind == Artifact::kPlugin ? key.plugins : key.packs;
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches(pattern, identity.id); });
}

std::string origin_of(const Denial& denial) {
  const std::string place = to_string(denial.place);
  return place.empty() ? "the denial stands in the options" : "the denial stands at " + place;
}

}  // namespace

Verdict::Verdict(const Trust& trust, const Identity& identity, const std::filesystem::path& path,
                 std::string_view message)
    : trust_(trust),
      identity_(identity),
      path_(path),
      signature_file_(signature_path(identity.kind, path)),
      message_(message),
      what_("the " + std::string(to_string(identity.kind)) + ' ' + in_backticks(identity.id) + ' ' +
            std::string(identity.version)) {
  origin_.digest = sha256(message);
  origin_.builtin = is_builtin(origin_.digest);
}

void Verdict::refuse(std::string_view code, std::string message, std::string help) {
  diagnostics_.error(code, Place{path_.string(), 0, 0}, std::move(message), std::move(help));
}

Result<Origin> Verdict::origin() {
  check_pin();
  check_signature();
  refuse_denied();
  refuse_unsigned();
  if (diagnostics_.has_errors()) return fail(ErrorKind::kLoad, diagnostics_.take());
  origin_.reason = reason();
  return origin_;
}

void Verdict::refuse_denied() {
  const auto& denials = trust_.options_.deny;
  for (const Denial& denial : denials) {
    const bool denied =
        (!denial.digest.empty() && denial.digest == origin_.digest) ||
        (!denial.id.empty() && denial.id == identity_.id && denies_version(denial, identity_.version)) ||
        (!denial.key.empty() && key_name_of(denial.key) == signing_key_);
    if (denied) refuse("denied", what_ + " is denied: " + denial.reason, origin_of(denial));
  }
}

void Verdict::check_pin() {
  const Pin* pin = trust_.lock_.find(identity_.kind, identity_.id);
  if (pin == nullptr) return;
  const std::string place = to_string(pin->place);
  if (pin->digest != origin_.digest) {
    refuse(
        "modified",
        what_ + " is not what was pinned: its digest is " + origin_.digest + ", and " + place + " has " + pin->digest,
        "put back what was pinned; or look at the change, and pin it with `caveat plugin trust`");
  }
  const auto version = parse_version(identity_.version);
  if (!version || *version < pin->lowest) {
    refuse("too-old",
           what_ + " is older than " + to_string(pin->lowest) + ", the lowest version that " + place + " allows",
           "use a later one; to go back on purpose, change `lowest` there");
  }
  origin_.pinned = pin->digest == origin_.digest;
}

void Verdict::check_signature() {
  std::error_code error;
  if (std::filesystem::symlink_status(signature_file_, error).type() == std::filesystem::file_type::not_found) return;
  if (!std::filesystem::is_regular_file(signature_file_, error)) {  // a pipe would keep the engine waiting
    return refuse("unreadable", "the signature of " + what_ + ", " + signature_file_.string() + ", is not a file",
                  "put the signature there, or take it away");
  }
  TextLimits limits;
  limits.bytes_max = kSignatureBytesMax;
  const auto text = read_text(signature_file_, limits, ErrorKind::kLoad);
  if (!text) return diagnostics_.append(text.error().diagnostics);
  const auto signature = parse_signature(*text);
  if (!signature) {
    return refuse(
        "bad-signature",
        "the signature of " + what_ + ", " + signature_file_.string() + ", cannot be read: " + signature.error(),
        "get it again from whoever signed, or take it away");
  }
  signing_key_ = key_name(signature->key_id);
  check_key(*signature);
}

void Verdict::check_key(const FileSignature& signature) {
  const auto& signers = trust_.signers_;
  const auto signer = std::find_if(signers.begin(), signers.end(),
                                   [&](const Trust::Signer& each) { return each.key.id == signature.key_id; });
  if (signer == signers.end()) {
    signature_state_ = "signed with the key " + signing_key_ + ", which is not trusted here";
    return;
  }
  check_signed(signature, *signer);
}

void Verdict::check_signed(const FileSignature& signature, const Trust::Signer& signer) {
  const std::string who = in_backticks(signer.options.name) + " (" + signing_key_ + ")";
  if (!verifies(signature, signer.key, message_)) {
    return refuse(
        "modified",
        what_ + " is not what " + who + " signed: " + signature_file_.string() +
            " does not verify, so that the file or the signature was changed",
        "get both again from whoever signed; what you changed yourself, sign again with `caveat plugin sign`");
  }
  const std::string expected = claim(identity_);
  if (signature.comment != expected) {
    return refuse("wrong-signature",
                  "the signature of " + what_ + " is for something else: its trusted comment is " +
                      in_backticks(signature.comment) + ", not " + in_backticks(expected),
                  "sign it with `caveat plugin sign`, which writes the comment");
  }
  if (!trusted_for(signer.options, identity_)) {
    signature_state_ = "signed by " + who + ", who is not trusted for this id";
    return;
  }
  origin_.signer = signer.options.name;
  signature_state_ = "signed by " + who;
}

void Verdict::refuse_unsigned() {
  if (trust_.options_.allow_unsigned || origin_.builtin || !origin_.signer.empty() || diagnostics_.has_errors()) return;
  refuse("not-signed",
         what_ + " is " + signature_state_ + ", and only what is signed with a trusted key is allowed here",
         "have it signed, trust the key of whoever signed it (`[[trust.key]]`), or set `allow_unsigned`");
}

std::string Verdict::reason() const {
  if (origin_.builtin) return "builtin";
  const bool is_signed = !origin_.signer.empty();
  return signature_state_ + (origin_.pinned ? ", pinned" : is_signed ? ", not pinned" : "");
}

Placement Verdict::place(Origin& origin) const {
  if (origin.builtin) return Placement::kInProcess;
  const auto& named = trust_.options_.in_process;
  const bool wanted = std::find(named.begin(), named.end(), identity_.id) != named.end();
  const bool vouched = origin.pinned && !origin.signer.empty();
  if (wanted && vouched) {
    origin.reason += ", and trusted to run in process";
    return Placement::kInProcess;
  }
  if (vouched) origin.reason += ", not named in `in_process`";
  if (wanted) origin.reason += "; named in `in_process`, which needs a pin and a trusted signature too";
  return Placement::kIsolated;
}

Result<Standing> Trust::plugin(const std::filesystem::path& path, std::string_view bytes, std::string_view id,
                               std::string_view version, std::uint32_t abi) const {
  const Identity identity{Artifact::kPlugin, id, version, abi};
  Verdict verdict(*this, identity, path, bytes);
  auto origin = verdict.origin();
  if (!origin) return Failure(origin.error());
  Standing standing;
  standing.placement = verdict.place(*origin);
  static_cast<Origin&>(standing) = std::move(*origin);
  return standing;
}

Result<Origin> Trust::pack(const std::filesystem::path& folder, std::string_view listing, std::string_view id,
                           std::string_view version) const {
  const Identity identity{Artifact::kPack, id, version, kConditionLanguage};
  return Verdict(*this, identity, folder, listing).origin();
}

}  // namespace caveat
