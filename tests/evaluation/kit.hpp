// What tests of the whole engine need: a folder that goes away, a pack written on the spot, an engine over it.
#pragma once

#include <caveat/caveat.hpp>

#include "support/catch.hpp"

#include <boost/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace kit {

namespace fs = std::filesystem;
namespace json = boost::json;

inline const fs::path kSource(CAVEAT_SOURCE_DIR);
inline const fs::path kBuild(CAVEAT_BINARY_DIR);
inline const fs::path kPlugins = kBuild / "lib/caveat/plugins";
inline constexpr const char* kAt = "2026-11-22T10:00:00Z";

class TempFolder {
 public:
  TempFolder() {
    std::string name = (fs::temp_directory_path() / "caveat-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }
  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file, std::ios::binary) << text;
  }

 private:
  fs::path path_;
};

inline const std::string kHeader = R"([pack]
id = "test"
version = "1.0.0"
status = "active"
title = "Test"
defer_to = "physician"
deferral = "A professional decides."
[[source]]
id = "book"
title = "A book"
)";

/// `[fact.NAME]` tables for Boolean facts.
inline std::string booleans(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += "[fact." + name + "]\ntype = \"boolean\"\nlabel = \"" + name + "\"\nask = \"Is it " + name + "?\"\n";
  }
  return out;
}

/// A rule with all that a rule must have.
inline std::string rule(const std::string& kind, const std::string& id, const std::string& when,
                        const std::string& more = "") {
  std::string out = "[[" + kind + "]]\nid = \"" + id + "\"\n";
  if (!when.empty()) out += "when = \"" + when + "\"\n";
  return out + "title = \"Title of " + id + "\"\nsays = \"Says " + id + ".\"\ncite = \"book#one\"\n" + more;
}

inline caveat::EngineOptions options_for(const fs::path& rules) {
  caveat::EngineOptions options;
  options.rules = rules;
  options.plugins = kPlugins;
  options.wording = kSource / "rules/wording";
  return options;
}

inline std::string all_of(const std::vector<caveat::Diagnostic>& diagnostics) {
  std::string out;
  for (const caveat::Diagnostic& diagnostic : diagnostics) out += to_string(diagnostic) + "\n";
  return out;
}

inline caveat::Engine load(const caveat::EngineOptions& options) {
  auto engine = caveat::Engine::load(options);
  if (!engine) FAIL(all_of(engine.error().diagnostics));
  return std::move(*engine);
}

/// An engine over one pack, given as pack.toml after the header.
inline caveat::Engine engine_of(const TempFolder& folder, const std::string& body,
                                const std::string& header = kHeader) {
  folder.write("test/pack.toml", header + body);
  return load(options_for(folder.path()));
}

/// The diagnostics of a pack that must not load.
inline std::vector<caveat::Diagnostic> refused(const std::string& body, const std::string& header = kHeader) {
  const TempFolder folder;
  folder.write("test/pack.toml", header + body);
  const auto engine = caveat::Engine::load(options_for(folder.path()));
  REQUIRE_FALSE(engine);
  CHECK(engine.error().kind == caveat::ErrorKind::kLoad);
  return engine.error().diagnostics;
}

inline caveat::Evaluation evaluate(const caveat::Engine& engine, const std::string& profile,
                                   const std::string& at = kAt, const std::string& language = "en") {
  const auto read = caveat::Profile::from_text(profile, engine.vocabulary());
  if (!read) FAIL(all_of(read.error().diagnostics));
  return engine.evaluate(*read, {.at = {at}, .pack = "", .language = language});
}

inline json::object as_json(const caveat::Evaluation& evaluation) {
  return json::parse(evaluation.to_json()).as_object();
}

inline std::string text(const json::value& value) { return std::string(value.as_string()); }

/// The advisory with the id, or null.
inline const json::object* advisory(const json::object& evaluation, const std::string& id) {
  for (const json::value& entry : evaluation.at("advisories").as_array()) {
    if (text(entry.at("id")) == id) return &entry.as_object();
  }
  return nullptr;
}

inline std::map<std::string, std::string> outcomes(const json::object& evaluation) {
  std::map<std::string, std::string> out;
  for (const json::value& entry : evaluation.at("outcomes").as_array())
    out[text(entry.at("rule"))] = text(entry.at("status"));
  return out;
}

inline std::vector<std::string> strings(const json::value& list) {
  std::vector<std::string> out;
  for (const json::value& entry : list.as_array()) out.push_back(text(entry));
  return out;
}

inline std::vector<std::string> ids(const json::object& evaluation) {
  std::vector<std::string> out;
  for (const json::value& entry : evaluation.at("advisories").as_array()) out.push_back(text(entry.at("id")));
  return out;
}

}  // namespace kit
