#include "c_api/kit.hpp"

#include "support/process.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

using namespace caveat::c_api_kit;

namespace {

bool has(const Told& told, const std::string& code) {
  return std::find(told.codes.begin(), told.codes.end(), code) != told.codes.end();
}

}  // namespace

TEST_CASE("c_api.evaluate: gives the bytes that the command gives, and the same by accessors") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  const std::string json = json_of(evaluation.get());

  caveat::testing::Command command;
  command.arguments = {
      std::string(CAVEAT_BINARY_DIR) + "/bin/caveat", "evaluate", "-", "--format", "json", "--at", kAt, "--rules",
      (kSource / "rules/microneedling").string()};
  command.input = kPregnant;
  CHECK(caveat::testing::run(command).out == json + "\n");

  CHECK(caveat_evaluation_disposition(evaluation.get()) == CAVEAT_DISPOSITION_REFER);
  CHECK(caveat_evaluation_complete(evaluation.get()) == 1);
  CHECK(string_of(caveat_evaluation_pack(evaluation.get())) == "microneedling");
  CHECK_FALSE(string_of(caveat_evaluation_summary(evaluation.get())).empty());
  CHECK_FALSE(string_of(caveat_evaluation_deferral(evaluation.get())).empty());
  REQUIRE(caveat_evaluation_advisory_count(evaluation.get()) > 1);
  caveat_advisory advisory{};
  advisory.size = sizeof advisory;
  REQUIRE(caveat_evaluation_advisory(evaluation.get(), 0, &advisory) == CAVEAT_OK);
  CHECK(string_of(advisory.id) == "microneedling/pregnancy-or-breastfeeding");
  CHECK(string_of(advisory.kind) == "contraindication");
  CHECK(string_of(advisory.role) == "bars");
  CHECK(string_of(advisory.status) == "met");
  CHECK_FALSE(string_of(advisory.statement).empty());
  bool found = false;
  for (std::size_t i = 0; i < caveat_evaluation_outcome_count(evaluation.get()); ++i) {
    caveat_rule_outcome outcome{};
    outcome.size = sizeof outcome;
    REQUIRE(caveat_evaluation_outcome(evaluation.get(), i, &outcome) == CAVEAT_OK);
    found = found ||
            (string_of(outcome.rule) == "microneedling/keloid-tendency" && string_of(outcome.status) == "undetermined");
  }
  CHECK(found);
}

TEST_CASE("c_api.evaluate: every format, every measure of reasons") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  for (const std::uint32_t format : {CAVEAT_FORMAT_JSON, CAVEAT_FORMAT_JSON_INDENTED, CAVEAT_FORMAT_TEXT,
                                     CAVEAT_FORMAT_MARKDOWN, CAVEAT_FORMAT_HTML, CAVEAT_FORMAT_FHIR}) {
    std::size_t longer = 0;
    for (const std::uint32_t explain : {CAVEAT_EXPLAIN_NONE, CAVEAT_EXPLAIN_BRIEF, CAVEAT_EXPLAIN_FULL}) {
      char* text = nullptr;
      std::size_t size = 0;
      REQUIRE(caveat_evaluation_render(evaluation.get(), format, explain, &text, &size) == CAVEAT_OK);
      const String owned(text);
      CHECK(std::strlen(text) == size);
      CHECK(size >= longer);
      longer = size;
    }
  }
}

TEST_CASE("c_api.handles: each may be ended before the others") {
  Engine engine = load();
  caveat_profile* read = nullptr;
  REQUIRE(caveat_profile_read(engine.get(), kPregnant.data(), kPregnant.size(), nullptr, nullptr, &read) == CAVEAT_OK);
  Profile profile(read);
  engine.reset();
  CHECK(string_of(caveat_profile_id(profile.get())) == "p-1");
  CHECK(string_of(caveat_profile_digest(profile.get())).substr(0, 7) == "sha256:");
  const caveat_request request = request_at();
  caveat_evaluation* made = nullptr;
  REQUIRE(caveat_profile_evaluate(profile.get(), &request, nullptr, &made) == CAVEAT_OK);
  const Evaluation evaluation(made);
  profile.reset();
  CHECK(json_of(evaluation.get()).find("\"refer\"") != std::string::npos);
  CHECK(caveat_evaluation_advisory_count(evaluation.get()) > 0);
}

TEST_CASE("c_api.errors: everything that was wrong is reported, with its place") {
  const Engine engine = load();
  const std::string wrong = R"({"facts":{"age":212,"pregant":true,"skin_type":"VII"}})";
  Told told;
  caveat_profile* profile = nullptr;
  const caveat_reading reading = {sizeof reading, "form.json", 0, 0, 0, 0, nullptr};
  CHECK(caveat_profile_read(engine.get(), wrong.data(), wrong.size(), &reading, &told.reporter, &profile) ==
        CAVEAT_BAD_INPUT);
  CHECK(profile == nullptr);
  CHECK(told.codes.size() == 3);
  CHECK(has(told, "unknown-fact"));

  Told load_told;
  caveat_engine* none = nullptr;
  CHECK(caveat_engine_load(options_for("/no/such/folder").get(), &load_told.reporter, &none) == CAVEAT_NOT_LOADED);
  CHECK(none == nullptr);
  CHECK(load_told.codes == std::vector<std::string>{"no-such-folder"});
}

TEST_CASE("c_api.errors: what cannot be evaluated is an evaluation from which nothing may be concluded") {
  const Engine engine = load();
  caveat_request request = request_at("1990-01-01T00:00:00Z");
  Told told;
  caveat_evaluation* made = nullptr;
  CHECK(caveat_engine_evaluate(engine.get(), kPregnant.data(), kPregnant.size(), nullptr, &request, &told.reporter,
                               &made) == CAVEAT_BAD_INPUT);
  const Evaluation evaluation(made);
  CHECK(has(told, "future-date"));
  CHECK(caveat_evaluation_disposition(evaluation.get()) == CAVEAT_DISPOSITION_INCOMPLETE);
  CHECK(caveat_evaluation_complete(evaluation.get()) == 0);
  CHECK(caveat_evaluation_advisory_count(evaluation.get()) == 0);
}

TEST_CASE("c_api.errors: an exception of the reporter stops at the boundary") {
  const Engine engine = load();
  const caveat_reporter thrower = {[](void*, const caveat_diagnostic*) { throw std::runtime_error("no"); }, nullptr};
  caveat_profile* profile = nullptr;
  CHECK(caveat_profile_read(engine.get(), "{\"x\":1}", 7, nullptr, &thrower, &profile) == CAVEAT_EXCEPTION);
  CHECK(profile == nullptr);
  const caveat_request request = request_at("1990-01-01T00:00:00Z");
  caveat_evaluation* evaluation = nullptr;
  CHECK(caveat_engine_evaluate(engine.get(), kPregnant.data(), kPregnant.size(), nullptr, &request, &thrower,
                               &evaluation) == CAVEAT_EXCEPTION);
  CHECK(evaluation == nullptr);
}

TEST_CASE("c_api.options: names and values") {
  const Options options = options_for(kSource);
  const auto set = [&](const char* name, const char* value) {
    Told told;
    const caveat_status status = caveat_options_set(options.get(), name, value, &told.reporter);
    CHECK((status == CAVEAT_OK) == told.codes.empty());
    return status;
  };
  for (const char* name : {"rules", "plugins", "wording", "isolation.worker", "audit.file", "audit.key", "audit.anchor",
                           "audit.profiles_key"})
    CHECK(set(name, "x") == CAVEAT_OK);
  for (const char* name : {"retired", "trust.allow_unsigned", "isolation.warm_spare", "audit.keep_profiles"}) {
    CHECK(set(name, "true") == CAVEAT_OK);
    CHECK(set(name, "false") == CAVEAT_OK);
    CHECK(set(name, "yes") == CAVEAT_BAD_INPUT);
  }
  for (const char* name : {"isolation.deadline_ms", "isolation.memory_mib", "isolation.cpu_s",
                           "isolation.quarantine_ms", "isolation.quarantine_max_ms", "audit.lock_wait_ms"}) {
    CHECK(set(name, "1") == CAVEAT_OK);
    CHECK(set(name, "4294967295") == CAVEAT_OK);
    for (const char* none : {"0", "-1", "4294967296", "1 ", "1s", "x"}) CHECK(set(name, none) == CAVEAT_BAD_INPUT);
  }
  CHECK(set("rule", "x") == CAVEAT_BAD_INPUT);
  CHECK(set("rules", "") == CAVEAT_BAD_INPUT);
  CHECK(set("rules", "\xff") == CAVEAT_BAD_INPUT);
}

TEST_CASE("c_api.options: a disabled rule is listed, and what nobody answers for is not taken") {
  const Options options = options_for(kSource / "rules/microneedling");
  const auto disable = [&](const char* person) {
    return caveat_options_disable(options.get(), "microneedling/pregnancy-or-breastfeeding", "reviewed", person,
                                  "2026-11-01", nullptr);
  };
  CHECK(disable(nullptr) == CAVEAT_MISUSE);
  CHECK(disable("\xff") == CAVEAT_BAD_INPUT);
  REQUIRE(disable("A. Person") == CAVEAT_OK);
  caveat_engine* loaded = nullptr;
  REQUIRE(caveat_engine_load(options.get(), nullptr, &loaded) == CAVEAT_OK);
  const Engine without(loaded), whole = load();
  const Evaluation quiet = evaluate(without.get()), spoken = evaluate(whole.get());
  CHECK(caveat_evaluation_complete(quiet.get()) == 0);
  CHECK(json_of(quiet.get()).find("A. Person") != std::string::npos);
  // Two engines in one process: what one was told, the other does not know.
  CHECK(caveat_evaluation_complete(spoken.get()) == 1);
  CHECK(caveat_evaluation_disposition(spoken.get()) == CAVEAT_DISPOSITION_REFER);

  REQUIRE(disable("") == CAVEAT_OK);
  Told told;
  CHECK(caveat_engine_load(options.get(), &told.reporter, &loaded) == CAVEAT_NOT_LOADED);
  CHECK_FALSE(told.codes.empty());
}

TEST_CASE("c_api.options: a site's configuration file is taken whole, or not at all") {
  const Folder folder;
  const auto written = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
    return (folder.path() / name).string();
  };
  const std::string rules = (kSource / "rules/microneedling").string(), wording = (kSource / "rules/wording").string();
  const std::string good = written("caveat.toml", "[packs]\nfolders = [\"" + rules + "\"]\nwording = \"" + wording +
                                                      "\"\n[plugins]\nfolders = [\"" + kPlugins.string() +
                                                      "\"]\n[trust]\nallow_unsigned = true\n[isolation]\ndeadline_ms = "
                                                      "500\n");
  const std::string bad = written("bad.toml", "[packs]\nfolder = 1\n[isolation]\ndeadline_ms = -1\n");

  caveat_options* made = nullptr;
  REQUIRE(caveat_options_new(&made) == CAVEAT_OK);
  const Options options(made);
  CHECK(caveat_options_read(made, nullptr, nullptr) == CAVEAT_MISUSE);
  REQUIRE(caveat_options_read(made, good.c_str(), nullptr) == CAVEAT_OK);
  Told told;
  CHECK(caveat_options_read(made, bad.c_str(), &told.reporter) == CAVEAT_BAD_INPUT);
  CHECK(told.codes.size() >= 2);
  CHECK(caveat_options_read(made, (folder.path() / "none.toml").c_str(), nullptr) == CAVEAT_BAD_INPUT);

  caveat_engine* loaded = nullptr;  // what the good one said is still there
  REQUIRE(caveat_engine_load(made, nullptr, &loaded) == CAVEAT_OK);
  const Engine engine(loaded);
  CHECK(json_of(evaluate(engine.get()).get()) == json_of(evaluate(load().get()).get()));
}

TEST_CASE("c_api.record: a FHIR record from several sources, and the searches that get it") {
  const Engine engine = load();
  char* text = nullptr;
  std::size_t size = 0;
  REQUIRE(caveat_engine_record_queries(engine.get(), "microneedling", "17", &text, &size) == CAVEAT_OK);
  const String queries(text);
  CHECK(std::string(text, size).find("\"query\":\"Patient/17\"") != std::string::npos);
  REQUIRE(caveat_engine_record_queries(engine.get(), "no-such-pack", "17", &text, nullptr) == CAVEAT_OK);
  CHECK(std::string(String(text).get()) == "[]");

  const std::string patient = R"({"resourceType":"Patient","id":"17","birthDate":"1992-02-03"})", absent = "null";
  const caveat_source one = {sizeof one, "patient", patient.data(), patient.size(), "Patient/17"};
  const caveat_source none = {sizeof none, "conditions", absent.data(), absent.size(), "Condition?patient=17"};
  const caveat_source unasked = {sizeof unasked, "observations", nullptr, 0, nullptr};
  const caveat_source* const sources[] = {&one, &none, &unasked};
  caveat_profile* read = nullptr;
  Told told;
  REQUIRE(caveat_profile_read_record(engine.get(), sources, 3, nullptr, &told.reporter, &read) == CAVEAT_OK);
  const Profile profile(read);
  CHECK(string_of(caveat_profile_id(profile.get())) == "17");
  const caveat_request request = request_at();
  caveat_evaluation* made = nullptr;
  REQUIRE(caveat_profile_evaluate(profile.get(), &request, nullptr, &made) == CAVEAT_OK);
  const Evaluation evaluation(made);
  CHECK(caveat_evaluation_disposition(made) == CAVEAT_DISPOSITION_INSUFFICIENT_INFORMATION);
  CHECK(json_of(made).find("Patient/17") != std::string::npos);  // where the age came from
}

TEST_CASE("c_api.misuse: NULL and sizes that are none are a status, never a crash") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  const Options options = options_for(kSource);
  caveat_engine* no_engine = nullptr;
  caveat_profile* no_profile = nullptr;
  caveat_evaluation* none = nullptr;
  caveat_audit* no_audit = nullptr;
  char* no_text = nullptr;
  const caveat_request request = request_at();
  const caveat_request no_time = request_at(nullptr), no_size = {0, kAt, nullptr, nullptr};
  const caveat_request no_text_at_all = request_at("\xff");
  const caveat_reading bad_reading = {1, nullptr, 0, 0, 0, 0, nullptr};

  CHECK(caveat_options_new(nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_options_set(nullptr, "rules", "x", nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_options_set(options.get(), nullptr, "x", nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_options_set(options.get(), "rules", nullptr, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_engine_load(nullptr, nullptr, &no_engine) == CAVEAT_MISUSE);
  CHECK(caveat_engine_load(options.get(), nullptr, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_engine_reload(nullptr, options.get(), nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_engine_packs(nullptr, &no_text, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_profile_read(nullptr, "", 0, nullptr, nullptr, &no_profile) == CAVEAT_MISUSE);
  CHECK(caveat_profile_read(engine.get(), nullptr, 1, nullptr, nullptr, &no_profile) == CAVEAT_MISUSE);
  CHECK(caveat_profile_read(engine.get(), "", 0, &bad_reading, nullptr, &no_profile) == CAVEAT_MISUSE);
  const caveat_source no_source = {}, no_address = {sizeof no_address, nullptr, nullptr, 3, nullptr};
  for (const caveat_source* bad : {&no_source, &no_address, static_cast<const caveat_source*>(nullptr)})
    CHECK(caveat_profile_read_record(engine.get(), &bad, 1, nullptr, nullptr, &no_profile) == CAVEAT_MISUSE);
  CHECK(caveat_profile_read_record(engine.get(), nullptr, 1, nullptr, nullptr, &no_profile) == CAVEAT_MISUSE);
  CHECK(caveat_engine_record_queries(engine.get(), nullptr, "1", &no_text, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_audit_verify(options.get(), nullptr, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_profile_evaluate(nullptr, &request, nullptr, &none) == CAVEAT_MISUSE);
  for (const caveat_request* bad : {&no_time, &no_size, &no_text_at_all, static_cast<const caveat_request*>(nullptr)})
    CHECK(caveat_engine_evaluate(engine.get(), "{}", 2, nullptr, bad, nullptr, &none) == CAVEAT_MISUSE);
  CHECK(none == nullptr);
  CHECK(caveat_evaluation_disposition(nullptr) == CAVEAT_DISPOSITION_NONE);
  CHECK(caveat_evaluation_complete(nullptr) == 0);
  CHECK(caveat_evaluation_summary(nullptr).data != nullptr);
  CHECK(caveat_evaluation_advisory_count(nullptr) == 0);
  caveat_advisory advisory{};
  CHECK(caveat_evaluation_advisory(evaluation.get(), 0, &advisory) == CAVEAT_MISUSE);  // no size
  advisory.size = sizeof advisory;
  CHECK(caveat_evaluation_advisory(evaluation.get(), 10'000, &advisory) == CAVEAT_MISUSE);
  CHECK(caveat_evaluation_render(nullptr, CAVEAT_FORMAT_JSON, 0, &no_text, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_evaluation_render(evaluation.get(), 0, 0, &no_text, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_evaluation_render(evaluation.get(), CAVEAT_FORMAT_JSON, 9, &no_text, nullptr) == CAVEAT_MISUSE);
  CHECK(caveat_audit_open(nullptr, nullptr, &no_audit) == CAVEAT_MISUSE);
  CHECK(caveat_audit_record(nullptr, evaluation.get(), nullptr, nullptr) == CAVEAT_MISUSE);
  caveat_options_free(nullptr);
  caveat_engine_free(nullptr);
  caveat_profile_free(nullptr);
  caveat_evaluation_free(nullptr);
  caveat_string_free(nullptr);
  caveat_audit_close(nullptr);
  CHECK(caveat_status_name(12'345) == std::string("unknown"));
}

TEST_CASE("c_api.structs: a caller of an earlier minor gets what it knows of, and nothing beyond") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  struct {
    caveat_advisory advisory;
    char beyond = 'x';
  } smaller{};
  smaller.advisory.size = offsetof(caveat_advisory, title);
  REQUIRE(caveat_evaluation_advisory(evaluation.get(), 0, &smaller.advisory) == CAVEAT_OK);
  CHECK(smaller.advisory.size == offsetof(caveat_advisory, title));
  CHECK(smaller.advisory.severity.size > 0);
  CHECK(smaller.advisory.title.data == nullptr);
  caveat_request only_time = request_at();
  only_time.size = offsetof(caveat_request, pack);
  only_time.pack = "no such pack";  // beyond what it says that it holds
  caveat_evaluation* made = nullptr;
  CHECK(caveat_engine_evaluate(engine.get(), "{}", 2, nullptr, &only_time, nullptr, &made) == CAVEAT_OK);
  caveat_evaluation_free(made);
}

TEST_CASE("c_api.now: the clock as a time of evaluation") {
  char now[21] = {};
  CHECK(caveat_now(now, 20) == CAVEAT_MISUSE);
  CHECK(caveat_now(nullptr, 21) == CAVEAT_MISUSE);
  REQUIRE(caveat_now(now, sizeof now) == CAVEAT_OK);
  CHECK(std::strlen(now) == 20);
  const Engine engine = load();
  const caveat_request request = request_at(now);
  caveat_evaluation* made = nullptr;
  CHECK(caveat_engine_evaluate(engine.get(), "{}", 2, nullptr, &request, nullptr, &made) == CAVEAT_OK);
  caveat_evaluation_free(made);
  CHECK(std::string(caveat_version()) == CAVEAT_VERSION);
}

TEST_CASE("c_api.audit: records, takes feedback, and refuses with a reason") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  const Folder folder;
  const Options options = options_for(kSource);
  Told told;
  caveat_audit* opened = nullptr;
  CHECK(caveat_audit_open(options.get(), &told.reporter, &opened) == CAVEAT_BAD_INPUT);
  CHECK(told.codes == std::vector<std::string>{"bad-option"});
  const std::string file = (folder.path() / "audit.db").string();
  REQUIRE(caveat_options_set(options.get(), "audit.file", file.c_str(), nullptr) == CAVEAT_OK);
  REQUIRE(caveat_audit_open(options.get(), nullptr, &opened) == CAVEAT_OK);
  const Audit audit(opened);
  std::uint64_t sequence = 0;
  CHECK(caveat_audit_record(audit.get(), evaluation.get(), nullptr, &sequence) == CAVEAT_OK);
  CHECK(sequence == 2);
  const std::string json = json_of(evaluation.get());
  const std::string id = json.substr(json.find("\"id\":\"") + 6, 32);
  CHECK(caveat_audit_feedback(audit.get(), id.c_str(), "microneedling/open-wound", CAVEAT_FEEDBACK_OVERRIDDEN, "known",
                              nullptr, &sequence) == CAVEAT_OK);
  CHECK(sequence == 3);
  CHECK(caveat_audit_feedback(audit.get(), id.c_str(), "microneedling/open-wound", 0, nullptr, nullptr, nullptr) ==
        CAVEAT_MISUSE);
  CHECK(caveat_audit_feedback(audit.get(), "me", "x/y", CAVEAT_FEEDBACK_ACCEPTED, nullptr, &told.reporter, nullptr) ==
        CAVEAT_BAD_INPUT);
  CHECK(has(told, "bad-feedback"));
}

TEST_CASE("c_api.audit: verifying tells what holds, and reports what does not") {
  const Engine engine = load();
  const Evaluation evaluation = evaluate(engine.get());
  const Folder folder;
  const Options options = options_for(kSource);
  caveat_verification found{};
  found.size = sizeof found;
  CHECK(caveat_audit_verify(options.get(), nullptr, &found) == CAVEAT_BAD_INPUT);
  const std::string file = (folder.path() / "audit.db").string();
  REQUIRE(caveat_options_set(options.get(), "audit.file", file.c_str(), nullptr) == CAVEAT_OK);
  CHECK(caveat_audit_verify(options.get(), nullptr, &found) == CAVEAT_BAD_INPUT);  // there is none
  CHECK(found.holds == 0);
  caveat_audit* opened = nullptr;
  REQUIRE(caveat_audit_open(options.get(), nullptr, &opened) == CAVEAT_OK);
  const Audit audit(opened);
  for (int i = 0; i < 3; ++i)
    REQUIRE(caveat_audit_record(audit.get(), evaluation.get(), nullptr, nullptr) == CAVEAT_OK);
  REQUIRE(caveat_audit_verify(options.get(), nullptr, &found) == CAVEAT_OK);
  CHECK(found.holds == 1);
  CHECK(found.keyed == 1);
  CHECK(found.anchored == 1);
  CHECK(found.records == 4);
  CHECK(found.evaluations == 3);
  CHECK(std::string(found.head).size() == 71);

  fs::copy_file(folder.path() / "audit.db.anchor", folder.path() / "copy");
  {
    std::ofstream copy(folder.path() / "copy", std::ios::in | std::ios::out);
    const std::string line = [&] {
      std::ifstream in(folder.path() / "audit.db.anchor");
      std::string out;
      std::getline(in, out);
      return out;
    }();
    copy.seekp(static_cast<std::streamoff>(line.find("sha256:") + 7));
    copy << (line[line.find("sha256:") + 7] == '0' ? '1' : '0');
  }
  REQUIRE(caveat_options_set(options.get(), "audit.anchor", (folder.path() / "copy").c_str(), nullptr) == CAVEAT_OK);
  Told told;
  REQUIRE(caveat_audit_verify(options.get(), &told.reporter, &found) == CAVEAT_OK);
  CHECK(found.holds == 0);
  CHECK(found.findings == told.codes.size());
  CHECK(found.findings > 0);
}
