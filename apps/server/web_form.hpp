// The web page's form: a pack's questions as HTML without a script, and what was filled in as a profile.
// docs/formats/http.md, 7.
#pragma once

#include "evaluation/snapshot.hpp"
#include "server/http.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caveat::server {

/// What a page of questions shows.
struct WebForm {
  const Snapshot& snapshot;
  const LoadedPack& pack;
  std::vector<FactId> facts;  ///< what is asked for, in this order
  std::string language;
  std::string action;                         ///< where it is sent
  std::vector<Field> given{};                 ///< what was filled in before, shown again
  std::span<const Diagnostic> mistakes = {};  ///< what was wrong with it
};

std::string write_web_form(const WebForm& form);

/// A page that leads to the form of each pack.
std::string write_pack_choice(const Snapshot& snapshot, std::string_view language);

/// What was filled in, as a profile in JSON. INVARIANT: a field that was left open is a fact that was not asked. What
/// is not of the form that its fact has is left to the profile's reader, which says so.
std::string profile_of_form(const Vocabulary& vocabulary, std::span<const FactId> facts,
                            const std::vector<Field>& given, std::string_view recorded);

}  // namespace caveat::server
