// Where the program lies in which isolated plugins run. Internal to plugin_host.
#pragma once

#include <filesystem>

namespace caveat {

/// `chosen` when it is not empty; else the program beside this library, or beside the program that this library is part
/// of; else where the engine was to be installed. Starting it fails when it is not there.
std::filesystem::path find_worker_program(const std::filesystem::path& chosen);

}  // namespace caveat
