// Plain recursive Kleene in JavaScript: no engine, no explanation, what a programmer would write for these rules alone.
import {readWorkload, serve} from './participant.mjs'

const {rules, profiles} = readWorkload()

// true, false, or null where an answer is missing
const compare = (fact, holds) => (facts) => {
  const value = facts[fact]
  return value === undefined ? null : holds(value)
}

function compile({op, fact, value, values, of}) {
  const parts = of?.map(compile)
  switch (op) {
    case 'is': return compare(fact, (answer) => answer)
    case '<': return compare(fact, (answer) => answer < value)
    case '>=': return compare(fact, (answer) => answer >= value)
    case '=': return compare(fact, (answer) => answer === value)
    case 'in': return compare(fact, (answer) => values.includes(answer))
    case 'not': return (facts) => {
      const inner = parts[0](facts)
      return inner === null ? null : !inner
    }
    case 'and': return junction(parts, false)
    case 'or': return junction(parts, true)
  }
}

// The value that decides ends it; else unknown, if a part is.
const junction = (parts, deciding) => (facts) => {
  let result = !deciding
  for (const part of parts) {
    const value = part(facts)
    if (value === deciding) return deciding
    if (value === null) result = null
  }
  return result
}

const compiled = rules.map((rule) => compile(rule.when))
await serve(rules.length, profiles.length, ({met, undetermined}) => {
  for (const facts of profiles) {
    for (let i = 0; i < compiled.length; ++i) {
      const value = compiled[i](facts)
      if (value === true) ++met[i]
      else if (value === null) ++undetermined[i]
    }
  }
})
