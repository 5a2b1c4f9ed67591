// cql-execution: a library of expressions, one a rule, as the CQL translator's output (ELM) has them. Answers are
// parameters, a little faster than properties of a retrieved patient. A membership is written as alternatives, as CQL's
// `in` reads a missing value as "not in the list".
import cql from 'cql-execution'
import {readWorkload, serve} from './participant.mjs'

const {facts, rules, profiles} = readWorkload()

const types = {boolean: 'Boolean', integer: 'Integer', decimal: 'Decimal', choice: 'String'}
const typeOf = Object.fromEntries(facts.map(({name, type}) => [name, `{urn:hl7-org:elm-types:r1}${types[type]}`]))

const parameter = (fact) => ({type: 'ParameterRef', name: fact})
const literal = (fact, value) => ({type: 'Literal', valueType: typeOf[fact], value: String(value)})
const binary = (type, ...operand) => ({type, operand})
// `and` and `or` take two operands each.
const joined = (type, parts) => parts.reduce((left, right) => binary(type, left, right))

function elm({op, fact, value, values, of}) {
  const parts = of?.map(elm)
  switch (op) {
    case 'is': return parameter(fact)
    case 'not': return {type: 'Not', operand: parts[0]}
    case 'and': return joined('And', parts)
    case 'or': return joined('Or', parts)
    case '=': return binary('Equal', parameter(fact), literal(fact, value))
    case 'in': return joined('Or', values.map((each) => binary('Equal', parameter(fact), literal(fact, each))))
    default: return binary(op === '<' ? 'Less' : 'GreaterOrEqual', parameter(fact), literal(fact, value))
  }
}

const library = new cql.Library({
  library: {
    identifier: {id: 'Workload', version: '1'},
    schemaIdentifier: {id: 'urn:hl7-org:elm', version: 'r1'},
    usings: {def: [{localIdentifier: 'System', uri: 'urn:hl7-org:elm-types:r1'}]},
    parameters: {
      def: facts.map(({name}) => ({
        name, accessLevel: 'Public', parameterTypeSpecifier: {type: 'NamedTypeSpecifier', name: typeOf[name]},
      })),
    },
    statements: {
      def: rules.map(({when}, i) => ({name: `r${i}`, context: 'Patient', accessLevel: 'Public', expression: elm(when)})),
    },
  },
})

// A source of one patient, of whom everything is said by parameters.
const patient = {getId: () => 'p', findRecords: () => []}
class OnePatient {
  #given = false
  currentPatient() { return this.#given ? undefined : patient }
  nextPatient() { this.#given = true }
}

const unknown = Object.fromEntries(facts.map(({name}) => [name, null]))
const contexts = profiles.map((answers) => ({...unknown, ...answers}))
const codes = new cql.CodeService({})
const at = cql.DateTime.parse('2026-11-22T10:00:00.000+00:00')
await serve(rules.length, profiles.length, async ({met, undetermined}) => {
  for (const answers of contexts) {
    const results = await new cql.Executor(library, codes, answers).exec(new OnePatient(), at)
    const of = results.patientResults.p
    for (let i = 0; i < rules.length; ++i) {
      const value = of[`r${i}`]
      if (value === true) ++met[i]
      else if (value === null) ++undetermined[i]
    }
  }
})
