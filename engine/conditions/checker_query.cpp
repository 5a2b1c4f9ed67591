// Types of queries. Aliases are visible from their source on, and only inside the query.
#include "conditions/checker_state.hpp"

namespace caveat {

ExpressionPtr Checker::query(const Syntax& node) {
  const QuerySyntax& written = *node.query;
  auto made_query = std::make_shared<Query>();
  const std::size_t outer = aliases_.size();
  Made made = make(node, Expression::Kind::kQuery, {});
  made_query->first_slot = slots_;
  made_query->sources = written.sources.size();
  bool wrong_part = false;
  bool any_list = false;
  TypeFields row_fields;
  for (const auto& [name, source] : written.sources) {
    ExpressionPtr checked = check(*source);
    wrong_part = wrong_part || checked->type.is(TypeKind::kError);
    const bool list = checked->type.is(TypeKind::kList);
    any_list = any_list || list;
    made_query->source_is_list.push_back(list);
    row_fields.emplace_back(name, list ? *checked->type.element : checked->type);
    made->keys.push_back(name);
    made->operands.push_back(std::move(checked));
  }
  for (const auto& [name, type] : row_fields) aliases_.push_back({name, type, slots_++});
  for (const auto& [name, let] : written.lets) {
    made_query->lets.push_back(check(*let));
    wrong_part = wrong_part || made_query->lets.back()->type.is(TypeKind::kError);
    aliases_.push_back({name, made_query->lets.back()->type, slots_++});
  }
  if (written.where) made_query->where = boolean(*written.where, "the condition after `where`");
  const Type row = row_fields.size() == 1 ? row_fields[0].second : tuple_of(row_fields);
  Type result = row;
  const std::size_t accumulator = slots_++;
  if (!written.accumulator.empty()) {
    made_query->aggregate = true;
    if (written.starting) made_query->starting = check(*written.starting);
    const Type start = made_query->starting ? made_query->starting->type : Type(TypeKind::kNull);
    aliases_.push_back({written.accumulator, start, accumulator});
    made_query->result = check(*written.result);
    const auto shared = common_type(start, made_query->result->type);
    if (!shared) {
      error(node.name_at, "type-error",
            "the result of `aggregate` is " + to_string(made_query->result->type) + ", and it starts with " +
                to_string(start));
      wrong_part = true;
    } else {
      result = *shared;
      if (made_query->starting) made_query->starting = convert(made_query->starting, result);
      made_query->result = convert(made_query->result, result);
    }
  } else if (written.result) {
    made_query->result = check(*written.result);
    result = made_query->result->type;
    made_query->distinct = written.distinct;
  }
  wrong_part = wrong_part || (made_query->where && made_query->where->type.is(TypeKind::kError)) ||
               (made_query->result && made_query->result->type.is(TypeKind::kError));
  aliases_.resize(outer);
  made_query->sort_slot = slots_++;
  if (!wrong_part) query_sort(node, *made_query, result);
  if (wrong_part || failed_) return wrong();
  made->type = made_query->aggregate || !any_list ? result : list_of(result);
  made->query = std::move(made_query);
  return finish(std::move(made));
}

// `sort by x` names elements of the row; `sort desc` orders the rows themselves.
void Checker::query_sort(const Syntax& node, Query& query, const Type& element) {
  const std::size_t outer = aliases_.size();
  for (const auto& written : node.query->sort) {
    Query::Sort sort{written.descending, nullptr};
    if (!written.by) {
      if (!is_ordered(element) && !element.is(TypeKind::kNull)) {
        error(node.begin, "type-error", to_string(element) + " has no order to sort by");
      }
    } else {
      aliases_.push_back({"$this", element, query.sort_slot});
      sort.by = check(*written.by);
      aliases_.resize(outer);
    }
    query.sort.push_back(std::move(sort));
  }
}

// Inside `sort by`, the elements of the row are names. Null when `node` names none.
ExpressionPtr Checker::sorted_field(const Syntax& node) {
  if (aliases_.empty() || aliases_.back().name != "$this" || !aliases_.back().type.fields) return nullptr;
  for (const auto& [name, type] : *aliases_.back().type.fields) {
    if (name != node.name) continue;
    Made row = make(node, Expression::Kind::kAlias, aliases_.back().type);
    row->slot = aliases_.back().slot;
    Made made = make(node, Expression::Kind::kProperty, type);
    made->name = name;
    made->operands.push_back(finish(std::move(row)));
    return finish(std::move(made));
  }
  return nullptr;
}

}  // namespace caveat
