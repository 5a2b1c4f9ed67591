// Renderings of an evaluation. Each is a pure function of it.
#pragma once

#include "evaluation/evaluation_data.hpp"

#include <span>
#include <string>

namespace caveat {

std::string render_json(const EvaluationData& data, const RenderOptions& options);
std::string render_text(const EvaluationData& data, const RenderOptions& options);
std::string render_markdown(const EvaluationData& data, const RenderOptions& options);
/// One advisory: statement, reasons, sources, as much as the options ask for.
std::string render_markdown(const EvaluationData& data, const Advisory& advisory, const RenderOptions& options);
/// Text that stands for itself wherever Markdown is read, on one line.
std::string escape_markdown(std::string_view text);
/// Several evaluations, one page.
std::string render_html(std::span<const EvaluationData* const> evaluations, const RenderOptions& options);
/// A GuidanceResponse of FHIR R4. docs/formats/fhir.md.
std::string render_fhir(const EvaluationData& data, const RenderOptions& options);

/// A profile's value of a fact as JSON has it: decimals as strings, quantities as `{ "value", "unit" }`.
class JsonWriter;
void write_value(JsonWriter& json, const FactDeclaration& fact, const FactValue& value);

}  // namespace caveat
