#include "base/private_file.hpp"
#include "base/source_file.hpp"
#include "base/temporary_folder.hpp"

#include "base/digest.hpp"
#include "support/catch.hpp"

#include <fstream>
#include <sys/stat.h>

using namespace caveat;

namespace {

mode_t mode_of(const std::filesystem::path& file) {
  struct stat about{};
  REQUIRE(::stat(file.c_str(), &about) == 0);
  return about.st_mode & 0777;
}

}  // namespace

TEST_CASE("base.private_file: made once, for its owner alone, and replaced as a whole") {
  const auto folder = TemporaryFolder::make();
  REQUIRE(folder);
  const auto file = folder->path() / "key";
  const mode_t before = ::umask(0);
  REQUIRE(make_private_file(file, "one"));
  CHECK(mode_of(file) == 0600);
  CHECK(read_private_file(file).value() == "one");
  CHECK_FALSE(make_private_file(file, "two"));
  CHECK(read_private_file(file).value() == "one");
  REQUIRE(replace_private_file(file, "three"));
  CHECK(mode_of(file) == 0600);
  CHECK(read_private_file(file).value() == "three");
  CHECK_FALSE(std::filesystem::exists(file.string() + ".new"));
  ::umask(before);
}

TEST_CASE("base.private_file: what others can use, what is large and what is no file is refused") {
  const auto folder = TemporaryFolder::make();
  REQUIRE(folder);
  const auto code = [](const std::filesystem::path& file) {
    const auto read = read_private_file(file);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::kInput);
    return read.error().diagnostics.front().code;
  };
  const auto file = folder->path() / "key";
  CHECK(code(file) == "no-such-file");
  CHECK(code(folder->path()) == "unreadable");
  REQUIRE(make_private_file(file, std::string(65'537, 'x')));
  CHECK(code(file) == "too-large");
  std::filesystem::permissions(file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  CHECK(code(file) == "exposed");
  CHECK_FALSE(make_private_file(folder->path() / "no/such", ""));
  CHECK_FALSE(replace_private_file(folder->path() / "no/such", ""));
}

TEST_CASE("base.private_file: a temporary folder is private, and goes away with all that is in it") {
  std::filesystem::path path;
  {
    auto folder = TemporaryFolder::make();
    REQUIRE(folder);
    path = folder->path();
    CHECK(mode_of(path) == 0700);
    std::ofstream(path / "file") << "x";
    const TemporaryFolder moved = std::move(*folder);
    CHECK(moved.path() == path);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("base.source_file: a listing names each file with its digest") {
  const std::vector<SourceFile> files = {{"a.toml", "one"}, {"b.toml", ""}};
  const std::string lines = listing(files);
  // What sha256sum prints.
  CHECK(lines == sha256("one").substr(7) + "  a.toml\n" + sha256("").substr(7) + "  b.toml\n");
  const auto read = read_listing(lines);
  REQUIRE(read.size() == 2);
  CHECK(read[1].name == "b.toml");
  CHECK(read[1].digest == sha256(""));
  CHECK(read_listing("no digest\n\n").empty());
}
