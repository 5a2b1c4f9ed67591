// The first half of loading a pack: its files, its header, its sources and its facts.
#include "base/digest.hpp"
#include "base/quote.hpp"
#include "base/version.hpp"
#include "rules/pack.hpp"
#include "trust/identity.hpp"

#include <algorithm>
#include <system_error>

namespace caveat {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kHeaderFile = "pack.toml";
constexpr std::string_view kLanguageVersion = "1";

std::vector<fs::path> toml_files(const fs::path& folder, Diagnostics& diagnostics) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") files.push_back(it->path());
  }
  if (error) diagnostics.error("unreadable-folder", {folder.string()}, "cannot read the folder: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<Date> read_date(TableReader& table, std::string_view key) {
  const TomlValue* value = table.value(key);
  if (value == nullptr) return std::nullopt;
  std::optional<Date> date;
  if (value->is(TomlType::kDate)) date = parse_date(value->source_text());
  if (!date) table.wrong_type(key, *value, "a date such as 2026-11-30");
  return date;
}

Text read_text(TableReader& table, std::string_view key, bool required, std::string_view language,
               Diagnostics& diagnostics) {
  const TomlValue* value = table.value(key, required);
  return value == nullptr ? Text{} : read_text_table(*value, language, diagnostics);
}

bool is_kebab(std::string_view id) {
  const auto letter_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (id.empty() || !letter_or_digit(id.front()) || !letter_or_digit(id.back())) return false;
  return std::all_of(id.begin(), id.end(), [&](char c) { return letter_or_digit(c) || c == '-'; });
}

void read_status(TableReader& table, Pack& pack, Diagnostics& diagnostics) {
  const std::string name = table.string("status", true);
  if (name == "draft")
    pack.status = PackStatus::kDraft;
  else if (name == "active")
    pack.status = PackStatus::kActive;
  else if (name == "retired")
    pack.status = PackStatus::kRetired;
  else if (!name.empty()) {
    diagnostics.error("unknown-status", table.value("status")->place(), "unknown status `" + name + "`",
                      "one of draft, active, retired");
  }
}

void read_requires(TableReader& header, Pack& pack, Diagnostics& diagnostics) {
  const TomlValue* value = header.value("requires");
  if (value == nullptr) return;
  if (!value->is(TomlType::kTable)) return header.wrong_type("requires", *value, "a table");
  TableReader table(*value, value->place(), "`requires`", diagnostics);
  pack.required_plugins = table.strings("plugins");
  if (const std::string engine = table.string("engine"); !engine.empty()) {
    const auto requirement = parse_version_requirement(engine);
    const Place place = table.value("engine")->place();
    if (!requirement) {
      diagnostics.error("bad-version", place, "`" + engine + "` is not a version requirement",
                        "for example \">= 0.1\"");
    } else if (!requirement->admits(*parse_version(CAVEAT_VERSION))) {
      diagnostics.error("engine-version", place, "needs engine " + engine + "; this is " CAVEAT_VERSION);
    }
  }
  if (const std::string language = table.string("language"); !language.empty() && language != kLanguageVersion) {
    diagnostics.error("language-version", table.value("language")->place(),
                      "needs version `" + language + "` of the condition language", "this engine speaks version 1");
  }
  table.refuse_others();
}

void read_header(const TomlEntry& entry, Pack& pack, Diagnostics& diagnostics) {
  pack.place = entry.key_place;
  if (!entry.value.is(TomlType::kTable)) {
    diagnostics.error("wrong-type", entry.key_place, "`pack` must be a table", "write [pack]");
    return;
  }
  TableReader table(entry.value, entry.key_place, "`[pack]`", diagnostics);
  pack.id = table.string("id", true);
  if (!pack.id.empty() && !is_kebab(pack.id)) {
    diagnostics.error("bad-id", table.value("id")->place(), "`" + pack.id + "` is not a pack id",
                      "small letters, digits and hyphens, such as `skin-care`");
  }
  pack.version = table.string("version", true);
  if (!pack.version.empty() && !parse_version(pack.version)) {
    diagnostics.error("bad-version", table.value("version")->place(),
                      "`" + pack.version + "` is not a semantic version", "for example \"1.0.0\"");
  }
  if (const std::string language = table.string("language"); !language.empty()) pack.first_language = language;
  read_status(table, pack, diagnostics);
  pack.authors = table.strings("authors");
  pack.approved_by = table.string("approved_by");
  if (const auto date = read_date(table, "approved_on")) pack.approved_on = to_string(*date);
  read_requires(table, pack, diagnostics);
  pack.title = read_text(table, "title", true, pack.first_language, diagnostics);
  pack.review_by = read_date(table, "review_by");
  pack.defer_to = table.string("defer_to", true);
  pack.deferral = read_text(table, "deferral", true, pack.first_language, diagnostics);
  pack.uses = table.strings("uses");
  if (const TomlValue* at = table.value("at")) {
    pack.default_at = at->string() ? std::string(*at->string()) : std::string(at->source_text());
    if (!parse_rfc3339(pack.default_at)) table.wrong_type("at", *at, "a date-time with an offset");
  }
  table.refuse_others();
}

void read_sources(const TomlValue& array, Pack& pack, Diagnostics& diagnostics) {
  for (const TomlValue& element : array.elements()) {
    TableReader table(element, element.place(), "the source", diagnostics);
    Source source;
    source.id = table.string("id", true);
    source.title = table.string("title", true);
    source.url = table.string("url");
    for (const char* key : {"author", "publisher", "published", "version"}) table.value(key);
    table.refuse_others();
    const auto same = [&](const Source& other) { return other.id == source.id; };
    if (std::any_of(pack.sources.begin(), pack.sources.end(), same)) {
      diagnostics.error("duplicate-id", element.place(), "a second source with the id `" + source.id + "`");
      continue;
    }
    pack.sources.push_back(std::move(source));
  }
}

void read_facts(const TomlValue& table, PackDraft& draft, std::span<ValueSet> sets, Vocabulary& vocabulary,
                Diagnostics& diagnostics) {
  for (const TomlEntry& entry : table.entries()) {
    auto declaration = read_fact(entry, draft.pack.first_language, false, diagnostics, sets);
    if (!declaration) {
      draft.refused_facts.emplace_back(entry.key);
      continue;
    }
    const auto valid_for = declaration->valid_for;
    const FactId id = vocabulary.declare(std::move(*declaration), diagnostics);
    draft.pack.facts.push_back(id);
    draft.validities.push_back({id, valid_for});
  }
}

void warn_of_unused(const std::vector<ValueSet>& sets, Diagnostics& diagnostics) {
  for (const ValueSet& set : sets) {
    if (set.used) continue;
    diagnostics.warning("unused-value-set", set.place, "no binding names the value set `" + set.url + "`", "remove it");
  }
}

bool is_plain(std::string_view name) {
  const auto plain = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\\' && c != '\x7f'; };
  return std::all_of(name.begin(), name.end(), plain);
}

// INVARIANT: each file is read once: the bytes that are listed, signed and recorded are those that are parsed.
void read_document(const fs::path& file, PackDraft& draft, Diagnostics& diagnostics) {
  std::string name = file.filename().string();
  if (!is_plain(name)) {
    return diagnostics.error("bad-file-name", {draft.pack.folder.string()},
                             "the file name " + in_backticks(name) + " has control characters or a backslash",
                             "rename it");
  }
  auto text = read_text(file, {}, ErrorKind::kLoad);
  if (!text) return diagnostics.append(text.error().diagnostics);
  draft.pack.files.push_back({std::move(name), *text});
  auto document = TomlDocument::parse(std::move(*text), file.string(), ErrorKind::kLoad);
  if (!document) return diagnostics.append(document.error().diagnostics);
  draft.documents.push_back(std::move(*document));
}

const TomlDocument* header_document(const PackDraft& draft) {
  for (const TomlDocument& document : draft.documents) {
    if (fs::path(document.file()).filename() == kHeaderFile) return &document;
  }
  return nullptr;
}

}  // namespace

std::string_view to_string(PackStatus status) {
  switch (status) {
    case PackStatus::kDraft: return "draft";
    case PackStatus::kActive: return "active";
    case PackStatus::kRetired: break;
  }
  return "retired";
}

std::string_view Pack::relative_file(const Place& absolute) const {
  const std::string_view prefix = folder.native();
  std::string_view file = absolute.file;
  if (!file.starts_with(prefix)) return file;
  file.remove_prefix(prefix.size());
  if (prefix.ends_with('/')) return file;
  return file.starts_with('/') ? file.substr(1) : std::string_view(absolute.file);
}

Place Pack::relative(const Place& absolute) const {
  return {std::string(relative_file(absolute)), absolute.line, absolute.column};
}

std::unique_ptr<PackDraft> read_pack(const fs::path& folder, Vocabulary& vocabulary, bool keep_retired,
                                     Diagnostics& diagnostics) {
  auto draft = std::make_unique<PackDraft>();
  draft->pack.folder = folder;
  for (const fs::path& file : toml_files(folder, diagnostics)) read_document(file, *draft, diagnostics);
  const TomlDocument* header = header_document(*draft);
  if (header == nullptr) {
    if (!diagnostics.has_errors()) {
      diagnostics.error("no-pack", {folder.string()}, "the folder has no pack.toml",
                        "a pack is a folder with a pack.toml");
    }
    return nullptr;
  }
  const TomlEntry* entry = header->root().find_entry("pack");
  if (entry == nullptr) {
    diagnostics.error("missing-key", {header->file(), 1, 1}, "pack.toml has no `[pack]` table");
    return nullptr;
  }
  read_header(*entry, draft->pack, diagnostics);
  if (draft->pack.status == PackStatus::kRetired && !keep_retired) return draft;
  std::vector<ValueSet> sets;
  for (const TomlDocument& document : draft->documents) {
    if (const TomlValue* tables = document.root().find("value_set")) read_value_sets(*tables, sets, diagnostics);
  }
  for (const TomlDocument& document : draft->documents) {
    if (const TomlValue* sources = document.root().find("source")) read_sources(*sources, draft->pack, diagnostics);
    if (const TomlValue* facts = document.root().find("fact"))
      read_facts(*facts, *draft, sets, vocabulary, diagnostics);
  }
  warn_of_unused(sets, diagnostics);
  draft->pack.digest = sha256(listing(draft->pack.files));
  return draft;
}

Result<std::vector<fs::path>> find_packs(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError,
                                   "no-such-folder",
                                   {folder.string()},
                                   "no such folder of rules",
                                   "give one with --rules DIR or CAVEAT_RULES"});
  }
  if (fs::exists(folder / kHeaderFile, error)) return std::vector{folder};
  std::vector<fs::path> packs;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (fs::exists(it->path() / kHeaderFile, ignored)) packs.push_back(it->path());
  }
  if (error) {
    return fail(ErrorKind::kLoad, {DiagnosticLevel::kError,
                                   "unreadable-folder",
                                   {folder.string()},
                                   "cannot read the folder: " + error.message(),
                                   ""});
  }
  std::sort(packs.begin(), packs.end());
  return packs;
}

}  // namespace caveat
