#include "server/record_fetch.hpp"

#include "base/quote.hpp"
#include "server/http.hpp"
#include "server/json_parts.hpp"

#include <algorithm>
#include <mutex>

namespace caveat::server {

namespace {

constexpr std::size_t kPagesMax = 20;

/// Why a page is not what was asked for; empty code: it is.
struct Complaint {
  std::string code, why;
};

Complaint complaint_of(FetchFailure failure) {
  switch (failure) {
    case FetchFailure::kBusy: return {"throttled", "too many requests are under way"};
    case FetchFailure::kTimeout: return {"timeout", "the server did not answer in time"};
    case FetchFailure::kUnreachable: return {"transient", "the server could not be reached, or broke off"};
    case FetchFailure::kUntrusted: return {"security", "the server's certificate is not trusted"};
    case FetchFailure::kTooLarge: return {"too-costly", "the server answered with more than is taken"};
    case FetchFailure::kMalformed: break;
  }
  return {"structure", "the server did not speak HTTP as it should"};
}

Complaint check_status(const Fetched& fetched) {
  const std::string status = std::to_string(fetched.status);
  if (fetched.status == 401 || fetched.status == 403) return {"forbidden", "the server refused: " + status};
  if (fetched.status == 404 || fetched.status == 410) return {"not-found", "the server knows no such thing: " + status};
  if (fetched.status == 429 || fetched.status >= 500) return {"transient", "the server could not answer: " + status};
  if (fetched.status >= 300 && fetched.status < 400)
    return {"processing", "the server leads elsewhere, which is not followed: " + status};
  if (fetched.status != 200) return {"processing", "the server answered with the status " + status};
  const std::string type = media_type(fetched.type);
  if (type != "application/fhir+json" && type != "application/json" && type != "application/json+fhir")
    return {"structure", "the server answered with " + in_backticks(type) + ", which is no FHIR as JSON"};
  return {};
}

// A read gives the resource of that name; a search a searchset. Anything else is another answer than was asked for.
Complaint check_resource(const PageFacts& page, const std::string& query, const std::string& patient) {
  if (!page.is_json) return {"structure", "the server's answer is no JSON"};
  if (!page.is_listed) return {"structure", "the entries of the server's answer are no list"};
  if (page.type == "OperationOutcome") return {"exception", "the server answered with an OperationOutcome"};
  if (query.find('?') == std::string::npos) {
    const bool named = page.type + "/" + page.id == query && page.id == patient;
    return named ? Complaint{}
                 : Complaint{"invalid", "the server answered with another resource than " + in_backticks(query)};
  }
  const bool search = page.type == "Bundle" && page.bundle_type == "searchset";
  return search ? Complaint{} : Complaint{"invalid", "the server answered a search with something else"};
}

class RecordFetch : public std::enable_shared_from_this<RecordFetch> {
 public:
  RecordFetch(HttpClient& client, RecordRequest request, std::chrono::steady_clock::time_point deadline,
              std::function<void(FetchedRecord)> done)
      : client_(client),
        request_(std::move(request)),
        deadline_(deadline),
        done_(std::move(done)),
        left_(request_.wanted.size()) {
    pages_.resize(left_);
  }

  void start() {
    for (std::size_t part = 0; part < request_.wanted.size(); ++part) {
      Address address = request_.server.base;
      address.target += "/" + request_.wanted[part].query;
      ask(part, address);
    }
  }

 private:
  // A part is asked for page by page, so its pages are touched by one thread at a time.
  void ask(std::size_t part, const Address& address) {
    client_.get(address, request_.token, deadline_,
                [self = shared_from_this(), part](auto result) { self->take(part, std::move(result)); });
  }

  void take(std::size_t part, tl::expected<Fetched, FetchFailure> result) {
    Complaint complaint = result ? check_status(*result) : complaint_of(result.error());
    if (!complaint.code.empty()) return miss(part, std::move(complaint));
    const PageFacts page = facts_of_page(result->body);
    complaint = check_resource(page, request_.wanted[part].query, request_.patient);
    if (!complaint.code.empty()) return miss(part, std::move(complaint));
    std::vector<std::string>& pages = pages_[part];
    pages.push_back(std::move(result->body));
    if (page.next.empty()) return finish({{request_.wanted[part].key, joined_pages(pages)}}, {});
    if (pages.size() >= kPagesMax) return miss(part, {"too-costly", "the server answered on more pages than are read"});
    const auto next = request_.server.follow(page.next);
    if (!next) return miss(part, {"security", "the next page lies elsewhere, which is not followed"});
    ask(part, *next);
  }

  void miss(std::size_t part, Complaint complaint) {
    finish({}, {{request_.wanted[part].key, std::move(complaint.code), std::move(complaint.why)}});
  }

  void finish(std::vector<FetchedPart> parts, std::vector<MissedPart> missed) {
    {
      const std::lock_guard lock(mutex_);
      for (FetchedPart& each : parts) out_.parts.push_back(std::move(each));
      for (MissedPart& each : missed) out_.missed.push_back(std::move(each));
      if (--left_ > 0) return;
    }
    const auto by_key = [](const auto& a, const auto& b) { return a.key < b.key; };
    std::sort(out_.missed.begin(), out_.missed.end(), by_key);  // whichever came first
    done_(std::move(out_));
  }

  HttpClient& client_;
  RecordRequest request_;
  std::chrono::steady_clock::time_point deadline_;
  std::function<void(FetchedRecord)> done_;
  std::vector<std::vector<std::string>> pages_;
  std::mutex mutex_;
  std::size_t left_;
  FetchedRecord out_;
};

std::string without_end_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

}  // namespace

std::optional<FhirServer> FhirServer::parse(std::string_view url) {
  auto address = parse_address(url);
  if (!address || address->target.find('?') != std::string::npos) return std::nullopt;
  if (!address->tls && !address->is_loopback()) return std::nullopt;
  address->target = without_end_slash(address->target);
  return FhirServer{*std::move(address)};
}

bool FhirServer::is(std::string_view url) const {
  const auto address = parse_address(url);
  return address && address->origin() == base.origin() && without_end_slash(address->target) == base.target;
}

std::optional<Address> FhirServer::follow(std::string_view url) const {
  auto address = parse_address(url);
  if (!address || address->origin() != base.origin() || !address->target.starts_with(base.target)) return std::nullopt;
  const std::string_view rest = std::string_view(address->target).substr(base.target.size());
  if (!rest.starts_with('/') && !rest.starts_with('?')) return std::nullopt;
  return address;
}

void fetch_record(HttpClient& client, RecordRequest request, std::chrono::steady_clock::time_point deadline,
                  std::function<void(FetchedRecord)> done) {
  if (request.wanted.empty()) return done({});
  std::make_shared<RecordFetch>(client, std::move(request), deadline, std::move(done))->start();
}

}  // namespace caveat::server
