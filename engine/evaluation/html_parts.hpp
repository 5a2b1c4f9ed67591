// Pieces of HTML that the page and FHIR's narratives share. All of it is XHTML too: FHIR asks for that.
#pragma once

#include "evaluation/phrases.hpp"
#include "evaluation/render.hpp"

#include <string>
#include <string_view>

namespace caveat {

/// Text as HTML: markup escaped, and what XML cannot hold left out. Whatever comes from packs, plugins or profiles is
/// text, never markup.
std::string escape_html(std::string_view text);

/// `<tag>text</tag>`, the text escaped.
std::string html_element(std::string_view tag, std::string_view text);

/// What is said: statement and further paragraphs, then a list of notes, who decides, reasons and sources, as much of
/// them as the options ask for.
std::string html_of_advisory(const EvaluationData& data, const Advisory& advisory, const RenderOptions& options);

}  // namespace caveat
