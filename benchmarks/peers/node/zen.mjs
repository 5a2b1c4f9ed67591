// GoRules zen (Rust, from Node): one decision with one expression node that has an expression a rule. A missing answer is
// null. Putting null in order with a number is an error that ends the whole decision, so such a comparison asks first
// whether there is a value; every comparison with null is false then, and its negation true. The undetermined cannot be
// told from the rest.
import {ZenEngine} from '@gorules/zen-engine'
import {readWorkload, serve} from './participant.mjs'

const {rules, profiles} = readWorkload()

const literal = (value) => (typeof value === 'string' ? `"${value}"` : String(value))

function expression({op, fact, value, values, of}) {
  const parts = of?.map(expression)
  switch (op) {
    case 'is': return `${fact} == true`
    case 'not': return `not (${parts[0]})`
    case 'and': return parts.map((part) => `(${part})`).join(' and ')
    case 'or': return parts.map((part) => `(${part})`).join(' or ')
    case '=': return `${fact} == ${literal(value)}`
    case 'in': return `${fact} in [${values.map(literal).join(', ')}]`
    default: return `${fact} != null and ${fact} ${op} ${literal(value)}`
  }
}

const expressions = rules.map(({when}, i) => ({id: `e${i}`, key: `r${i}`, value: expression(when)}))
const decision = new ZenEngine().createDecision({
  contentType: 'application/vnd.gorules.decision',
  nodes: [
    {id: 'in', name: 'in', type: 'inputNode', content: {}, position: {x: 0, y: 0}},
    {id: 'rules', name: 'rules', type: 'expressionNode', content: {expressions}, position: {x: 1, y: 0}},
    {id: 'out', name: 'out', type: 'outputNode', content: {}, position: {x: 2, y: 0}},
  ],
  edges: [
    {id: 'a', sourceId: 'in', targetId: 'rules', type: 'edge'},
    {id: 'b', sourceId: 'rules', targetId: 'out', type: 'edge'},
  ],
})

await serve(rules.length, profiles.length, async (counts) => {
  for (const facts of profiles) {
    const {result} = await decision.evaluate(facts)
    for (let i = 0; i < rules.length; ++i) {
      if (result[`r${i}`] === true) ++counts.met[i]
    }
  }
  counts.undetermined = []
})
