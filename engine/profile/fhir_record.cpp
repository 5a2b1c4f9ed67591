#include "profile/fhir_record.hpp"

#include "base/quote.hpp"
#include "profile/fhir_moment.hpp"
#include "vocabulary/fhir_query.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace caveat {

namespace {

// `http://host/fhir/Patient/1/_history/2` and `Patient/1` lead to the same: `Patient/1`. Other addresses stay whole.
std::string_view last_two_segments(std::string_view reference) {
  if (const std::size_t version = reference.find("/_history/"); version != std::string_view::npos)
    reference = reference.substr(0, version);
  const std::size_t id = reference.rfind('/');
  if (id == std::string_view::npos || id == 0) return reference;
  const std::size_t type = reference.rfind('/', id - 1);
  return type == std::string_view::npos ? reference : reference.substr(type + 1);
}

// FHIR's `id`; servers that are less strict are believed within reason.
bool is_id(std::string_view id) {
  constexpr std::size_t kLongest = 200;
  return !id.empty() && id.size() <= kLongest &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '/'; });
}

std::string type_and_id(const FhirResource& resource) {
  const std::string_view id = resource.view.text("id");
  return is_id(id) ? std::string(resource.type) + '/' + std::string(id) : std::string();
}

bool is_named(const FhirResource& resource, std::string_view reference) {
  if (!resource.full_url.empty() && resource.full_url == reference) return true;
  const std::string own = type_and_id(resource);
  return !own.empty() && own == last_two_segments(reference);
}

std::string_view subject_of(const FhirResource& resource) {
  const char* key = resource.type == "AllergyIntolerance" ? "patient" : "subject";
  const std::string_view reference = resource.view[key].text("reference");
  return reference.starts_with('#') ? std::string_view() : reference;
}

// -1, 0, 1: whether `a` is an older, an equal or a newer version than `b`; nothing when neither says.
std::optional<int> compare_versions(const FhirResource& a, const FhirResource& b) {
  const auto updated = [](const FhirResource& r) { return parse_moment(r.view["meta"].text("lastUpdated")); };
  const auto a_time = updated(a), b_time = updated(b);
  if (a_time && b_time && surely_before(*a_time, *b_time)) return -1;
  if (a_time && b_time && surely_before(*b_time, *a_time)) return 1;
  const auto number = [](const FhirResource& r) -> std::optional<std::int64_t> {
    const std::string_view text = r.view["meta"].text("versionId");
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
  };
  const auto a_number = number(a), b_number = number(b);
  if (a_number && b_number) return *a_number < *b_number ? -1 : *a_number > *b_number ? 1 : 0;
  return std::nullopt;
}

// Of several versions of one resource the newest counts; in a Bundle of versions, which are sorted, the first. Where
// nothing tells them apart, both stay, and disagree if they do.
class Versions {
 public:
  explicit Versions(FhirRecord& record) : record_(record) {}

  std::vector<FhirResource*> newest() {
    for (FhirPart& part : record_.parts) {
      for (FhirResource& resource : part.resources) add(resource, part.history);
    }
    std::vector<FhirResource*> out;
    for (const Entry& entry : entries_) {
      if (entry.counts && !entry.resource->deleted) out.push_back(entry.resource);
    }
    return out;
  }

 private:
  struct Entry {
    FhirResource* resource;
    bool counts = true;
  };

  void add(FhirResource& resource, bool history) {
    std::string key = resource.deleted ? std::string(last_two_segments(resource.type)) : type_and_id(resource);
    if (key.empty()) key = resource.full_url;
    entries_.push_back({&resource});
    if (key.empty()) return;
    const auto [known, is_new] = by_key_.emplace(std::move(key), entries_.size() - 1);
    if (is_new) return;
    Entry& before = entries_[known->second];
    Entry& now = entries_.back();
    const bool gone = before.resource->deleted || resource.deleted;
    const auto order = gone ? std::nullopt : compare_versions(resource, *before.resource);
    if ((history && before.resource->part == resource.part) || order == -1 || order == 0 || before.resource->deleted) {
      now.counts = false;
    } else if (order == 1 || resource.deleted) {
      before.counts = false;
      known->second = entries_.size() - 1;
    }
  }

  FhirRecord& record_;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_key_;
};

// Everything must be of one patient: a profile is one person's.
class PatientChoice {
 public:
  PatientChoice(FhirRecord& record, const std::string& wanted) : record_(record) {
    if (!wanted.empty()) wanted_ = wanted.find('/') == std::string::npos ? "Patient/" + wanted : wanted;
  }

  bool choose() {
    if (!wanted_.empty()) {
      std::erase_if(record_.patients, [&](const FhirResource* patient) { return !is_named(*patient, wanted_); });
      reference_ = last_two_segments(wanted_);
    }
    if (record_.patients.size() > 1) return refuse(*record_.patients[1], "is a second patient in one record");
    if (record_.patients.size() == 1) own_ = record_.patients.front();
    const bool anonymous = own_ == nullptr || (own_->view.text("id").empty() && own_->full_url.empty());
    if (wanted_.empty() && anonymous && !find_common_subject()) return false;
    leave_out_others(anonymous);
    record_.patient = id();
    return true;
  }

 private:
  bool refuse(FhirResource& resource, const std::string& what) {
    record_.report(resource).error(
        "several-patients", resource.view.offset(), in_backticks(record_.name(resource)) + " " + what,
        "a profile is one person's: name the patient, or give that person's resources alone");
    return false;
  }

  bool find_common_subject() {
    for (FhirResource* resource : record_.resources) {
      const std::string_view subject = last_two_segments(subject_of(*resource));
      if (subject.empty()) continue;
      if (reference_.empty()) reference_ = subject;
      if (reference_ != subject) return refuse(*resource, "is of another patient than the resources before it");
    }
    return true;
  }

  void leave_out_others(bool anonymous) {
    std::erase_if(record_.resources, [&](FhirResource* resource) {
      const std::string_view subject = subject_of(*resource);
      if (subject.empty()) return false;
      if (anonymous || own_ == nullptr ? last_two_segments(subject) == reference_ : is_named(*own_, subject))
        return false;
      record_.report(*resource).warning(
          "other-patient", resource->view.offset(),
          in_backticks(record_.name(*resource)) + " is not of the patient of this record and is not read",
          "check the reference in its `subject`");
      return true;
    });
  }

  [[nodiscard]] std::string id() const {
    if (own_ != nullptr && !own_->view.text("id").empty()) return std::string(own_->view.text("id"));
    if (own_ != nullptr && !own_->full_url.empty()) return std::string(own_->full_url);
    constexpr std::string_view kPatient = "Patient/";
    return reference_.starts_with(kPatient) ? reference_.substr(kPatient.size()) : reference_;
  }

  FhirRecord& record_;
  std::string wanted_, reference_;
  FhirResource* own_ = nullptr;
};

}  // namespace

bool FhirRecord::read(const std::vector<FhirSource>& sources, const Vocabulary& vocabulary,
                      const ProfileOptions& options) {
  bool usable = true;
  for (const FhirSource& source : sources) {
    FhirPart& part = parts.emplace_back(source);
    usable = read_fhir_part(part, vocabulary, options) && usable;
    for (FhirResource& resource : part.resources) resource.part = parts.size() - 1;
  }
  if (!usable) return false;
  for (FhirResource* resource : Versions(*this).newest()) {
    if (resource->type == "Medication") {
      if (!resource->full_url.empty()) medications.emplace(resource->full_url, resource->view);
      if (const std::string own = type_and_id(*resource); !own.empty()) medications.emplace(own, resource->view);
    } else {
      (resource->type == "Patient" ? patients : resources).push_back(resource);
    }
  }
  return PatientChoice(*this, options.patient).choose();
}

std::string FhirRecord::name(const FhirResource& resource) const {
  if (std::string own = type_and_id(resource); !own.empty()) return own;
  if (!resource.full_url.empty() && resource.full_url.size() <= kShortTextMax) return std::string(resource.full_url);
  return std::string(resource.type) + " " + std::to_string(resource.ordinal);
}

FhirView FhirRecord::find_medication(const FhirResource& from, std::string_view reference) const {
  if (reference.starts_with('#')) {
    FhirView found;
    from.view["contained"].for_each([&](const FhirView& each) {
      if (each.text("id") == reference.substr(1)) found = each;
    });
    return found;
  }
  auto found = medications.find(reference);
  if (found == medications.end()) found = medications.find(last_two_segments(reference));
  return found == medications.end() ? FhirView() : found->second;
}

bool FhirRecord::complete_for(const FhirBinding& binding) const {
  return std::any_of(parts.begin(), parts.end(), [&](const FhirPart& part) {
    const std::string& query = part.source->query.empty() ? part.self : part.source->query;
    if (part.state == FhirPart::State::kEmpty) return !query.empty() && covers(query, binding);
    if (part.state != FhirPart::State::kGiven || !part.list || part.incomplete) return false;
    if (part.uncoded.count(to_string(binding.resource)) > 0) return false;
    if (!query.empty()) return covers(query, binding);
    return part.types.count(to_string(binding.resource)) > 0;
  });
}

}  // namespace caveat
