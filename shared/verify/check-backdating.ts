/**
 * Finds the instant from which each leaf counts as known. It is the time that the leaf states, with two exceptions that signed notes show.
 *
 *   late    A checkpoint made more than the promised delay after the stated time lacks the leaf, or a `time` leaf of an hour that begins
 *           more than 5 minutes after that time stands before it. The leaf is then known from the first checkpoint that has it.
 *   ahead   The stated time is more than 5 minutes after that checkpoint: the clock that stamped the leaf was wrong. The same applies.
 */
import * as z from 'zod'
import { clockToleranceMs, isAhead } from '../consent/clocks.ts'
import { promisedDelaySeconds, timeLeafToleranceMs } from '../consent/promised-delay.ts'
import type { Backdating, Logged } from '../consent/proof-file.ts'
import { checkLeafInclusion } from './check-inclusion.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { isoOf, type SignedCheckpoint, type SignedNotes, timeAndWitnesses } from './signed-checkpoint.ts'
import { count, fail, type Log, missing } from './verification.ts'

export interface TimedLeaf {
  readonly what: string
  readonly index: number
  readonly statedAt: string
  readonly backdated?: Backdating
  readonly postdated?: { readonly has: string }
}

/** Limit on the hours, because each is compared with each leaf. */
const maxHours = 2000

interface TimeLeaf {
  readonly index: number
  readonly startMs: number
  readonly hour: string
}

/** Returns `knownFrom` of the leaves whose time the log contradicts, in the given order. `setBacks` are notes of the file. */
export async function checkBackdating(
  facts: readonly TimedLeaf[],
  setBacks: readonly string[],
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
  log: Log,
): Promise<(string | undefined)[]> {
  const hours = new Map<string, TimeLeaf>()
  const marked: { fact: TimedLeaf; has: SignedCheckpoint; lacks?: SignedCheckpoint; hour?: TimeLeaf }[] = []
  for (const note of setBacks) {
    const { size } = await notes.verify(note, 'backdating', 'a checkpoint after the clock was set back')
    if (size > checkpoint.size) fail('backdating', `the file has a checkpoint of size ${size}, beyond its own`)
  }
  const ahead: { fact: TimedLeaf; has: SignedCheckpoint }[] = []
  for (const fact of facts) {
    if (fact.postdated && fact.backdated) fail('backdating', `${fact.what} cannot be both late and ahead`)
    if (fact.postdated)
      ahead.push({
        fact,
        has: await notes.verify(fact.postdated.has, 'backdating', `the checkpoint that first has ${fact.what}`),
      })
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
  const knownFrom = new Map<TimedLeaf, string>()
  for (const mark of marked) knownFrom.set(mark.fact, checkMark(mark.fact, mark, checkpoint, notes))
  for (const { fact, has } of ahead) knownFrom.set(fact, checkAhead(fact, has, checkpoint, notes))
  for (const fact of facts) {
    if (fact.backdated === undefined) checkUnmarked(fact, notes, [...hours.values()])
    if (fact.postdated === undefined) checkNotAhead(fact, notes)
  }
  checkNeighbours(facts, knownFrom)
  if (facts.length > 0) log.ok('backdating', summary(facts.length, marked.length))
  if (ahead.length > 0) {
    log.note(
      'backdating',
      `${count(ahead.length, 'leaf states', 'leaves state')} a time after the log had ${ahead.length === 1 ? 'it' : 'them'}: the clock that stamped ${ahead.length === 1 ? 'it' : 'them'} was wrong, and the log's time counts.`,
    )
  }
  for (const { size, from, until } of notes.setBacks())
    log.note('backdating', `The log's clock was wrong before size ${size}: it was set back from ${until} to ${from}.`)
  return facts.map((fact) => knownFrom.get(fact))
}

function summary(all: number, marked: number): string {
  return marked === 0
    ? `No signed note in the file shows ${all === 1 ? 'the leaf' : 'any leaf'} to be later than the time that it states.`
    : `${count(marked, 'leaf', 'leaves')} of ${all} came late to the log: known only from the first checkpoint that has ${marked === 1 ? 'it' : 'each'}.`
}

const hourLeaf = z.strictObject({ hour: z.string(), kind: z.literal('time'), v: z.literal(1) })

/** The first instant of the hour of a `time` leaf, in milliseconds; `undefined` for another text. */
export function startOfHour(hour: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d$/.test(hour)) return undefined
  const ms = Date.parse(`${hour}:00:00.000Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(hour) ? ms : undefined
}

function readHour(
  given: Pick<Logged, 'leaf' | 'tlogProof'>,
  checkpoint: SignedCheckpoint,
  hours: Map<string, TimeLeaf>,
  what: string,
): TimeLeaf {
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
  const mark = { index: checkLeafInclusion(given, checkpoint, `the time leaf for ${what}`), startMs, hour }
  if (hours.size === maxHours) missing('backdating', `the file has more than ${maxHours} different time leaves`)
  hours.set(given.tlogProof, mark)
  return mark
}

/** A leaf may be marked as late if any clock of the log shows that it is, even if that clock was wrong: a late leaf counts for less. */
function checkMark(
  { what, index, statedAt }: TimedLeaf,
  { has, lacks, hour }: { has: SignedCheckpoint; lacks?: SignedCheckpoint; hour?: TimeLeaf },
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
): string {
  const stated = Date.parse(statedAt)
  if (lacks === undefined && hour === undefined) fail('backdating', `nothing shows that ${what} came late`)
  if (lacks) {
    if (lacks.size > index) fail('backdating', `the checkpoint of size ${lacks.size} has ${what}, at index ${index}`)
    if (lacks.seconds !== undefined && lacks.seconds * 1000 <= stated + promisedDelaySeconds * 1000)
      fail('backdating', `that the checkpoint made ${timeAndWitnesses(lacks)} lacks ${what} does not make it late`)
  }
  if (hour && (hour.index >= index || hour.startMs <= stated + timeLeafToleranceMs))
    fail('backdating', `the time leaf ${hour.hour} at index ${hour.index} does not make ${what} at index ${index} late`)
  checkFirst(what, index, has, checkpoint, notes)
  const last = lacks && notes.all.find((note) => note.size <= index && note.size > lacks.size)
  if (last)
    fail('backdating', `the file has a newer checkpoint without ${what} than the one named: that of size ${last.size}`)
  if (has.seconds === undefined || (lacks && lacks.seconds === undefined)) {
    return missing(
      'backdating',
      `${what} came late to the log, and from when it was known cannot be checked: give the key of the operator's witness`,
    )
  }
  const knownBy = notes.thereBy(has.size, has.seconds)
  if (lacks?.seconds !== undefined && isAhead(notes.thereBy(lacks.size, lacks.seconds) * 1000, knownBy * 1000))
    fail('backdating', `the checkpoint that first has ${what} is older than the one that lacks it`)
  return isoOf(knownBy)
}

/** Checks that `has` covers the leaf and that no smaller checkpoint in the file does. */
function checkFirst(
  what: string,
  index: number,
  has: SignedCheckpoint,
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
): void {
  if (has.size <= index || has.size > checkpoint.size)
    fail('backdating', `the checkpoint of size ${has.size} is not one that first has ${what}, at index ${index}`)
  const first = notes.all.find((note) => note.size > index && note.size < has.size)
  if (first)
    fail('backdating', `the file has an earlier checkpoint with ${what} than the one named: that of size ${first.size}`)
}

function checkAhead(
  { what, index, statedAt }: TimedLeaf,
  has: SignedCheckpoint,
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
): string {
  checkFirst(what, index, has, checkpoint, notes)
  if (has.seconds === undefined) {
    return missing(
      'backdating',
      `${what} is said to state a time after the log had it, which cannot be checked: give the key of the operator's witness`,
    )
  }
  const knownFrom = isoOf(notes.thereBy(has.size, has.seconds))
  if (!isAhead(Date.parse(statedAt), Date.parse(knownFrom)))
    fail('backdating', `that the log had ${what} at ${knownFrom} does not contradict ${statedAt}, which it states`)
  return knownFrom
}

/** The first instant of an hour. If a later checkpoint states an earlier time, the hour's leaf existed by that time. */
function beganBy({ index, startMs }: TimeLeaf, notes: SignedNotes): number {
  return notes.thereBy(index, startMs / 1000) * 1000
}

/**
 * The order of the leaves is evidence too: a leaf that states 14:40 comes after the `time` leaf of 14 o'clock, within the tolerance for
 * clocks, and so does every later leaf.
 */
function checkNeighbours(facts: readonly TimedLeaf[], knownFrom: ReadonlyMap<TimedLeaf, string>): void {
  let hourMs = Number.NEGATIVE_INFINITY
  let later = ''
  for (const fact of facts.toSorted((a, b) => a.index - b.index)) {
    const { what, index, statedAt, backdated } = fact
    const stated = Date.parse((fact.postdated && knownFrom.get(fact)) ?? statedAt)
    if (backdated === undefined && hourMs > stated + timeLeafToleranceMs) {
      fail(
        'backdating',
        `${what} states ${statedAt}, but stands at ${index}, after ${later}, which states a later hour: it is backdated, and not marked so`,
      )
    }
    const hour = Math.floor((stated - timeLeafToleranceMs) / 3_600_000) * 3_600_000
    if (hour > hourMs) {
      hourMs = hour
      later = what
    }
  }
}

function checkUnmarked({ what, index, statedAt }: TimedLeaf, notes: SignedNotes, hours: readonly TimeLeaf[]): void {
  const stated = Date.parse(statedAt)
  const lacking = notes.all.find(
    ({ size, seconds }) =>
      size <= index &&
      seconds !== undefined &&
      notes.thereBy(size, seconds) * 1000 > stated + promisedDelaySeconds * 1000,
  )
  if (lacking) {
    fail(
      'backdating',
      `${what} states ${statedAt}, but the checkpoint made ${timeAndWitnesses(lacking)} does not have it: it is backdated, and not marked so`,
    )
  }
  const hour = hours.find((mark) => mark.index < index && beganBy(mark, notes) > stated + timeLeafToleranceMs)
  if (hour) {
    fail(
      'backdating',
      `${what} states ${statedAt}, but stands after the time leaf ${hour.hour}: it is backdated, and not marked so`,
    )
  }
}

function checkNotAhead({ what, index, statedAt }: TimedLeaf, notes: SignedNotes): void {
  const stated = Date.parse(statedAt)
  const earlier = notes.all.find(
    ({ size, seconds }) => size > index && seconds !== undefined && seconds * 1000 + clockToleranceMs < stated,
  )
  if (earlier) {
    fail(
      'backdating',
      `${what} states ${statedAt}, after the checkpoint made ${timeAndWitnesses(earlier)} that has it: it is postdated, and not marked so`,
    )
  }
}
