/**
 * Step `completions`: reports of receivers that they acted on a decision which the file is about. Each is in the log, after the event that it names by
 * its leaf index and the decision's place in it. A report changes no answer. It shows that the receiver stated this, and by when: whether it did
 * act is for its own evidence.
 */
import * as z from 'zod'
import { type Completion, completion } from '../consent/completion.ts'
import { digestLeaf } from '../consent/leaf.ts'
import { zodRecord } from '../consent/zod-schema.ts'
import type { ProvenEvent } from './check-events.ts'
import type { LeafIndexes } from './check-inclusion.ts'
import { openValues } from './disclosures.ts'
import { type GivenProof, parseForm, parseJson } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import { digest, inProof } from './scalars-in-proof.ts'
import { fail, type Log, missing, quote } from './verification.ts'

const step = 'completions'
const claim = 'field:completion'
/** Limit on the reports that have a sentence. */
const maxNamed = 20

const leafForm = z.strictObject({
  _sd: z.array(digest).length(1),
  _sd_alg: z.literal('sha-256'),
  kind: z.literal('completion'),
  v: z.literal(1),
})
const statedForm = zodRecord(completion, inProof)

/** @param events those that are opened, in the order of the file */
export function checkCompletions(
  { completions = [], question }: GivenProof,
  events: readonly ProvenEvent[],
  places: LeafIndexes,
  log: Log,
): void {
  const salts = new Set<string>()
  const told = new Set<string>()
  const reports = completions.map(({ leaf, disclosures }, i) => {
    const what = say('the-completion', { number: i + 1 })
    const stated = openCompletion(leaf, disclosures, salts, what)
    const number = places.events.indexOf(stated.leaf)
    const covering = events[number]?.covering
    if (covering === undefined || covering.part !== stated.part) fail(step, 'completion-of-other-event', { what })
    const index = places.completions[i] ?? 0
    if (index <= stated.leaf) fail(step, 'completion-before-event', { what })
    if (stated.reportedAt > question.knownAt) fail(step, 'completion-not-yet-known', { what })
    const name = `${stated.endpoint} ${stated.leaf} ${stated.part}`
    if (told.has(name)) fail(step, 'completion-twice', { what })
    told.add(name)
    return { ...stated, index, event: say('the-event', { number: number + 1 }) }
  })
  for (const { endpoint, completedAt, reportedAt, index, event } of reports.slice(-maxNamed))
    log.ok(step, 'completion-reported', { endpoint: quote(endpoint), completedAt, reportedAt, index, event })
  if (reports.length > maxNamed) log.note(step, 'more-completions', { count: reports.length - maxNamed })
  if (reports.length > 0) log.note(step, 'completions-by-word')
}

function openCompletion(leaf: string, disclosures: readonly string[], salts: Set<string>, what: Said): Completion {
  const { kind, _sd } = parseForm(leafForm, parseJson(leaf, step, what), step, what)
  if (digestLeaf(kind, _sd) !== leaf) fail(step, 'leaf-not-canonical', { what })
  const values = openValues(disclosures, new Set(_sd), salts, what, step)
  if (!values.has(claim)) missing(step, 'claim-withheld', { what, claim })
  return parseForm(statedForm, values.get(claim), step, what)
}
