// POST /cds-services/{id}/feedback: what was done with cards, written down by rule. docs/formats/cds-hooks.md, 7.
#include "base/diagnostics.hpp"
#include "base/log.hpp"
#include "base/quote.hpp"
#include "server/json_parts.hpp"
#include "server/problem.hpp"
#include "server/routes.hpp"
#include "values/temporal.hpp"

#include <algorithm>

namespace caveat::server {

namespace {

namespace dom = simdjson::dom;

constexpr const char* kFile = "feedback";
constexpr std::size_t kItemsMax = 1'000;

struct Item {
  std::string card;  ///< the card's UUID
  FeedbackOutcome outcome = FeedbackOutcome::kAccepted;
  std::string reason, timestamp;
};

// A reason is kept as a code or not at all: what somebody wrote may tell of a person.
std::string code_of(dom::object item) {
  constexpr std::size_t kMost = 200;
  const auto override = object_of(item, "overrideReason");
  const auto reason = override ? object_of(*override, "reason") : std::nullopt;
  if (!reason) return {};
  const std::string code = std::string(text_of(*reason, "system")) + "|" + std::string(text_of(*reason, "code"));
  const bool plain = std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._:/|#-").find(c) != std::string_view::npos;
  });
  return plain && code.size() <= kMost ? code : "other";
}

class FeedbackReader {
 public:
  std::vector<Item> read(const std::string& body) {
    dom::parser parser;
    dom::object root;
    if (parser.parse(body).get_object().get(root) != simdjson::SUCCESS) {
      diagnostics_.error("json-syntax", {kFile, 0, 0}, "this is no JSON object", "an object with the list `feedback`");
      return {};
    }
    const auto list = array_of(root, "feedback");
    if (!list || list->size() == 0 || list->size() > kItemsMax) {
      diagnostics_.error("missing-key", {kFile, 0, 0}, "there is no list `feedback` of 1 to 1,000 items", {});
      return {};
    }
    std::vector<Item> out;
    for (dom::element each : *list) out.push_back(read_item(each));
    return out;
  }

  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  void wrong(const std::string& what) {
    diagnostics_.error("wrong-value", {kFile, 0, 0}, "item " + std::to_string(number_) + ": " + what, {});
  }

  Item read_item(dom::element each) {
    ++number_;
    Item item;
    dom::object object;
    if (each.get_object().get(object) != simdjson::SUCCESS) return wrong("is no object"), item;
    item.card = text_of(object, "card");
    if (!is_uuid(item.card)) wrong("`card` is no UUID");
    const std::string_view outcome = text_of(object, "outcome");
    if (outcome != "accepted" && outcome != "overridden") wrong("`outcome` is neither `accepted` nor `overridden`");
    item.outcome = outcome == "accepted" ? FeedbackOutcome::kAccepted : FeedbackOutcome::kOverridden;
    if (outcome == "accepted" && !array_of(object, "acceptedSuggestions")) wrong("there are no `acceptedSuggestions`");
    item.timestamp = text_of(object, "outcomeTimestamp");
    if (!parse_date_time(item.timestamp, 0) || item.timestamp.find('T') == std::string::npos)
      wrong("`outcomeTimestamp` is no RFC 3339 time");
    item.reason = code_of(object);
    return item;
  }

  Diagnostics diagnostics_;
  std::size_t number_ = 0;
};

// An id that no card of this process had: the service was started anew since, or it never was one. It is written down
// for the pack, without a rule.
Feedback feedback_of(const Call& call, const CdsService& service, const Item& item) {
  Feedback out;
  out.outcome = item.outcome;
  out.reason = item.reason;
  if (const auto shown = call.service.ledger().find(item.card)) {
    out.evaluation = shown->evaluation;
    out.rule = shown->advisory;
    return out;
  }
  for (const char c : item.card) {
    if (c != '-') out.evaluation += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  out.rule = service.pack + "/_unknown";
  return out;
}

// Answers when all of them are written down, or one could not be.
struct Pending {
  std::shared_ptr<Call> call;
  std::atomic<std::size_t> left;
  std::atomic<bool> failed{false};

  void done(bool recorded) {
    if (!recorded) failed = true;
    if (--left > 0) return;
    if (failed) return call->reply(problem(503, "not-recorded", "the feedback could not be recorded"));
    Response response;
    call->reply(std::move(response));
  }
};

}  // namespace

void post_cds_feedback(const std::shared_ptr<Call>& call) {
  const CdsService* service = find_service(*call);
  if (service == nullptr) return call->reply(no_such_service());
  FeedbackReader reader;
  const std::vector<Item> items = reader.read(call->request.body);
  if (reader.diagnostics().has_errors())
    return call->reply(problem(400, "bad-call", "the feedback is not as CDS Hooks has it", reader.diagnostics().all()));
  const auto pending = std::make_shared<Pending>();
  pending->call = call;
  pending->left = items.size();
  for (const Item& item : items) {
    const std::string heard = item.card + '\n' + std::string(to_string(item.outcome)) + '\n' + item.timestamp;
    if (!call->service.heard().first(heard)) {
      pending->done(true);
      continue;
    }
    call->service.record(feedback_of(*call, *service, item), [pending, heard](const auto& recorded) {
      if (!recorded) pending->call->service.heard().forget(heard);
      pending->done(recorded.has_value());
    });
  }
}

}  // namespace caveat::server
