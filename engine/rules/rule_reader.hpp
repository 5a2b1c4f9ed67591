// Reads one rule of a kind from its TOML table. Part of compile_pack().
#pragma once

#include "rules/pack.hpp"

namespace caveat {

struct RuleReading {
  const Pack& pack;
  const PackSurroundings& surroundings;
  ProgramBuilder& builder;
  Diagnostics& diagnostics;
  bool proven = false;  ///< the rule's file has been vetted as it is
};

/// Reports all that is wrong; the rule is usable only when nothing was.
Rule read_rule(const TomlValue& element, const KindSchema& kind, const RuleReading& reading);

/// A condition's text and how to find places in it. Borrows `value`.
ExpressionSource expression_source(const TomlValue& value);

}  // namespace caveat
