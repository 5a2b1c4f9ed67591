// Kleene's tables, over all pairs, against the tables as printed in CQL 1.5.2, section 13.
#include "base/tri.hpp"

#include "support/catch.hpp"

#include <array>

namespace {

using caveat::Tri;
constexpr Tri U = Tri::kUnknown, F = Tri::kFalse, T = Tri::kTrue;

struct Row {
  Tri a, b, both, either, implied, exclusive;
};

constexpr std::array<Row, 9> kTables = {{
    {T, T, T, T, T, F},
    {T, F, F, T, F, T},
    {T, U, U, T, U, U},
    {F, T, F, T, T, T},
    {F, F, F, F, T, F},
    {F, U, F, U, T, U},
    {U, T, U, T, T, U},
    {U, F, F, U, U, U},
    {U, U, U, U, U, U},
}};

}  // namespace

TEST_CASE("base.logic: and, or, implies and xor over all pairs") {
  for (const Row& row : kTables) {
    INFO(to_string(row.a) << ", " << to_string(row.b));
    CHECK(tri_and(row.a, row.b) == row.both);
    CHECK(tri_or(row.a, row.b) == row.either);
    CHECK(tri_implies(row.a, row.b) == row.implied);
    CHECK(tri_xor(row.a, row.b) == row.exclusive);
  }
}

TEST_CASE("base.logic: not") {
  CHECK(tri_not(T) == F);
  CHECK(tri_not(F) == T);
  CHECK(tri_not(U) == U);
}

TEST_CASE("base.logic: forgotten memory is unknown") { CHECK(Tri{} == U); }

TEST_CASE("base.logic: one more answer never turns true into false or back") {
  const auto refines = [](Tri before, Tri after) { return before == U || before == after; };
  for (const Tri fixed : {U, F, T}) {
    for (const Tri answer : {F, T}) {
      CHECK(refines(tri_and(U, fixed), tri_and(answer, fixed)));
      CHECK(refines(tri_or(U, fixed), tri_or(answer, fixed)));
      CHECK(refines(tri_implies(U, fixed), tri_implies(answer, fixed)));
      CHECK(refines(tri_implies(fixed, U), tri_implies(fixed, answer)));
      CHECK(refines(tri_xor(U, fixed), tri_xor(answer, fixed)));
    }
  }
}
