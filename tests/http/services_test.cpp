// `[[service]]` of a pack: what it may say, and what is refused.
#include "evaluation/kit.hpp"
#include "evaluation/snapshot.hpp"

using namespace caveat;

namespace {

const std::string kFacts = kit::booleans({"a"}) + kit::rule("contraindication", "r", "a");
const std::string kSign =
    "[[service]]\nid = \"sign\"\nhook = \"order-sign\"\ndescription = \"Says.\"\ncodes = [\"urn:x|1\"]\ncite = "
    "\"here\"\n";

std::string codes_of(const std::string& service) {
  std::string out;
  for (const Diagnostic& diagnostic : kit::refused(kFacts + service)) out += (out.empty() ? "" : " ") + diagnostic.code;
  return out;
}

}  // namespace

TEST_CASE("http.services: a pack binds hooks and codes") {
  const kit::TempFolder folder;
  const Engine engine =
      kit::engine_of(folder, kFacts + kSign + "title = { en = \"Signing\" }\ntake_back = \"Take it back\"\n" +
                                 "[[service]]\nid = \"view\"\nhook = \"patient-view\"\ndescription = \"Says.\"\n");
  const auto& services = engine.snapshot().packs.front()->pack.services;
  REQUIRE(services.size() == 2);
  CHECK(services[0].id == "sign");
  CHECK(services[0].hook == Hook::kOrderSign);
  CHECK(services[0].codes == std::vector<std::string>{"urn:x|1"});
  CHECK(services[0].title.in("en") == "Signing");
  CHECK(services[0].take_back.in("en") == "Take it back");
  CHECK(services[1].hook == Hook::kPatientView);
  CHECK(services[1].codes.empty());
}

TEST_CASE("http.services: what is wrong with one is an error at its place") {
  const std::string head = "[[service]]\nid = \"s\"\n", says = "description = \"Says.\"\n";
  CHECK(codes_of("[[service]]\n") == "missing-key missing-key missing-key");
  CHECK(codes_of(head + "hook = \"order-dispatch\"\n" + says) == "unknown-hook");
  CHECK(codes_of(head + "hook = \"order-sign\"\n" + says) == "missing-key missing-key");
  CHECK(codes_of(head + "hook = \"patient-view\"\n" + says + "codes = [\"a|b\"]\ncite = \"x\"\n") ==
        "misplaced-key misplaced-key");
  CHECK(codes_of(head + "hook = \"appointment-book\"\n" + says +
                 "codes = [\"a|b\"]\ncite = \"x\"\ntake_back = \"Back\"\n") == "misplaced-key");
  CHECK(codes_of(head + "hook = \"order-sign\"\n" + says + "codes = [\"noSystem\"]\ncite = \"x\"\n") == "bad-code");
  CHECK(codes_of(head + "hook = \"order-sign\"\n" + says + "codes = []\ncite = \"x\"\n") == "empty-value");
  CHECK(codes_of("[[service]]\nid = \"A b\"\nhook = \"patient-view\"\n" + says) == "bad-id");
  CHECK(codes_of(head + "hook = \"patient-view\"\n" + says + "hooks = \"x\"\n") == "unknown-key");
  CHECK(codes_of(head + "hook = \"patient-view\"\ndescription = \"Results are guaranteed.\"\n") == "wording-refused");
  CHECK(codes_of(kSign + kSign) == "duplicate-id");
  CHECK(codes_of("[service]\nid = \"s\"\n").starts_with("wrong-type"));
}

TEST_CASE("http.services: two packs cannot have a service of one id") {
  const kit::TempFolder folder;
  for (const char* id : {"one", "two"}) {
    std::string header = kit::kHeader;
    header.replace(header.find("\"test\""), 6, '"' + std::string(id) + '"');
    folder.write(std::string(id) + "/pack.toml", header + kFacts + kSign);
  }
  const auto engine = Engine::load(kit::options_for(folder.path()));
  REQUIRE_FALSE(engine);
  CHECK(engine.error().diagnostics.front().code == "duplicate-id");
}
