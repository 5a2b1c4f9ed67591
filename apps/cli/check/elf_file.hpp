// What a shared library lets out and asks for, read from its bytes without loading it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::cli {

/// Functions and data that others can see, sorted. Nothing when the file's symbol table cannot be read.
std::optional<std::vector<std::string>> exported_symbols(std::string_view library);

/// Libraries that are loaded with it, but for those of its language: an isolated process has no others.
std::vector<std::string> unusual_needs(std::string_view library);

}  // namespace caveat::cli
