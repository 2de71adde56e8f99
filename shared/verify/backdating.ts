/**
 * From when each leaf counts as known: DESIGN section 5, "Time". From the time that it states, unless signed notes show that it
 * came later: a checkpoint made more than the promised delay after that time lacks it, or a `time` leaf of an hour that begins more than 5
 * minutes after that time stands before it. Then it is known from the first checkpoint that has it.
 */

import * as z from 'zod'
import { type Backdating, type Logged, promisedDelaySeconds } from '../consent/proof-file.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { checkPlace } from './inclusion.ts'
import { isoOf, type SignedCheckpoint, type SignedNotes, whenAndBy } from './notes.ts'
import { count, fail, type Log, missing } from './verification.ts'

export const timeLeafToleranceMs = 5 * 60_000
/** How far the clock that stamps a record may be ahead of the one that stamps checkpoints. */
const clockToleranceMs = 5 * 60_000

export interface LoggedFact {
  readonly what: string
  readonly index: number
  readonly statedAt: string
  readonly backdated?: Backdating
}

/** Each is held against each leaf. */
const maxHours = 2000

interface HourMark {
  readonly index: number
  readonly startMs: number
  readonly hour: string
}

/** `knownFrom` of those that are backdated, in the order given. */
export async function checkBackdating(
  facts: readonly LoggedFact[],
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
  log: Log,
): Promise<(string | undefined)[]> {
  const hours = new Map<string, HourMark>()
  const marked: { fact: LoggedFact; has: SignedCheckpoint; lacks?: SignedCheckpoint; hour?: HourMark }[] = []
  for (const fact of facts) {
    if (fact.backdated === undefined) continue
    const { has, lacks, time } = fact.backdated
    marked.push({
      fact,
      has: await notes.verify(has, 'backdating', `the checkpoint that first has ${fact.what}`),
      ...(lacks !== undefined && {
        lacks: await notes.verify(lacks, 'backdating', `the checkpoint that lacks ${fact.what}`),
      }),
      ...(time && { hour: readHour(time, checkpoint, hours, fact.what) }),
    })
  }
  const knownFrom = new Map<LoggedFact, string>()
  for (const mark of marked) knownFrom.set(mark.fact, checkMark(mark.fact, mark, checkpoint, notes))
  for (const fact of facts) {
    if (fact.backdated === undefined) checkUnmarked(fact, notes, [...hours.values()])
    checkNotAhead(fact, notes)
  }
  checkNeighbours(facts)
  if (facts.length > 0) log.ok('backdating', summary(facts.length, marked.length))
  return facts.map((fact) => knownFrom.get(fact))
}

function summary(all: number, marked: number): string {
  return marked === 0
    ? `No signed note in the file shows ${all === 1 ? 'the leaf' : 'any leaf'} to be later than the time that it states.`
    : `${count(marked, 'leaf')} of ${all} came late to the log: known only from the first checkpoint that has ${marked === 1 ? 'it' : 'each'}.`
}

const hourLeaf = z.strictObject({ hour: z.string(), kind: z.literal('time'), v: z.literal(1) })

/** The first instant of the hour of a `time` leaf; `undefined` for what is no hour. */
export function startOfHour(hour: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d$/.test(hour)) return undefined
  const ms = Date.parse(`${hour}:00:00.000Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(hour) ? ms : undefined
}

function readHour(
  given: Pick<Logged, 'leaf' | 'tlogProof'>,
  checkpoint: SignedCheckpoint,
  hours: Map<string, HourMark>,
  what: string,
): HourMark {
  const known = hours.get(given.tlogProof)
  const { hour } = parseForm(
    hourLeaf,
    parseJson(given.leaf, 'backdating', what),
    'backdating',
    `the time leaf for ${what}`,
  )
  const startMs = startOfHour(hour)
  if (startMs === undefined || JSON.stringify({ hour, kind: 'time', v: 1 }) !== given.leaf)
    return fail('backdating', `the time leaf for ${what} is not of the form that time leaves have`)
  if (known?.hour === hour) return known
  const mark = { index: checkPlace(given, checkpoint, `the time leaf for ${what}`), startMs, hour }
  if (hours.size === maxHours) missing('backdating', `the file has more than ${maxHours} different time leaves`)
  hours.set(given.tlogProof, mark)
  return mark
}

function checkMark(
  { what, index, statedAt }: LoggedFact,
  { has, lacks, hour }: { has: SignedCheckpoint; lacks?: SignedCheckpoint; hour?: HourMark },
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
): string {
  const stated = Date.parse(statedAt)
  if (has.size <= index || has.size > checkpoint.size)
    fail('backdating', `the checkpoint of size ${has.size} is not one that first has ${what}, at index ${index}`)
  if (lacks === undefined && hour === undefined) fail('backdating', `nothing shows that ${what} came late`)
  if (lacks) {
    if (lacks.size > index) fail('backdating', `the checkpoint of size ${lacks.size} has ${what}, at index ${index}`)
    if (lacks.seconds !== undefined && lacks.seconds * 1000 <= stated + promisedDelaySeconds * 1000)
      fail('backdating', `that the checkpoint made ${whenAndBy(lacks)} lacks ${what} does not make it late`)
  }
  if (hour && (hour.index >= index || hour.startMs <= stated + timeLeafToleranceMs))
    fail('backdating', `the time leaf ${hour.hour} at index ${hour.index} does not make ${what} at index ${index} late`)
  const first = notes.all.find((note) => note.size > index && note.size < has.size)
  if (first)
    fail('backdating', `the file has an earlier checkpoint with ${what} than the one named: that of size ${first.size}`)
  const last = lacks && notes.all.find((note) => note.size <= index && note.size > lacks.size)
  if (last)
    fail('backdating', `the file has a newer checkpoint without ${what} than the one named: that of size ${last.size}`)
  if (has.seconds === undefined || (lacks && lacks.seconds === undefined)) {
    return missing(
      'backdating',
      `${what} came late to the log, and from when it was known cannot be checked: give the key of the operator's witness`,
    )
  }
  const knownFrom = isoOf(has.seconds)
  if (lacks?.seconds !== undefined && lacks.seconds > has.seconds)
    fail('backdating', `the checkpoint that first has ${what} is older than the one that lacks it`)
  return knownFrom
}

/**
 * The leaves themselves tell, too: one that states 14:40 stands behind the `time` leaf of 14 o'clock, give or take what clocks differ,
 * and so does every leaf behind it.
 */
function checkNeighbours(facts: readonly LoggedFact[]): void {
  let hourMs = Number.NEGATIVE_INFINITY
  let teller = ''
  for (const { what, index, statedAt, backdated } of facts.toSorted((a, b) => a.index - b.index)) {
    const stated = Date.parse(statedAt)
    if (backdated === undefined && hourMs > stated + timeLeafToleranceMs) {
      fail(
        'backdating',
        `${what} states ${statedAt}, but stands at ${index}, after ${teller}, which states a later hour: it is backdated, and not marked so`,
      )
    }
    const hour = Math.floor((stated - timeLeafToleranceMs) / 3_600_000) * 3_600_000
    if (hour > hourMs) {
      hourMs = hour
      teller = what
    }
  }
}

function checkUnmarked({ what, index, statedAt }: LoggedFact, notes: SignedNotes, hours: readonly HourMark[]): void {
  const stated = Date.parse(statedAt)
  const lacking = notes.all.find(
    ({ size, seconds }) =>
      size <= index && seconds !== undefined && seconds * 1000 > stated + promisedDelaySeconds * 1000,
  )
  if (lacking) {
    fail(
      'backdating',
      `${what} states ${statedAt}, but the checkpoint made ${whenAndBy(lacking)} does not have it: it is backdated, and not marked so`,
    )
  }
  const hour = hours.find((mark) => mark.index < index && mark.startMs > stated + timeLeafToleranceMs)
  if (hour) {
    fail(
      'backdating',
      `${what} states ${statedAt}, but stands after the time leaf ${hour.hour}: it is backdated, and not marked so`,
    )
  }
}

function checkNotAhead({ what, index, statedAt }: LoggedFact, notes: SignedNotes): void {
  const stated = Date.parse(statedAt)
  const earlier = notes.all.find(
    ({ size, seconds }) => size > index && seconds !== undefined && seconds * 1000 + clockToleranceMs < stated,
  )
  if (earlier)
    fail('backdating', `${what} states ${statedAt}, after the checkpoint made ${whenAndBy(earlier)} that has it`)
}
