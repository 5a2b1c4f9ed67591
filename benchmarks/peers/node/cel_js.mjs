// @marcbachmann/cel-js: each rule is an expression, parsed once, over declared variables. A missing answer is a variable
// that is not there, which is an error in CEL; `&&` and `||` absorb it where the other side decides. So an error is
// counted as undetermined.
import {Environment} from '@marcbachmann/cel-js'
import {readWorkload, serve} from './participant.mjs'

const {facts, rules, profiles} = readWorkload()

const types = {boolean: 'bool', integer: 'int', decimal: 'double', choice: 'string'}
const environment = new Environment()
for (const {name, type} of facts) environment.registerVariable(name, types[type])
const typeOf = Object.fromEntries(facts.map(({name, type}) => [name, type]))

function literal(fact, value) {
  if (typeOf[fact] === 'choice') return `"${value}"`
  return typeOf[fact] === 'decimal' ? value.toFixed(1) : String(value)
}

function expression({op, fact, value, values, of}) {
  const parts = of?.map(expression)
  switch (op) {
    case 'is': return fact
    case 'not': return `!(${parts[0]})`
    case 'and': return parts.map((part) => `(${part})`).join(' && ')
    case 'or': return parts.map((part) => `(${part})`).join(' || ')
    case '=': return `${fact} == ${literal(fact, value)}`
    case 'in': return `${fact} in [${values.map((each) => literal(fact, each)).join(', ')}]`
    default: return `${fact} ${op} ${literal(fact, value)}`
  }
}

const compiled = rules.map((rule) => environment.parse(expression(rule.when)))
// CEL's integers are big ones.
const contexts = profiles.map(({age, ...others}) => (age === undefined ? others : {age: BigInt(age), ...others}))
await serve(rules.length, profiles.length, ({met, undetermined}) => {
  for (const context of contexts) {
    for (let i = 0; i < compiled.length; ++i) {
      try {
        if (compiled[i](context)) ++met[i]
      } catch {
        ++undetermined[i]
      }
    }
  }
})
