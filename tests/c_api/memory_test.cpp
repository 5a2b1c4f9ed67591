// Every allocation fails once: each call has to say so, leave everything as it was, and work the next time.
#include "c_api/kit.hpp"

#include <atomic>
#include <new>

using namespace caveat::c_api_kit;

namespace {

// Counts down with each allocation of this process, plugins included; the one at zero fails, then all works again.
std::atomic<long> allocations_left = -1;

void* allocate(std::size_t size) {
  if (allocations_left >= 0 && allocations_left-- == 0) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}

void* allocate_aligned(std::size_t size, std::align_val_t alignment) {
  if (allocations_left >= 0 && allocations_left-- == 0) return nullptr;
  const auto step = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(step, (size + step - 1) / step * step);
}

void* or_throw(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return or_throw(allocate(size)); }
void* operator new[](std::size_t size) { return or_throw(allocate(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(std::size_t size, std::align_val_t align) { return or_throw(allocate_aligned(size, align)); }
void* operator new[](std::size_t size, std::align_val_t align) { return or_throw(allocate_aligned(size, align)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

/// Calls with the first, the second, … allocation failing, `step` apart, until one call needs no more; after each call
/// everything works, and `check` sees what came of it. How many failed.
template <class Call, class Check>
int fail_each(Call call, Check check, long step = 1) {
  int failed = 0;
  for (long at = 0;; at += step) {
    allocations_left = at;
    const caveat_status status = call();
    const bool reached = allocations_left.exchange(-1) < 0;
    INFO("allocation " << at);
    check(status);
    if (!reached) {
      CHECK(status == CAVEAT_OK);
      return failed;
    }
    ++failed;
  }
}

}  // namespace

TEST_CASE("c_api.memory: evaluating, each allocation failing in turn") {
  const Engine engine = load();
  const std::string expected = json_of(evaluate(engine.get()).get());
  const caveat_request request = request_at();
  caveat_evaluation* made = nullptr;
  const auto call = [&] {
    return caveat_engine_evaluate(engine.get(), kPregnant.data(), kPregnant.size(), nullptr, &request, nullptr, &made);
  };
  const int failed = fail_each(call, [&](caveat_status status) {
    const Evaluation evaluation(made);
    if (status == CAVEAT_OK && caveat_evaluation_complete(made) == 0) {
      // It failed inside a plugin: the host has spoken for it.
      CHECK(caveat_evaluation_disposition(made) == CAVEAT_DISPOSITION_REFER);
    } else if (status == CAVEAT_OK) {
      CHECK(json_of(made) == expected);
    } else {
      CHECK(status == CAVEAT_OUT_OF_MEMORY);
      CHECK(made == nullptr);
    }
  });
  CHECK(failed > 100);
  CHECK(json_of(evaluate(engine.get()).get()) == expected);
}

TEST_CASE("c_api.memory: rendering, each allocation failing in turn") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  for (const std::uint32_t format :
       {CAVEAT_FORMAT_JSON, CAVEAT_FORMAT_TEXT, CAVEAT_FORMAT_MARKDOWN, CAVEAT_FORMAT_HTML, CAVEAT_FORMAT_FHIR}) {
    char* text = nullptr;
    const auto call = [&] {
      return caveat_evaluation_render(evaluation.get(), format, CAVEAT_EXPLAIN_FULL, &text, nullptr);
    };
    const int failed = fail_each(call, [&](caveat_status status) {
      const String owned(text);
      CHECK((status == CAVEAT_OK || status == CAVEAT_OUT_OF_MEMORY));
      CHECK((status == CAVEAT_OK) == (text != nullptr));
    });
    CHECK(failed > 2);
  }
}

TEST_CASE("c_api.memory: reading profiles and records, each allocation failing in turn") {
  const Engine engine = load();
  const std::string record = R"({"resourceType":"Bundle","type":"collection","entry":[
      {"resource":{"resourceType":"Patient","id":"17","birthDate":"1992-02-03"}},
      {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/17"},
       "code":{"coding":[{"system":"http://snomed.info/sct","code":"77386006"}]}}}]})";
  const std::string toml = "id = \"p\"\n[facts]\nage = 34\npregnant = true\n";
  for (const std::string* text : {&kPregnant, &toml, &record}) {
    caveat_profile* read = nullptr;
    const auto call = [&] {
      return caveat_profile_read(engine.get(), text->data(), text->size(), nullptr, nullptr, &read);
    };
    std::string digest;
    REQUIRE(call() == CAVEAT_OK);
    digest = string_of(caveat_profile_digest(Profile(read).get()));
    const int failed = fail_each(call, [&](caveat_status status) {
      const Profile profile(read);
      CHECK((status == CAVEAT_OK || status == CAVEAT_OUT_OF_MEMORY));
      CHECK((status == CAVEAT_OK) == (read != nullptr));
      if (read != nullptr) CHECK(string_of(caveat_profile_digest(read)) == digest);
    });
    CHECK(failed > 10);
  }
}

TEST_CASE("c_api.memory: options and lists, each allocation failing in turn") {
  const Engine engine = load();
  const auto fails = [](auto call) {
    return fail_each(call,
                     [](caveat_status status) { CHECK((status == CAVEAT_OK || status == CAVEAT_OUT_OF_MEMORY)); });
  };
  caveat_options* made = nullptr;
  CHECK(fails([&] {
          caveat_options_free(made);
          return caveat_options_new(&made);
        }) > 0);
  const Options options(made);
  const std::string folder(200, 'x');
  CHECK(fails([&] { return caveat_options_set(made, "rules", folder.c_str(), nullptr); }) > 0);
  CHECK(fails([&] {
          return caveat_options_disable(made, folder.c_str(), "reviewed", "A. Person", "2026-11-01", nullptr);
        }) > 0);
  CHECK(fails([&] {
          char* text = nullptr;
          const caveat_status status = caveat_engine_packs(engine.get(), &text, nullptr);
          caveat_string_free(text);
          return status;
        }) > 0);
  CHECK(fails([&] {
          char* text = nullptr;
          const auto status = caveat_engine_record_queries(engine.get(), "microneedling", "17", &text, nullptr);
          caveat_string_free(text);
          return status;
        }) > 0);
}

TEST_CASE("c_api.memory: loading anew, allocations failing all along the way") {
  const Engine engine = load();
  const std::string expected = json_of(evaluate(engine.get()).get());
  const Options options = options_for(kSource / "rules/microneedling");
  constexpr long kStep = 997;  // a prime: over the whole way, not always at the same place of a loop
  const int failed =
      fail_each([&] { return caveat_engine_reload(engine.get(), options.get(), nullptr); },
                [&](caveat_status status) {
                  CHECK((status == CAVEAT_OK || status == CAVEAT_OUT_OF_MEMORY || status == CAVEAT_NOT_LOADED));
                },
                kStep);
  CHECK(failed > 5);
  CHECK(json_of(evaluate(engine.get()).get()) == expected);
}

TEST_CASE("c_api.memory: recording, each allocation failing in turn, loses and doubles nothing") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  const Folder folder;
  const Options options = options_for(kSource);
  REQUIRE(caveat_options_set(options.get(), "audit.file", (folder.path() / "a.db").c_str(), nullptr) == CAVEAT_OK);
  caveat_audit* opened = nullptr;
  REQUIRE(caveat_audit_open(options.get(), nullptr, &opened) == CAVEAT_OK);
  const Audit audit(opened);
  std::uint64_t last = 1, sequence = 0;
  const auto call = [&] { return caveat_audit_record(audit.get(), evaluation.get(), nullptr, &sequence); };
  const int failed = fail_each(call, [&](caveat_status status) {
    CHECK((status == CAVEAT_OK || status == CAVEAT_OUT_OF_MEMORY));
    if (status == CAVEAT_OK) CHECK(sequence == ++last);
  });
  CHECK(failed > 20);
}
