#include "server/client.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace caveat::server {

namespace {

constexpr std::string_view kTls = "https://", kPlain = "http://";

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

bool is_ip6(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
  });
}

// Printable, and no path that leads upwards: what a server would make of it could lie outside what was allowed.
bool is_target(std::string_view text) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '\\' && c != '#'; });
  const std::string path = in_small_letters(text.substr(0, text.find('?')));
  const auto leads_up = [&](std::string_view dots) { return path.find(dots) != std::string::npos; };
  return plain && !leads_up("/..") && !leads_up("/.%2e") && !leads_up("/%2e");
}

bool read_authority(std::string_view authority, Address& out) {
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return false;
    out.host = in_small_letters(authority.substr(1, end - 1));
    if (!is_ip6(out.host)) return false;
    authority.remove_prefix(end + 1);
    if (authority.empty()) return true;
    out.port = authority.substr(1);
    return authority.front() == ':' && is_number(out.port);
  }
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  out.host = in_small_letters(authority.substr(0, colon));
  if (colon == authority.size()) return is_host(out.host);
  out.port = authority.substr(colon + 1);
  return is_host(out.host) && is_number(out.port);
}

}  // namespace

std::string Address::origin() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const bool usual = port == (tls ? "443" : "80");
  return std::string(tls ? kTls : kPlain) + name + (usual ? "" : ":" + port);
}

bool Address::is_loopback() const {
  in_addr parsed{};
  const bool number = ::inet_pton(AF_INET, host.c_str(), &parsed) == 1;  // `127.example.org` is a name
  return host == "localhost" || host == "::1" || (number && host.starts_with("127."));
}

std::optional<Address> parse_address(std::string_view url) {
  Address out;
  const std::string scheme = in_small_letters(url.substr(0, url.find("//") + 2));
  if (scheme != kTls && scheme != kPlain) return std::nullopt;
  out.tls = scheme == kTls;
  out.port = out.tls ? "443" : "80";
  url.remove_prefix(scheme.size());
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  if (!read_authority(url.substr(0, end), out)) return std::nullopt;
  out.target = url.substr(end);
  if (!is_target(out.target)) return std::nullopt;
  return out;
}

}  // namespace caveat::server
