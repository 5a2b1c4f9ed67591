// A profile that was read from a record, as of a time. Reading knows no time; what depends on it waits until here.
#pragma once

#include "profile/profile.hpp"

#include <memory>

namespace caveat {

/// Counts ages from birth dates, up to and including the date of `at`. What a record dates later than that is not
/// usable then: unknown (`invalid`), with a warning, where the same in a profile that someone wrote is an error. Digest
/// and id stay those of the record. Gives `profile` itself when it is not from a record, or nothing in it depends on
/// the time.
std::shared_ptr<const ProfileData> at_time(std::shared_ptr<const ProfileData> profile, const Vocabulary& vocabulary,
                                           const DateTime& at, Diagnostics& diagnostics);

}  // namespace caveat
