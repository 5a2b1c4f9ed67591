#include "audit/schema.hpp"

#include <array>

namespace caveat {

namespace {

// Triggers are what keeps an honest program from changing the past. Whoever can write the file can drop them: what
// finds that is `audit verify`. A second insert of the same content changes nothing, and is no error.
constexpr std::string_view kFirst = R"(
CREATE TABLE record (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL, mac TEXT NOT NULL) STRICT;
CREATE TABLE content (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TRIGGER record_in_order BEFORE INSERT ON record
  WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM record)
  BEGIN SELECT RAISE(ABORT, 'records are appended in order'); END;
CREATE TRIGGER record_unchanged BEFORE UPDATE ON record
  BEGIN SELECT RAISE(ABORT, 'records are never changed'); END;
CREATE TRIGGER record_kept BEFORE DELETE ON record
  BEGIN SELECT RAISE(ABORT, 'records are never removed'); END;
CREATE TRIGGER content_once BEFORE INSERT ON content
  WHEN EXISTS (SELECT 1 FROM content WHERE digest = NEW.digest)
  BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER content_unchanged BEFORE UPDATE ON content
  BEGIN SELECT RAISE(ABORT, 'contents are never changed'); END;
CREATE TRIGGER content_kept BEFORE DELETE ON content
  BEGIN SELECT RAISE(ABORT, 'contents are never removed'); END;
)";

// Sealed profiles stand by their record, not by digest: each belongs to one, and is appended with it.
constexpr std::string_view kProfiles = R"(
CREATE TABLE profile (sequence INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TRIGGER profile_in_order BEFORE INSERT ON profile
  WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM record)
    OR EXISTS (SELECT 1 FROM profile WHERE sequence = NEW.sequence)
  BEGIN SELECT RAISE(ABORT, 'profiles are appended with their records'); END;
CREATE TRIGGER profile_unchanged BEFORE UPDATE ON profile
  BEGIN SELECT RAISE(ABORT, 'profiles are never changed'); END;
CREATE TRIGGER profile_kept BEFORE DELETE ON profile
  BEGIN SELECT RAISE(ABORT, 'profiles are never removed'); END;
)";

constexpr std::array<std::string_view, 2> kMigrations = {kFirst, kProfiles};

}  // namespace

std::span<const std::string_view> audit_migrations() { return kMigrations; }

}  // namespace caveat
