// Between Beast's messages and ours.
#pragma once

#include "base/log.hpp"
#include "server/http_date.hpp"
#include "server/problem.hpp"

#include <boost/beast/http.hpp>

#include <optional>
#include <string_view>

namespace caveat::server {

namespace beast = boost::beast;
namespace http = beast::http;

inline constexpr std::string_view kGoAhead = "HTTP/1.1 100 Continue\r\n\r\n";

using Message = http::request<http::string_body>;

inline std::string text_of(beast::string_view text) { return {text.data(), text.size()}; }

inline Request head_of(const Message& message) {
  Request out;
  out.method = parse_method(text_of(message.method_string()));
  out.target = text_of(message.target());
  for (const auto& field : message) {
    Field& header = out.headers.emplace_back(Field{text_of(field.name_string()), text_of(field.value())});
    for (char& c : header.name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return out;
}

inline bool expects_go_ahead(const Message& message) {
  return message.version() >= 11 && beast::iequals(message[http::field::expect], "100-continue");
}

/// What HTTP itself asks of a head. Nothing: go on.
inline std::optional<Response> check_head(const Message& message) {
  if (message.version() != 11 && message.version() != 10)
    return problem(505, "http-version", "HTTP/1.1 is spoken here");
  if (message.version() == 11 && message.count(http::field::host) != 1)
    return problem(400, "bad-request", "a request has one `Host`");
  if (message.count(http::field::transfer_encoding) > 0 && !message.chunked())
    return problem(400, "bad-request", "the only transfer coding that is taken is `chunked`");
  if (message.count(http::field::expect) > 0 && !expects_go_ahead(message))
    return problem(417, "expectation", "the only expectation that is met is `100-continue`");
  return std::nullopt;
}

inline Response overloaded() {
  Response response = problem(503, "overloaded", "the service has as much under way as it takes on");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

/// What to say to a client whose request could not be read; nothing where nobody is there to hear it. One that was too
/// slow is cut off: nobody waits for it to take an answer.
inline std::optional<Response> problem_of(const boost::system::error_code& error) {
  if (error == http::error::header_limit)
    return problem(431, "head-too-large", "the request's line and headers are larger than the service takes");
  if (error == http::error::body_limit)
    return problem(413, "too-large", "the request's body is larger than the service takes");
  const bool malformed = error.category() == http::make_error_code(http::error::bad_line_ending).category();
  const bool left = error == http::error::end_of_stream || error == http::error::partial_message;
  if (malformed && !left) return problem(400, "bad-request", "this is not HTTP: " + error.message());
  return std::nullopt;
}

template <class Body>
void fill_head(http::response<Body>& message, const Response& response, bool keep_alive) {
  message.version(11);
  message.result(response.status);
  message.reason({reason_phrase(response.status).data(), reason_phrase(response.status).size()});
  message.set(http::field::date, http_date());
  for (const Field& field : response.headers) message.insert(field.name, field.value);
  if (!response.type.empty()) message.set(http::field::content_type, response.type);
  if (response.status != 204) message.content_length(response.body.size());
  message.keep_alive(keep_alive);
}

inline http::response<http::string_body> with_body(Response response, bool keep_alive) {
  http::response<http::string_body> message;
  fill_head(message, response, keep_alive);
  message.body() = std::move(response.body);
  return message;
}

/// The same head, and no body: for HEAD, and for what has none.
inline http::response<http::empty_body> without_body(const Response& response, bool keep_alive) {
  http::response<http::empty_body> message;
  fill_head(message, response, keep_alive);
  return message;
}

}  // namespace caveat::server
