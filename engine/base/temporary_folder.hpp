// A folder for files that are needed for a moment: nobody else can enter it, and it is gone afterwards.
#pragma once

#include <caveat/result.hpp>

#include <filesystem>
#include <utility>

namespace caveat {

class TemporaryFolder {
 public:
  /// kInternal when none can be made.
  static Result<TemporaryFolder> make();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~TemporaryFolder();

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace caveat
