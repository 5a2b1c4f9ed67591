// The user's text inside a message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// In backticks, on one line and of bounded length: control characters become spaces, the rest of a long text `…`.
std::string in_backticks(std::string_view text);

/// `a`, `b`, `c`: each quoted, in the order given. A long list ends in "and N more".
std::string backticked_list(const std::vector<std::string>& words);

}  // namespace caveat
