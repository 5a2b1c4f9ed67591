#include "c_api/handles.hpp"

namespace caveat::c_api {

namespace {

caveat_status status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInput: return CAVEAT_BAD_INPUT;
    case ErrorKind::kLoad: return CAVEAT_NOT_LOADED;
    case ErrorKind::kInternal: break;
  }
  return CAVEAT_FAILED;
}

}  // namespace

void tell(const caveat_reporter* reporter, const std::vector<Diagnostic>& diagnostics) {
  if (reporter == nullptr || reporter->report == nullptr) return;
  for (const Diagnostic& each : diagnostics) {
    caveat_diagnostic out{};
    out.size = sizeof out;
    out.level = static_cast<std::uint32_t>(each.level) + 1;
    out.line = each.place.line;
    out.column = each.place.column;
    out.code = text_of(each.code);
    out.file = text_of(each.place.file);
    out.message = text_of(each.message);
    out.help = text_of(each.help);
    reporter->report(reporter->context, &out);
  }
}

// An error without reasons is one for which no memory was left (audit.hpp).
caveat_status tell(const caveat_reporter* reporter, const Error& error) {
  if (error.diagnostics.empty()) return CAVEAT_OUT_OF_MEMORY;
  tell(reporter, error.diagnostics);
  return status_of(error.kind);
}

caveat_status refuse(const caveat_reporter* reporter, const char* code, std::string message, std::string help) {
  const std::vector<Diagnostic> all = {{DiagnosticLevel::kError, code, {}, std::move(message), std::move(help)}};
  tell(reporter, all);
  return CAVEAT_BAD_INPUT;
}

caveat_status give_string(const std::string& text, char** out, std::size_t* size) {
  auto* const copy = new char[text.size() + 1];
  std::memcpy(copy, text.c_str(), text.size() + 1);
  *out = copy;
  if (size != nullptr) *size = text.size();
  return CAVEAT_OK;
}

}  // namespace caveat::c_api

const char* caveat_status_name(caveat_status status) {
  switch (status) {
    case CAVEAT_OK: return "ok";
    case CAVEAT_FAILED: return "failed";
    case CAVEAT_EXCEPTION: return "exception";
    case CAVEAT_OUT_OF_MEMORY: return "out-of-memory";
    case CAVEAT_BAD_INPUT: return "bad-input";
    case CAVEAT_NOT_LOADED: return "not-loaded";
    case CAVEAT_MISUSE: return "misuse";
    default: return "unknown";
  }
}

const char* caveat_version(void) { return CAVEAT_VERSION; }

void caveat_string_free(char* text) { delete[] text; }

caveat_status caveat_now(char* out, size_t size) {
  if (out == nullptr) return CAVEAT_MISUSE;
  return caveat::c_api::guarded([&]() -> caveat_status {
    const std::string now = caveat::now().rfc3339;
    if (size <= now.size()) return CAVEAT_MISUSE;
    std::memcpy(out, now.c_str(), now.size() + 1);
    return CAVEAT_OK;
  });
}
