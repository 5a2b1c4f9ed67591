// What tests of the C interface need: handles that end themselves, a reporter that keeps what it is told, and files.
#pragma once

#include <caveat/caveat.h>

#include "support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace caveat::c_api_kit {

namespace fs = std::filesystem;

inline const fs::path kSource = CAVEAT_SOURCE_DIR;
inline const fs::path kPlugins = fs::path(CAVEAT_BINARY_DIR) / "lib/caveat/plugins";
inline constexpr const char* kAt = "2026-11-22T10:00:00Z";
inline const std::string kPregnant = R"({"id":"p-1","recorded":"2026-11-01","facts":{"age":34,"pregnant":true}})";

template <auto End>
struct Ender {
  template <class T>
  void operator()(T* handle) const {
    End(handle);
  }
};
using Options = std::unique_ptr<caveat_options, Ender<caveat_options_free>>;
using Engine = std::unique_ptr<caveat_engine, Ender<caveat_engine_free>>;
using Profile = std::unique_ptr<caveat_profile, Ender<caveat_profile_free>>;
using Evaluation = std::unique_ptr<caveat_evaluation, Ender<caveat_evaluation_free>>;
using Audit = std::unique_ptr<caveat_audit, Ender<caveat_audit_close>>;
using String = std::unique_ptr<char, Ender<caveat_string_free>>;

inline std::string string_of(const caveat_text& text) { return {text.data, text.size}; }

/// Keeps the codes that it is told, and the last message.
struct Told {
  std::vector<std::string> codes;
  std::string message;
  caveat_reporter reporter{[](void* context, const caveat_diagnostic* diagnostic) {
                             auto& told = *static_cast<Told*>(context);
                             told.codes.push_back(string_of(diagnostic->code));
                             told.message = string_of(diagnostic->message);
                           },
                           this};
};

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "caveat-c-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline Options options_for(const fs::path& rules) {
  caveat_options* options = nullptr;
  REQUIRE(caveat_options_new(&options) == CAVEAT_OK);
  REQUIRE(caveat_options_set(options, "rules", rules.c_str(), nullptr) == CAVEAT_OK);
  REQUIRE(caveat_options_set(options, "plugins", kPlugins.c_str(), nullptr) == CAVEAT_OK);
  REQUIRE(caveat_options_set(options, "wording", (kSource / "rules/wording").c_str(), nullptr) == CAVEAT_OK);
  return Options(options);
}

inline Engine load(const fs::path& rules = kSource / "rules/microneedling") {
  caveat_engine* engine = nullptr;
  Told told;
  const caveat_status status = caveat_engine_load(options_for(rules).get(), &told.reporter, &engine);
  INFO(told.message);
  REQUIRE(status == CAVEAT_OK);
  return Engine(engine);
}

inline caveat_request request_at(const char* at = kAt) { return {sizeof(caveat_request), at, nullptr, nullptr}; }

inline Evaluation evaluate(const caveat_engine* engine, const std::string& text = kPregnant) {
  const caveat_request request = request_at();
  caveat_evaluation* evaluation = nullptr;
  REQUIRE(caveat_engine_evaluate(engine, text.data(), text.size(), nullptr, &request, nullptr, &evaluation) ==
          CAVEAT_OK);
  return Evaluation(evaluation);
}

inline std::string json_of(const caveat_evaluation* evaluation) {
  char* text = nullptr;
  std::size_t size = 0;
  REQUIRE(caveat_evaluation_render(evaluation, CAVEAT_FORMAT_JSON, CAVEAT_EXPLAIN_FULL, &text, &size) == CAVEAT_OK);
  const String owned(text);
  return {text, size};
}

}  // namespace caveat::c_api_kit
