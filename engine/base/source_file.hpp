// A file as it was read, kept for the record: what was in force can be shown, and be used again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caveat {

struct SourceFile {
  std::string name;  ///< within its folder
  std::string text;
};

/// One line a file, in the order given, as `sha256sum` prints it: 64 digits, two spaces, the name, LF. The digest of a
/// folder is the SHA-256 of this text, so that a folder can be told by its digest and found again from the text and the
/// files' own bytes. Names have no control characters and no backslash, which `sha256sum` would write otherwise.
std::string listing(const std::vector<SourceFile>& files);

struct ListedFile {
  std::string name;
  std::string digest;
};

/// The files that a listing names. Lines of another form are left out: their text has another digest.
std::vector<ListedFile> read_listing(std::string_view lines);

}  // namespace caveat
