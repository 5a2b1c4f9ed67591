#include "trust/lock.hpp"

#include "base/quote.hpp"
#include "base/table_reader.hpp"
#include "base/version.hpp"
#include "trust/pattern.hpp"

#include <algorithm>
#include <tuple>

namespace caveat {

namespace {

constexpr std::int64_t kFormat = 1;
constexpr std::string_view kHead =
    "# What this site has looked at and pinned. Written by `caveat plugin trust`; review its changes as you review "
    "code.\n"
    "format = 1\n";

class LockReader {
 public:
  LockReader(const TomlDocument& document, Diagnostics& diagnostics) : document_(document), diagnostics_(diagnostics) {}

  Lock read() {
    const Place top{document_.file(), 1, 1};
    TableReader table(document_.root(), top, "the lock file", diagnostics_);
    if (const TomlValue* format = table.value("format", true); format != nullptr && format->integer() != kFormat) {
      diagnostics_.error("unknown-format", format->place(), "this is not format 1 of the lock file",
                         "another version of Caveat wrote it");
    }
    read_pins(table.value("plugin"), Artifact::kPlugin);
    read_pins(table.value("pack"), Artifact::kPack);
    table.refuse_others();
    return std::move(lock_);
  }

 private:
  void read_pins(const TomlValue* list, Artifact kind) {
    if (list == nullptr) return;
    const std::string name(to_string(kind));
    if (!list->is(TomlType::kArray)) {
      diagnostics_.error("wrong-type", list->place(), "`" + name + "` must be a list of tables",
                         "write [[" + name + "]]");
      return;
    }
    for (const TomlValue& element : list->elements()) read_pin(element, kind);
  }

  void read_pin(const TomlValue& element, Artifact kind) {
    TableReader table(element, element.place(), "the pin", diagnostics_);
    Pin pin{kind, table.string("id", true), {}, table.string("digest", true), element.place()};
    const std::string lowest = table.string("lowest", true);
    table.refuse_others();
    const auto version = parse_version(lowest);
    const auto check = [&](bool good, const char* key, const std::string& text, const char* what, const char* example) {
      if (good || text.empty()) return;
      diagnostics_.error("bad-value", table.value(key)->place(), in_backticks(text) + " is not " + what, example);
    };
    check(is_id(pin.id), "id", pin.id, "an id", "the id of a plugin or of a pack");
    check(version.has_value(), "lowest", lowest, "a semantic version", "for example \"1.0.0\"");
    check(is_digest(pin.digest), "digest", pin.digest, "a digest", "`sha256:` and 64 hexadecimal digits");
    if (const Pin* first = lock_.find(kind, pin.id)) {
      diagnostics_.error("duplicate-id", element.place(), "a second pin of " + in_backticks(pin.id),
                         "the first is at " + to_string(first->place));
      return;
    }
    pin.lowest = version.value_or(Version{});
    lock_.pin(std::move(pin));
  }

  const TomlDocument& document_;
  Diagnostics& diagnostics_;
  Lock lock_;
};

}  // namespace

Result<Lock> Lock::read(const std::filesystem::path& file) {
  const auto document = TomlDocument::read(file, ErrorKind::kLoad);
  if (!document) return Failure(document.error());
  Diagnostics diagnostics;
  Lock lock = LockReader(*document, diagnostics).read();
  if (diagnostics.has_errors()) return fail(ErrorKind::kLoad, diagnostics.take());
  return lock;
}

const Pin* Lock::find(Artifact kind, std::string_view id) const {
  const auto found =
      std::find_if(pins_.begin(), pins_.end(), [&](const Pin& p) { return p.kind == kind && p.id == id; });
  return found == pins_.end() ? nullptr : &*found;
}

void Lock::pin(Pin pin) {
  const auto same = [&](const Pin& other) { return other.kind == pin.kind && other.id == pin.id; };
  pins_.erase(std::remove_if(pins_.begin(), pins_.end(), same), pins_.end());
  const auto at = std::find_if(pins_.begin(), pins_.end(), [&](const Pin& other) {
    return std::tie(pin.kind, pin.id) < std::tie(other.kind, other.id);
  });
  pins_.insert(at, std::move(pin));
}

std::string Lock::text() const {
  std::string out(kHead);
  for (const Pin& pin : pins_) {
    out += "\n[[" + std::string(to_string(pin.kind)) + "]]\nid = \"" + pin.id + "\"\nlowest = \"" +
           to_string(pin.lowest) + "\"\ndigest = \"" + pin.digest + "\"\n";
  }
  return out;
}

}  // namespace caveat
