// Problem documents: what went wrong, as RFC 9457 has it, with the diagnostics and their places. docs/formats/http.md.
#pragma once

#include <caveat/result.hpp>

#include "server/http.hpp"

#include <span>
#include <string_view>

namespace caveat::server {

/// `code` is stable and in kebab-case: the document's `type` is `urn:caveat:problem:CODE`. `detail` is a sentence for
/// the one who called; it never tells of anybody else's request.
Response problem(unsigned status, std::string_view code, std::string_view detail,
                 std::span<const Diagnostic> diagnostics = {});

/// The caller's input is 400; everything else is 500, and says no more than that.
Response problem(std::string_view code, std::string_view detail, const Error& error);

}  // namespace caveat::server
