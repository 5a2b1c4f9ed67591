#include "server/http.hpp"

#include "base/text_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace caveat::server {

namespace {

constexpr std::array<std::string_view, 4> kMethods = {"GET", "HEAD", "POST", "OPTIONS"};

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), small);
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

template <class Visit>
void split(std::string_view text, char separator, const Visit& visit) {
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    visit(text.substr(at, end - at));
    at = end + 1;
  }
}

// A `+` of a query is a space, as forms write it.
std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = plus_is_space && text[at] == '+' ? ' ' : text[at];
    if (c == '%') {
      const std::string_view digits = text.substr(at + 1, 2);
      unsigned byte = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) return std::nullopt;
      c = static_cast<char>(byte);
      at += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') return std::nullopt;
    out += c;
  }
  if (!check_text(out, {}, ErrorKind::kInput)) return std::nullopt;
  return out;
}

bool read_path(std::string_view path, Target& target) {
  bool good = true;
  split(path, '/', [&](std::string_view segment) {
    auto text = decoded(segment, false);
    good = good && text.has_value();
    if (text) target.path.push_back(std::move(*text));
  });
  return good;
}

bool read_query(std::string_view query, std::vector<Field>& out) {
  bool good = true;
  split(query, '&', [&](std::string_view part) {
    if (part.empty()) return;
    const std::size_t equals = std::min(part.find('='), part.size());
    auto name = decoded(part.substr(0, equals), true);
    auto value = decoded(part.substr(std::min(equals + 1, part.size())), true);
    good = good && name && value;
    if (good) out.push_back({std::move(*name), std::move(*value)});
  });
  return good;
}

struct Preference {
  std::string name;
  double weight = 1;
};

// `text/html, application/json;q=0.5`: what is wanted, and how much.
std::vector<Preference> preferences(std::string_view header) {
  std::vector<Preference> out;
  split(header, ',', [&](std::string_view part) {
    Preference preference{media_type(part)};
    if (preference.name.empty()) return;
    if (const std::string weight = media_parameter(part, "q"); !weight.empty()) {
      const auto read = std::from_chars(weight.data(), weight.data() + weight.size(), preference.weight);
      if (read.ec != std::errc()) preference.weight = 0;
    }
    out.push_back(std::move(preference));
  });
  return out;
}

// How closely a range of an Accept header names a type: not at all, `*/*`, `text/*`, `text/html`.
int closeness(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  if (range == "*/*") return 1;
  const bool whole = range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1));
  return whole ? 2 : 0;
}

double wish_for(const std::vector<Preference>& wanted, std::string_view type) {
  int closest = 0;
  double weight = 0;
  for (const Preference& preference : wanted) {
    const int close = closeness(preference.name, type);
    if (close <= closest) continue;
    closest = close;
    weight = preference.weight;
  }
  return weight;
}

}  // namespace

std::string_view to_string(Method method) {
  const auto index = static_cast<std::size_t>(method);
  return index < kMethods.size() ? kMethods[index] : std::string_view("OTHER");
}

Method parse_method(std::string_view name) {
  const auto found = std::find(kMethods.begin(), kMethods.end(), name);
  return found == kMethods.end() ? Method::kOther : static_cast<Method>(found - kMethods.begin());
}

std::string_view Request::header(std::string_view name) const {
  for (const Field& field : headers) {
    if (field.name == name) return field.value;
  }
  return {};
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  target = target.substr(1, target.find('#') - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  Target out;
  if (!read_path(target.substr(0, mark), out)) return std::nullopt;
  if (!read_query(target.substr(std::min(mark + 1, target.size())), out.query)) return std::nullopt;
  return out;
}

std::optional<std::vector<Field>> parse_form(std::string_view body) {
  std::vector<Field> out;
  if (!read_query(body, out)) return std::nullopt;
  return out;
}

std::string media_type(std::string_view header) {
  return in_small_letters(trimmed(header.substr(0, header.find(';'))));
}

std::string media_parameter(std::string_view header, std::string_view name) {
  std::string out;
  bool first = true;
  split(header, ';', [&](std::string_view part) {
    const std::size_t equals = part.find('=');
    const bool wanted = !first && equals != std::string_view::npos &&
                        in_small_letters(trimmed(part.substr(0, equals))) == name && out.empty();
    first = false;
    if (!wanted) return;
    std::string_view value = trimmed(part.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    out = in_small_letters(value);
  });
  return out;
}

std::optional<std::size_t> choose_media(std::string_view accept, const std::vector<std::string_view>& offered) {
  if (trimmed(accept).empty()) return 0;
  const std::vector<Preference> wanted = preferences(accept);
  std::optional<std::size_t> best;
  double most = 0;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    const double wish = wish_for(wanted, offered[i]);
    if (wish <= most) continue;
    most = wish;
    best = i;
  }
  return best;
}

std::string choose_language(std::string_view accept, const std::vector<std::string>& offered, std::string fallback) {
  double most = 0;
  for (const Preference& preference : preferences(accept)) {
    const std::string tag = preference.name.substr(0, preference.name.find('-'));
    if (preference.weight <= most || std::find(offered.begin(), offered.end(), tag) == offered.end()) continue;
    most = preference.weight;
    fallback = tag;
  }
  return fallback;
}

std::string_view reason_phrase(unsigned status) {
  switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

}  // namespace caveat::server
