// Tests of the plugin without an engine: a host of the SDK's own loads the built library and shows what it said.
#include <caveat/testing.hpp>

namespace {

namespace testing = caveat::sdk::testing;
using caveat::sdk::Status;
using caveat::sdk::Tri;

struct Readings : testing::Host {
  Readings() : Host(CAVEAT_PLUGIN_FILE) {
    fact("caveat_template_first", CAVEAT_TYPE_INTEGER);
    fact("caveat_template_second", CAVEAT_TYPE_INTEGER);
    rule("caveat_template_note", "high")
        .fact("about", "caveat_template_first")
        .text("points", "One.")
        .text("points", "Two.");
    bind();
  }
};

void derives_the_mean() {
  Readings host;
  CAVEAT_EXPECT(
      host.derive({{"caveat_template_first", 100}, {"caveat_template_second", 105}}).value("caveat_template_mean") ==
      "102.50000000");
  CAVEAT_EXPECT(host.derive({{"caveat_template_first", 100}}).derived.empty());
}

void checks_the_difference() {
  Readings host;
  const auto differ = [&](const testing::Profile& profile) { return host.check(profile).report("readings-differ"); };
  CAVEAT_EXPECT(differ({{"caveat_template_first", 10}, {"caveat_template_second", 29}}).value == Tri::kFalse);
  CAVEAT_EXPECT(differ({{"caveat_template_first", 10}, {"caveat_template_second", 30}}).value == Tri::kTrue);
  CAVEAT_EXPECT(differ({{"caveat_template_second", 30}}).value == Tri::kUnknown);
  CAVEAT_EXPECT(differ({}).explanation == "[far-apart]=unknown{caveat_template_first, caveat_template_second}");
}

void notes_what_is_met() {
  Readings host;
  const testing::Said said = host.advise({}, {Status::kMet});
  CAVEAT_EXPECT(said.faults.empty());
  CAVEAT_EXPECT(said.advice("high").subject == "caveat_template_first");
  CAVEAT_EXPECT(said.advice("high").details == testing::Lines{"[value]", "One.", "Two."});
  CAVEAT_EXPECT(host.advise({}, {Status::kFailed}).advice("high").statement == "[could-not-be-checked]");
  CAVEAT_EXPECT(host.advise({}, {Status::kUndetermined}).advices.empty());
}

void works_by_batch() {
  Readings host;
  const testing::Profile far = {{"caveat_template_first", 0}, {"caveat_template_second", 20}};
  const std::vector<testing::Said> said = host.check({far, {}, far});
  CAVEAT_EXPECT(said[0].report("readings-differ").value == Tri::kTrue);
  CAVEAT_EXPECT(said[1].report("readings-differ").value == Tri::kUnknown);
  CAVEAT_EXPECT(said[2].report("readings-differ").value == Tri::kTrue);
}

}  // namespace

int main() {
  derives_the_mean();
  checks_the_difference();
  notes_what_is_met();
  works_by_batch();
  return testing::result();
}
