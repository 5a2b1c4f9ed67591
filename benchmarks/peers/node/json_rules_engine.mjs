// json-rules-engine: one engine with all rules, one run a profile. Missing answers are allowed (an engine that is not
// told so throws), and read as undefined: comparisons with it are false, and their negations true. Rules that ask for
// `equal false` wherever they mean "known not to be" would count the met rightly; here `not` is the engine's own. The
// undetermined cannot be told from the rest either way.
import {Engine} from 'json-rules-engine'
import {readWorkload, serve} from './participant.mjs'

const {rules, profiles} = readWorkload()

const operators = {'<': 'lessThan', '>=': 'greaterThanInclusive', '=': 'equal'}

function condition({op, fact, value, values, of}) {
  const parts = of?.map(condition)
  switch (op) {
    case 'is': return {fact, operator: 'equal', value: true}
    case 'in': return {fact, operator: 'in', value: values}
    case 'not': return {not: parts[0]}
    case 'and': return {all: parts}
    case 'or': return {any: parts}
    default: return {fact, operator: operators[op], value}
  }
}

// The outermost node has to be a junction.
const whole = (when) => (['and', 'or', 'not'].includes(when.op) ? condition(when) : {all: [condition(when)]})

const engine = new Engine([], {allowUndefinedFacts: true})
rules.forEach(({when}, i) => engine.addRule({conditions: whole(when), event: {type: String(i)}}))

await serve(rules.length, profiles.length, async (counts) => {
  for (const facts of profiles) {
    const {events} = await engine.run(facts)
    for (const {type} of events) ++counts.met[type]
  }
  counts.undetermined = []
})
