// The plugin without an engine.
#include <caveat/testing.hpp>

namespace {

namespace testing = caveat::sdk::testing;
using caveat::sdk::Status;
using caveat::sdk::Tri;

constexpr std::int64_t kDay = 20'000;  // 2024-10-04, the planned day

struct Vaccines : testing::Host {
  Vaccines() : Host(CAVEAT_PLUGIN_FILE) {
    choices("recent_live_vaccines", {"mmr", "mmrv", "varicella", "laiv", "yellow-fever"});
    for (const char* date : {"mmr_on", "mmrv_on", "varicella_on", "laiv_on", "yellow_fever_on", "planned_on"}) {
      fact(date, CAVEAT_TYPE_DATE);
    }
    fact("live_vaccine_planned", CAVEAT_TYPE_BOOLEAN);
    rule("vaccine_note", "several").fact("about", "planned_on").text("points", "One.");
    bind();
  }

  Tri apart(testing::Profile profile) { return check(profile).report("live-vaccines-apart").value; }
};

testing::Profile planned(testing::Profile more) {
  more.insert({{"live_vaccine_planned", true}, {"planned_on", testing::Value::date(kDay)}});
  return more;
}

testing::Profile mmr_before(std::int64_t days) {
  return planned(
      {{"recent_live_vaccines", testing::Value::choices({"mmr"})}, {"mmr_on", testing::Value::date(kDay - days)}});
}

void four_weeks() {
  Vaccines host;
  CAVEAT_EXPECT(host.apart(mmr_before(0)) == Tri::kFalse);  // on the same day
  CAVEAT_EXPECT(host.apart(mmr_before(1)) == Tri::kTrue);
  CAVEAT_EXPECT(host.apart(mmr_before(27)) == Tri::kTrue);
  CAVEAT_EXPECT(host.apart(mmr_before(28)) == Tri::kFalse);
  CAVEAT_EXPECT(host.apart(mmr_before(-27)) == Tri::kTrue);  // it comes after
}

void missing_is_never_no() {
  Vaccines host;
  CAVEAT_EXPECT(host.apart({}) == Tri::kUnknown);
  CAVEAT_EXPECT(host.apart(planned({})) == Tri::kUnknown);
  CAVEAT_EXPECT(host.apart(planned({{"recent_live_vaccines", testing::Value::choices({"mmr"})}})) == Tri::kUnknown);
  // What is known settles it, whatever is missing.
  CAVEAT_EXPECT(host.apart({{"live_vaccine_planned", false}}) == Tri::kFalse);
  CAVEAT_EXPECT(host.apart(planned({{"recent_live_vaccines", testing::Value::choices({})}})) == Tri::kFalse);
  // One that is close settles it although another date is missing.
  CAVEAT_EXPECT(host.apart(planned({{"recent_live_vaccines", testing::Value::choices({"laiv", "mmr"})},
                                    {"laiv_on", testing::Value::date(kDay - 3)}})) == Tri::kTrue);
}

void fewest_days() {
  Vaccines host;
  const auto days = [&](testing::Profile profile) { return host.derive(profile).value("days_between_live_vaccines"); };
  const testing::Profile two = planned({{"recent_live_vaccines", testing::Value::choices({"mmr", "varicella"})},
                                        {"mmr_on", testing::Value::date(kDay - 20)},
                                        {"varicella_on", testing::Value::date(kDay - 9)}});
  CAVEAT_EXPECT(days(two) == "9");
  testing::Profile one_missing = two;
  one_missing.erase("mmr_on");
  CAVEAT_EXPECT(days(one_missing).empty());
  CAVEAT_EXPECT(days(planned({{"recent_live_vaccines", testing::Value::choices({})}})).empty());
}

void notes() {
  Vaccines host;
  const testing::Advice met = host.advise({}, {Status::kMet}).advice("several");
  CAVEAT_EXPECT(met.subject == "planned_on");
  CAVEAT_EXPECT(met.details == testing::Lines{"[value]", "One."});
  CAVEAT_EXPECT(host.advise({}, {Status::kFailed}).advice("several").statement == "[could-not-be-checked]");
}

void explains() {
  Vaccines host;
  const std::string explanation = host.check(mmr_before(5)).report("live-vaccines-apart").explanation;
  CAVEAT_EXPECT(explanation.find("all=true([planned]=true{live_vaccine_planned}, any=true(") == 0);
  CAVEAT_EXPECT(explanation.find("[mmr-given]=true{recent_live_vaccines}, [close]=true{planned_on, mmr_on}") !=
                std::string::npos);
}

}  // namespace

int main() {
  four_weeks();
  missing_is_never_no();
  fewest_days();
  notes();
  explains();
  return testing::result();
}
