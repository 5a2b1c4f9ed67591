// One table of a configuration file, read into options. A key is named once: the call that names it reads it, checks
// it, and tells the format's test what it is and what stands when it is absent. Internal to configuration.
#pragma once

#include "base/table_reader.hpp"

#include <caveat/options.hpp>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace caveat {

/// A key as its reader asks for it.
struct ConfigurationKey {
  std::string table;  ///< `trust`, `trust.key`, `disable`
  std::string key;
  std::string absent;  ///< what stands when it is absent, as TOML; `required`; `none`
};

/// What reading one file shares.
struct ConfigurationReading {
  std::filesystem::path folder;  ///< that relative paths are relative to
  Diagnostics& diagnostics;
  std::vector<ConfigurationKey>* keys = nullptr;  ///< where asked keys are written down, if anywhere
};

class ConfigurationTable {
 public:
  ConfigurationTable(const TomlValue& table, std::string name, ConfigurationReading& reading);

  // Each leaves its target alone when the key is absent or wrong; what is wrong is reported.
  void flag(std::string_view key, bool& target);
  void path(std::string_view key, std::filesystem::path& target, bool required = false);
  void folders(std::string_view key, Folders& target);
  void text(std::string_view key, std::string& target, bool required = false);
  /// `absent` is what `target` holds, as TOML, when that is something.
  void texts(std::string_view key, std::vector<std::string>& target, std::string absent = "none");
  /// A TOML date, as it is written.
  void date(std::string_view key, std::string& target, bool required = false);
  template <class Number>
  void number(std::string_view key, Number& target, std::uint64_t least, std::uint64_t most) {
    target = static_cast<Number>(
        read_number(key, target, least, std::min<std::uint64_t>(most, std::numeric_limits<Number>::max())));
  }

  /// `[NAME.key]`: `read` gets it as a table.
  template <class Read>
  void table(std::string_view key, Read read) {
    each_of(key, TomlType::kTable, read);
  }
  /// A table that somebody else reads.
  void pass_over(std::string_view key) { reader_.value(key); }
  /// `[[NAME.key]]`: `read` gets each.
  template <class Read>
  void each(std::string_view key, Read read) {
    each_of(key, TomlType::kArray, read);
  }

  /// Where the table, or the value of a key in it, stands.
  [[nodiscard]] Place place() const;
  [[nodiscard]] Place place(std::string_view key) const;
  [[nodiscard]] std::filesystem::path absolute(const std::filesystem::path& path) const;
  Diagnostics& diagnostics() { return reading_.diagnostics; }
  /// Reports the keys that nothing asked for.
  void refuse_others() { reader_.refuse_others(); }

 private:
  void note(std::string_view key, std::string absent);
  std::uint64_t read_number(std::string_view key, std::uint64_t standard, std::uint64_t least, std::uint64_t most);
  std::vector<TomlValue> tables_of(std::string_view key, TomlType type);

  template <class Read>
  void each_of(std::string_view key, TomlType type, Read& read) {
    for (const TomlValue& value : tables_of(key, type)) {
      ConfigurationTable inner(value, name_.empty() ? std::string(key) : name_ + '.' + std::string(key), reading_);
      read(inner);
      inner.refuse_others();
    }
  }

  const TomlValue& table_;
  std::string name_;
  ConfigurationReading& reading_;
  TableReader reader_;
};

}  // namespace caveat
