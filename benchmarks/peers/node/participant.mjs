// The participants' protocol (participants/participant.hpp) for Node: `ready`, then one repetition a line.
import {readFileSync} from 'node:fs'
import {createInterface} from 'node:readline'

/** The workload's rules and the first `count` profiles' facts. */
export function readWorkload() {
  const [folder, count] = process.argv.slice(2)
  if (count === undefined) {
    console.error(`usage: node ${process.argv[1]} FOLDER PROFILES`)
    process.exit(2)
  }
  const workload = JSON.parse(readFileSync(`${folder}/workload.json`, 'utf8'))
  const lines = readFileSync(`${folder}/cohort.ndjson`, 'utf8').split('\n', Number(count)).filter((line) => line)
  return {...workload, profiles: lines.map((line) => JSON.parse(line).facts)}
}

/** Counts, a rule each, of what `work` tells of every profile. */
export class Counts {
  constructor(rules) {
    this.met = new Array(rules).fill(0)
    this.undetermined = new Array(rules).fill(0)
  }
}

/** `work(counts)` evaluates all profiles once; it may be asynchronous. */
export async function serve(rules, profiles, work) {
  console.log('ready')
  for await (const _ of createInterface({input: process.stdin})) {
    const counts = new Counts(rules)
    const processor = process.cpuUsage()
    const begin = process.hrtime.bigint()
    await work(counts)
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9
    const used = process.cpuUsage(processor)
    console.log(JSON.stringify({seconds, processor_seconds: (used.user + used.system) / 1e6, profiles, note: '', ...counts}))
  }
}
