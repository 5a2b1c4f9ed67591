// The three seccomp programs: which system calls a plugin's process may make.
#pragma once

#include <linux/filter.h>
#include <vector>

namespace caveat::worker {

using Program = std::vector<sock_filter>;

/// While the library is loaded: what the dynamic linker and the C run time need, and no more. Everything else traps.
/// Empty when it cannot be made.
Program loading_program();

/// Beside the first: what keeps the process in is not undone by it.
Program keeping_program();

/// On top of these, for the rest of the process's life: no code is mapped any more, no filter added.
Program running_program();

/// Whether the kernel took it.
bool install(const Program& program);

}  // namespace caveat::worker
