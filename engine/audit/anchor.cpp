#include "audit/anchor.hpp"

#include "base/json_writer.hpp"
#include "base/text_file.hpp"

#include <boost/json.hpp>

namespace caveat {

namespace {

constexpr std::string_view kSchema = "caveat.audit.anchor/1";

std::string text_of(const boost::json::object& object, std::string_view key) {
  const boost::json::value* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace

std::string to_text(const Anchor& anchor) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("hash", std::string_view(anchor.hash));
  json.member("log", std::string_view(anchor.log));
  json.member("mac", std::string_view(anchor.mac));
  json.member("schema", kSchema);
  json.member("sequence", anchor.sequence);
  json.end_object();
  return out + '\n';
}

std::optional<Anchor> parse_anchor(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  const boost::json::object& object = value.get_object();
  const boost::json::value* sequence = object.if_contains("sequence");
  Anchor anchor{text_of(object, "log"), 0, text_of(object, "hash"), text_of(object, "mac")};
  if (sequence != nullptr && sequence->is_int64()) anchor.sequence = sequence->get_int64();
  const bool whole = text_of(object, "schema") == kSchema && !anchor.log.empty() && anchor.sequence > 0 &&
                     !anchor.hash.empty() && !anchor.mac.empty();
  return whole ? std::optional(std::move(anchor)) : std::nullopt;
}

Result<Anchor> read_anchor(const std::filesystem::path& file) {
  TextLimits limits;
  limits.bytes_max = 4096;
  auto text = read_text(file, limits, ErrorKind::kInput);
  if (!text) return Failure(std::move(text.error()));
  if (auto anchor = parse_anchor(*text)) return *std::move(anchor);
  return fail(ErrorKind::kInput, {DiagnosticLevel::kError,
                                  "audit-no-anchor",
                                  {file.string()},
                                  "is not the anchor of an audit log",
                                  "it is the one line that recording keeps beside the log"});
}

}  // namespace caveat
