// HTTP as handlers see it: plain values without sockets. These types stay in apps/server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::server {

enum class Method : std::uint8_t { kGet, kHead, kPost, kOptions, kOther };

std::string_view to_string(Method method);  ///< `GET`, …
/// kOther for methods that nothing here answers to.
Method parse_method(std::string_view name);

/// A header, or a parameter of a query. A header's name is in small letters.
struct Field {
  std::string name;
  std::string value;
};

struct Request {
  Method method = Method::kGet;
  std::string target;  ///< as sent: `/v1/facts?pack=microneedling`
  std::vector<Field> headers;
  std::string body;

  /// The first header of this name (small letters); empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct Response {
  unsigned status = 200;
  std::string type;  ///< Content-Type; empty where there is no body
  std::string body;
  std::vector<Field> headers;  ///< beside what the transport adds: Content-Length, Content-Type, Date, Connection
};

/// A request's target, taken apart and decoded.
struct Target {
  std::vector<std::string> path;  ///< the segments after the first slash; `/` is one empty segment
  std::vector<Field> query;
};

/// Nothing when the target does not begin with `/`, when a `%` is not followed by two digits, or when what is decoded
/// is not UTF-8 or holds a control character.
std::optional<Target> parse_target(std::string_view target);

/// What a form sends: `application/x-www-form-urlencoded`. Nothing where it cannot be decoded, as above.
std::optional<std::vector<Field>> parse_form(std::string_view body);

/// `type/subtype` in small letters, without parameters.
std::string media_type(std::string_view header);
/// The value of a media type's parameter, in small letters and without quotes; empty when there is none.
std::string media_parameter(std::string_view header, std::string_view name);

/// Which of the offered media types an Accept header prefers (RFC 9110, 12.5.1); the first of equals. Without a header
/// the first one. Nothing when it wants none of them.
std::optional<std::size_t> choose_media(std::string_view accept, const std::vector<std::string_view>& offered);

/// Which of the languages an Accept-Language header prefers, by their first subtag; `fallback` when none is wanted.
std::string choose_language(std::string_view accept, const std::vector<std::string>& offered, std::string fallback);

/// What a status is called: `Not Found`.
std::string_view reason_phrase(unsigned status);

}  // namespace caveat::server
