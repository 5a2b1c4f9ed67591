// What is missing, as FHIR's DataRequirements: built from the facts' bindings.
#pragma once

#include "evaluation/evaluation_data.hpp"

#include <string>
#include <vector>

namespace caveat {

class JsonWriter;

/// Whether anything that the evaluation asks for can be read from a record.
bool has_requirements(const EvaluationData& data);
/// Writes the list, one requirement for each fact that is asked for and type of resource that it is read from, the most
/// important first.
void write_requirements(const EvaluationData& data, JsonWriter& json);

}  // namespace caveat
