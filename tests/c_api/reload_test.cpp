// Loading anew while others evaluate: nobody fails, and everybody ends with what they began with.
#include "c_api/kit.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

using namespace caveat::c_api_kit;

namespace {

/// A pack of one rule whose version and words are `version`, with one fact more from version 2 on.
fs::path write_pack(const Folder& folder, const std::string& version) {
  const fs::path pack = folder.path() / ("v" + version) / "small";
  fs::create_directories(pack);
  std::ofstream out(pack / "pack.toml");
  out << "[pack]\nid = \"small\"\nversion = \"" << version << ".0.0\"\nstatus = \"active\"\ntitle = \"Small\"\n"
      << "defer_to = \"nurse\"\ndeferral = \"A nurse decides.\"\n[[source]]\nid = \"s\"\ntitle = \"S\"\n";
  for (int fact = 0; fact < std::atoi(version.c_str()); ++fact) {
    out << "[fact.f" << fact << "]\ntype = \"boolean\"\nlabel = \"F\"\nask = \"F?\"\n";
  }
  out << "[[contraindication]]\nid = \"r\"\nwhen = \"f0\"\ntitle = \"T\"\nsays = \"Version " << version
      << ".\"\ncite = \"s#1\"\n";
  return pack.parent_path();
}

const std::string kText = R"({"facts":{"f0":true}})";

}  // namespace

TEST_CASE("c_api.threads: one profile, one evaluation and one log, from several threads") {
  const Engine engine = load();
  const std::string expected = json_of(evaluate(engine.get()).get());
  caveat_profile* read = nullptr;
  REQUIRE(caveat_profile_read(engine.get(), kPregnant.data(), kPregnant.size(), nullptr, nullptr, &read) == CAVEAT_OK);
  const Profile profile(read);
  const Evaluation shared = evaluate(engine.get());
  const Folder folder;
  const Options options = options_for(kSource);
  REQUIRE(caveat_options_set(options.get(), "audit.file", (folder.path() / "a.db").c_str(), nullptr) == CAVEAT_OK);
  caveat_audit* opened = nullptr;
  REQUIRE(caveat_audit_open(options.get(), nullptr, &opened) == CAVEAT_OK);
  const Audit audit(opened);

  constexpr int kThreads = 4, kTimes = 25;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      const caveat_request request = request_at();
      for (int i = 0; i < kTimes; ++i) {
        caveat_evaluation* made = nullptr;
        wrong += caveat_profile_evaluate(profile.get(), &request, nullptr, &made) != CAVEAT_OK;
        for (const caveat_evaluation* each : std::initializer_list<const caveat_evaluation*>{made, shared.get()}) {
          char* text = nullptr;
          wrong += caveat_evaluation_render(each, CAVEAT_FORMAT_JSON, CAVEAT_EXPLAIN_FULL, &text, nullptr) != CAVEAT_OK;
          wrong += text == nullptr || text != expected;
          caveat_string_free(text);
        }
        wrong += caveat_audit_record(audit.get(), made, nullptr, nullptr) != CAVEAT_OK;
        caveat_evaluation_free(made);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  caveat_verification found{};
  found.size = sizeof found;
  REQUIRE(caveat_audit_verify(options.get(), nullptr, &found) == CAVEAT_OK);
  CHECK(found.holds == 1);
  CHECK(found.evaluations == kThreads * kTimes);
}

TEST_CASE("c_api.reload: under load, not one evaluation fails and none is a mixture") {
  const Folder folder;
  const fs::path one = write_pack(folder, "1"), two = write_pack(folder, "2");
  std::set<std::string> expected;
  for (const fs::path& rules : {one, two}) {
    const Engine alone = load(rules);
    expected.insert(json_of(evaluate(alone.get(), kText).get()));
  }
  REQUIRE(expected.size() == 2);

  const Engine engine = load(one);
  const Options first = options_for(one), second = options_for(two), broken = options_for(folder.path() / "none");
  std::atomic<bool> stop = false;
  std::atomic<int> evaluated = 0, failed = 0;
  std::mutex mutex;
  std::set<std::string> seen;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      const caveat_request request = request_at();
      while (!stop) {
        caveat_evaluation* made = nullptr;
        if (t == 0) {  // in two steps, with whatever happens between them
          caveat_profile* profile = nullptr;
          if (caveat_profile_read(engine.get(), kText.data(), kText.size(), nullptr, nullptr, &profile) != CAVEAT_OK ||
              caveat_profile_evaluate(profile, &request, nullptr, &made) != CAVEAT_OK)
            ++failed;
          caveat_profile_free(profile);
        } else if (caveat_engine_evaluate(engine.get(), kText.data(), kText.size(), nullptr, &request, nullptr,
                                          &made) != CAVEAT_OK) {
          ++failed;
        }
        char* text = nullptr;
        if (caveat_evaluation_render(made, CAVEAT_FORMAT_JSON, CAVEAT_EXPLAIN_FULL, &text, nullptr) == CAVEAT_OK) {
          const std::scoped_lock lock(mutex);
          seen.insert(text);
        } else {
          ++failed;
        }
        caveat_string_free(text);
        caveat_evaluation_free(made);
        ++evaluated;
      }
    });
  }
  constexpr int kReloads = 20;
  int refused = 0;
  for (int i = 0; i < kReloads; ++i) {
    CHECK(caveat_engine_reload(engine.get(), i % 2 == 0 ? second.get() : first.get(), nullptr) == CAVEAT_OK);
    refused += caveat_engine_reload(engine.get(), broken.get(), nullptr) == CAVEAT_NOT_LOADED;
    const int before = evaluated;
    while (evaluated < before + 5) std::this_thread::yield();
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(failed == 0);
  CHECK(refused == kReloads);
  CHECK(seen == expected);
}
