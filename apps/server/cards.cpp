#include "server/cards.hpp"

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "evaluation/phrases.hpp"
#include "evaluation/render.hpp"
#include "server/card_text.hpp"

#include <algorithm>
#include <array>

namespace caveat::server {

namespace {

constexpr std::size_t kSummaryMax = 139;  // the specification asks for less than 140

struct OverrideReason {
  std::string_view code, display;
};
// Of HL7's code system of reasons, as its build of CDS Hooks 3.0 words them.
constexpr std::string_view kReasonSystem = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes";
constexpr std::array kReasons = std::to_array<OverrideReason>({
    {"cds-not-applicable", "PC CDS does not apply to patient"},
    {"need-more-info",
     "Could not address recommended action due to need for more information/pending results/pending consult"},
    {"risk-benefit-ratio", "Recipient assessment of risk/benefit ratio"},
    {"mitigate-risk-negative-outcome", "Action taken to mitigate risk of negative outcome"},
    {"expert-contradicts", "Advice from expert contradicts the recommended action"},
});

class CardWriter {
 public:
  CardWriter(const Evaluation& evaluation, const HookService& service, const std::vector<const Order*>& orders)
      : data_(evaluation.data()),
        service_(service),
        orders_(orders),
        phrases_(data_),
        id_(data_.id()),
        json_(out_.json) {}

  Cards write() {
    json_.begin_object();
    json_.key("cards");
    json_.begin_array();
    for (const Advisory& advisory : data_.advisories) {
      if (has_own_card(advisory)) write_own(advisory);
    }
    if (has_rest(data_)) write_rest();
    json_.end_array();
    json_.end_object();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string_view title() const { return data_.text(data_.pack().title); }

  std::string issue(std::string_view advisory) {
    std::string uuid = uuid_of("caveat card\n" + id_ + '\n' + service_.id + '\n' + std::string(advisory));
    out_.issued.push_back({uuid, std::string(advisory)});
    return uuid;
  }

  void begin(std::string_view advisory, const std::string& summary, Severity indicator, const std::string& detail) {
    json_.begin_object();
    json_.member("uuid", std::string_view(issue(advisory)));
    json_.member("summary", std::string_view(shortened(summary, kSummaryMax)));
    json_.member("indicator", to_string(indicator));
    json_.member("detail", std::string_view(detail));
  }

  void write_own(const Advisory& advisory) {
    const std::string_view id = advisory.subject.id();
    begin(id, std::string(advisory.title) + ": " + std::string(phrases_.status(advisory.status)), advisory.severity,
          detail_of(data_, advisory));
    write_source(source_label(advisory), source_url(advisory), id, advisory.title);
    write_override_reasons();
    write_links(advisory);
    if (advisory.status == RuleStatus::kMet) write_suggestion(id);
    json_.end_object();
  }

  void write_rest() {
    const std::string advisory = data_.pack().id + "/-";
    begin(advisory, std::string(phrases_.disposition()) + ": " + std::string(title()), rest_severity(data_),
          detail_of_rest(data_));
    write_source(title(), {}, data_.pack().id, title());
    write_override_reasons();
    json_.end_object();
  }

  [[nodiscard]] std::string_view source_label(const Advisory& advisory) const {
    const Subject& subject = advisory.subject;
    if (subject.rule != nullptr && !subject.rule->citations.empty())
      return data_.pack().sources[subject.rule->citations.front().source].title;
    if (subject.check != nullptr && !subject.check->source_title.empty()) return subject.check->source_title;
    return title();
  }

  [[nodiscard]] std::string_view source_url(const Advisory& advisory) const {
    const Subject& subject = advisory.subject;
    if (subject.rule != nullptr && !subject.rule->citations.empty())
      return data_.pack().sources[subject.rule->citations.front().source].url;
    return subject.check != nullptr ? std::string_view(subject.check->source_url) : std::string_view();
  }

  void write_source(std::string_view label, std::string_view url, std::string_view code, std::string_view display) {
    json_.key("source");
    json_.begin_object();
    json_.member("label", label);
    if (is_link(url)) json_.member("url", url);
    json_.key("topic");
    json_.begin_object();
    json_.member("system", "urn:caveat:rule");
    json_.member("code", code);
    json_.member("display", display);
    json_.end_object();
    json_.end_object();
  }

  void write_override_reasons() {
    json_.key("overrideReasons");
    json_.begin_array();
    for (const OverrideReason& reason : kReasons) {
      json_.begin_object();
      json_.member("system", kReasonSystem);
      json_.member("code", reason.code);
      json_.member("display", reason.display);
      json_.end_object();
    }
    json_.end_array();
  }

  // Every source that the rule cites and that can be opened.
  void write_links(const Advisory& advisory) {
    std::vector<const Source*> sources;
    if (advisory.subject.rule != nullptr) {
      for (const Citation& citation : advisory.subject.rule->citations) {
        const Source* source = &data_.pack().sources[citation.source];
        if (is_link(source->url) && std::find(sources.begin(), sources.end(), source) == sources.end())
          sources.push_back(source);
      }
    }
    if (sources.empty()) return;
    json_.key("links");
    json_.begin_array();
    for (const Source* source : sources) {
      json_.begin_object();
      json_.member("label", std::string_view(source->title));
      json_.member("url", std::string_view(source->url));
      json_.member("type", "absolute");
      json_.end_object();
    }
    json_.end_array();
  }

  // To take the orders back that led here, where the pack offers it and the client can tell them apart.
  void write_suggestion(std::string_view id) {
    const std::string_view label = data_.text(service_.take_back);
    const auto named = [](const Order* order) { return !order->reference.empty(); };
    if (label.empty() || orders_.empty() || !std::all_of(orders_.begin(), orders_.end(), named)) return;
    json_.member("selectionBehavior", "at-most-one");
    json_.key("suggestions");
    json_.begin_array();
    json_.begin_object();
    json_.member("label", label);
    json_.member("uuid",
                 std::string_view(uuid_of("caveat suggestion\n" + id_ + '\n' + service_.id + '\n' + std::string(id))));
    json_.key("actions");
    json_.begin_array();
    for (const Order* order : orders_) {
      json_.begin_object();
      json_.member("type", "delete");
      json_.member("description", label);
      json_.member("resourceId", std::string_view(order->reference));
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
    json_.end_array();
  }

  static bool is_link(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

  const EvaluationData& data_;
  const HookService& service_;
  const std::vector<const Order*>& orders_;
  Phrases phrases_;
  std::string id_;
  Cards out_;
  JsonWriter json_;
};

}  // namespace

Cards make_cards(const Evaluation& evaluation, const HookService& service, const std::vector<const Order*>& orders) {
  return CardWriter(evaluation, service, orders).write();
}

// RFC 9562, 5.8: four bits say the version, two the variant, all others are the digest's.
std::string uuid_of(std::string_view text) {
  std::string digits = sha256(text).substr(std::string_view("sha256:").size(), 32);
  constexpr std::string_view kVariants = "89ab", kHex = "0123456789abcdef";
  digits[12] = '8';
  digits[16] = kVariants[kHex.find(digits[16]) % 4];
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) digits.insert(dash, 1, '-');
  return digits;
}

std::string shortened(std::string_view text, std::size_t most) {
  // A character beyond the first plane, whose first byte is 0xF0 or above, counts as two.
  std::size_t count = 0, kept = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    count += length == 4 ? 2 : 1;
    if (count < most) kept = at + length;
    at += length;
  }
  if (count <= most) return std::string(text);
  return std::string(text.substr(0, kept)) + "…";
}

}  // namespace caveat::server
