// What the handles of the C interface hold, and how C++ ends at its border. Every function of the interface that could
// throw is a body in guarded(); an allocation that fails is a status, and leaves everything as it was.
#pragma once

#include <caveat/audit.hpp>
#include <caveat/caveat.h>
#include <caveat/caveat.hpp>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct caveat_options {
  caveat::EngineOptions engine;
  caveat::AuditOptions audit;
};

struct caveat_engine {
  explicit caveat_engine(caveat::Engine loaded) : handle(std::move(loaded)) {}
  caveat::EngineHandle handle;
};

struct caveat_profile {
  caveat::Engine engine;  ///< as it was when the profile was read
  caveat::Profile profile;
};

struct caveat_evaluation {
  explicit caveat_evaluation(caveat::Evaluation made)
      : evaluation(std::move(made)), advisories(evaluation.advisories()), outcomes(evaluation.outcomes()) {}
  caveat::Evaluation evaluation;
  std::vector<caveat::AdvisoryView> advisories;  ///< made once: looking at one must not fail
  std::vector<caveat::OutcomeView> outcomes;
};

struct caveat_audit {
  explicit caveat_audit(caveat::AuditLog opened) : log(std::move(opened)) {}
  caveat::AuditLog log;
};

namespace caveat::c_api {

template <class Body>
caveat_status guarded(Body body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return CAVEAT_OUT_OF_MEMORY;
  } catch (...) {
    return CAVEAT_EXCEPTION;
  }
}

inline caveat_text text_of(std::string_view text) noexcept { return {text.empty() ? "" : text.data(), text.size()}; }

inline std::string string_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

/// Reports all of it; the status of the error's kind.
caveat_status tell(const caveat_reporter* reporter, const Error& error);
void tell(const caveat_reporter* reporter, const std::vector<Diagnostic>& diagnostics);
/// Reports one mistake of the caller's: CAVEAT_BAD_INPUT.
caveat_status refuse(const caveat_reporter* reporter, const char* code, std::string message, std::string help);

/// What a caller filled in, with zeros for what it does not know of. Nothing when it has no size.
template <class Struct>
std::optional<Struct> whole(const Struct* given) {
  Struct out{};
  if (given == nullptr) return out;
  if (given->size < sizeof given->size) return std::nullopt;
  std::memcpy(&out, given, std::min(given->size, sizeof out));
  return out;
}

/// Gives out as much as the caller's struct holds.
template <class Struct>
caveat_status hand_out(const Struct& full, Struct* out) {
  const std::size_t size = out->size;
  if (size < sizeof size) return CAVEAT_MISUSE;
  std::memcpy(out, &full, std::min(size, sizeof full));
  out->size = size;
  return CAVEAT_OK;
}

/// A copy that the caller ends with caveat_string_free().
caveat_status give_string(const std::string& text, char** out, std::size_t* size);

}  // namespace caveat::c_api
