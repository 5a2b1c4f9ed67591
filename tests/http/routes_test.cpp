#include "server/routes.hpp"

#include "http/http_kit.hpp"

using namespace caveat;
using http_kit::ask;
using http_kit::get;
using http_kit::header;
using http_kit::post;
using http_kit::problem;

TEST_CASE("http.routes: an unknown path is a 404, an unknown method a 405 that names the others") {
  const auto service = http_kit::open();
  for (const char* path :
       {"/nowhere", "/v1", "/v1/", "/v1/evaluations/", "/v1/evaluations/x", "//v1/packs", "/V1/packs"})
    CHECK(problem(get(*service, path)) == "404 not-found");
  CHECK(problem(get(*service, "nowhere")) == "400 bad-target");

  const auto wrong = get(*service, "/v1/evaluations");
  CHECK(problem(wrong) == "405 method-not-allowed");
  CHECK(header(wrong, "Allow") == "POST");
  const auto deleted = ask(*service, {server::Method::kOther, "/v1/packs", {}, {}});
  CHECK(problem(deleted) == "405 method-not-allowed");
  CHECK(header(deleted, "Allow") == "GET, HEAD");
  CHECK(ask(*service, {server::Method::kHead, "/v1/packs", {}, {}}).status == 200);
}

TEST_CASE("http.routes: nobody keeps an answer, and no browser guesses its type") {
  const auto service = http_kit::open();
  for (const auto& response : {get(*service, "/v1/packs"), get(*service, "/nowhere")}) {
    CHECK(header(response, "Cache-Control") == "no-store");
    CHECK(header(response, "X-Content-Type-Options") == "nosniff");
  }
}

TEST_CASE("http.routes: a parameter that is not answered to is refused, with what was meant") {
  const auto service = http_kit::open();
  CHECK(problem(get(*service, "/v1/facts?pak=microneedling")) == "400 bad-query unknown-parameter");
  CHECK(get(*service, "/v1/facts?pak=microneedling").body.find("did you mean `pack`?") != std::string::npos);
  CHECK(problem(get(*service, "/healthz?x=1")) == "400 bad-query unknown-parameter");
  CHECK(problem(get(*service, "/v1/facts?language=tr&language=en")) == "400 bad-query duplicate-parameter");
  CHECK(problem(get(*service, "/v1/facts?language=xx")) == "400 bad-query bad-parameter");
  CHECK(problem(get(*service, "/v1/facts?pack=nothing")) == "400 bad-query bad-parameter");
}

TEST_CASE("http.routes: what a body is and what is wanted must be among what is taken and given") {
  const auto service = http_kit::open();
  const auto with = [&](const char* name, const char* value) {
    return post(*service, "/v1/evaluations", http_kit::kPregnant, {{name, value}});
  };
  CHECK(problem(with("content-type", "text/xml")) == "415 media-type");
  CHECK(problem(with("content-type", "application/x-www-form-urlencoded")) == "415 media-type");
  CHECK(problem(with("content-type", "application/json; charset=latin1")) == "415 media-type");
  CHECK(problem(with("content-encoding", "gzip")) == "415 media-type");
  CHECK(problem(with("accept", "image/png")) == "406 not-acceptable");
  CHECK(with("content-type", "application/json; charset=utf-8").status == 200);
  CHECK(with("content-encoding", "identity").status == 200);
  CHECK(with("accept", "*/*").status == 200);
}

TEST_CASE("http.routes: a reply that nobody gives is a 500") {
  std::vector<server::Response> answers;
  {
    const server::Reply reply([&](server::Response response) { answers.push_back(std::move(response)); });
    const server::Reply copy = reply;
  }
  REQUIRE(answers.size() == 1);
  CHECK(problem(answers.front()) == "500 internal");
  {
    const server::Reply reply([&](server::Response response) { answers.push_back(std::move(response)); });
    reply({200, {}, "first", {}});
    reply({200, {}, "second", {}});
  }
  REQUIRE(answers.size() == 2);
  CHECK(answers.back().body == "first");
}
