// LibraryImage: a plugin's library as the bytes that are judged and then loaded. They are read once, into memory that
// nobody can change any more, so that nothing can come between looking and loading. Internal to plugin_host.
#pragma once

#include <caveat/result.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace caveat {

class LibraryImage {
 public:
  /// Reads the file. No such file, a folder, a file that is too large or cannot be read: kLoad.
  static Result<LibraryImage> read(const std::filesystem::path& path);

  [[nodiscard]] std::string_view bytes() const;
  /// A descriptor of the sealed memory, owned by the image.
  [[nodiscard]] int fd() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  struct Memory;
  LibraryImage(std::filesystem::path path, std::shared_ptr<const Memory> memory)
      : path_(std::move(path)), memory_(std::move(memory)) {}
  std::filesystem::path path_;
  std::shared_ptr<const Memory> memory_;
};

}  // namespace caveat
