// The engine's own words, in every language that it speaks. Packs and plugins bring theirs.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace caveat {

enum class Message {
  // What a disposition says. {0}: rules that bar; {1}: those met, or not checked, or undetermined.
  kSummaryRefer,
  kSummaryIncomplete,
  kSummaryNoChecks,
  kSummaryInsufficient,
  kSummaryNoneFound,
  kSummaryNotComplete,  ///< appended when `complete` is false beside another disposition
  kSummaryDisabled,     ///< appended; {0}: ids of the rules that the site disabled
  kSummaryError,        ///< the inputs could not be evaluated
  kWithheld,            ///< why suggestions are not shown

  // What the host says for a rule whose plugin failed.
  kHostUndetermined,
  kHostFailed,

  // Headings and labels of renderings.
  kDispositionRefer,
  kDispositionIncomplete,
  kDispositionInsufficient,
  kDispositionNoneFound,
  kNotComplete,
  kStatusMet,
  kStatusNotMet,
  kStatusUndetermined,
  kStatusFailed,
  kSeverityCritical,
  kSeverityWarning,
  kSeverityInfo,
  kHeadingBars,
  kHeadingSuggests,
  kHeadingInforms,
  kHeadingQuestions,
  kHeadingWithheld,
  kHeadingOutcomes,
  kHeadingDisabled,
  kHeadingDiagnostics,
  kBecause,
  kMissing,
  kWouldChange,
  kWouldChangePartial,
  kOnConflict,
  kInDoubt,
  kOnLastKnown,
  kExplanation,
  kSource,
  kDeferTo,
  kEvaluatedAt,
  kPack,
  kRecorded,
  kUndated,

  // Unknown reasons, in their order.
  kNotAsked,
  kNotKnown,
  kDeclined,
  kStale,
  kConflicting,
  kInvalid,
  kCheckFailed,

  kCount
};

/// In `language`, or in English when the engine does not speak it.
std::string_view message(Message which, std::string_view language);

/// Languages that the engine speaks, English first.
std::span<const std::string_view> message_languages();

}  // namespace caveat
