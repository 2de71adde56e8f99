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
import { type Said, say } from './say.ts'
import { isoOf, type SignedCheckpoint, type SignedNotes, timeAndWitnesses } from './signed-checkpoint.ts'
import { fail, type Log, missing } from './verification.ts'

export interface TimedLeaf {
  readonly what: Said
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
    const { size } = await notes.verifyOther(note, 'backdating', say('checkpoint-after-set-back'))
    if (size > checkpoint.size) fail('backdating', 'checkpoint-beyond', { size })
  }
  const ahead: { fact: TimedLeaf; has: SignedCheckpoint }[] = []
  for (const fact of facts) {
    if (fact.postdated && fact.backdated) fail('backdating', 'late-and-ahead', { what: fact.what })
    if (fact.postdated)
      ahead.push({
        fact,
        has: await notes.verifyOther(fact.postdated.has, 'backdating', say('checkpoint-that-has', { what: fact.what })),
      })
    if (fact.backdated === undefined) continue
    const { has, lacks, time } = fact.backdated
    marked.push({
      fact,
      has: await notes.verifyOther(has, 'backdating', say('checkpoint-that-has', { what: fact.what })),
      ...(lacks !== undefined && {
        lacks: await notes.verifyOther(lacks, 'backdating', say('checkpoint-that-lacks', { what: fact.what })),
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
  if (facts.length > 0) {
    if (marked.length === 0) log.ok('backdating', 'none-late', { count: facts.length })
    else log.ok('backdating', 'some-late', { count: marked.length, all: facts.length })
  }
  if (ahead.length > 0) {
    log.note('backdating', 'clock-was-ahead', { count: ahead.length })
  }
  for (const { size, from, until } of notes.setBacks()) log.note('backdating', 'clock-set-back', { size, until, from })
  return facts.map((fact) => knownFrom.get(fact))
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
  what: Said,
): TimeLeaf {
  const known = hours.get(given.tlogProof)
  const { hour } = parseForm(
    hourLeaf,
    parseJson(given.leaf, 'backdating', what),
    'backdating',
    say('time-leaf-for', { what }),
  )
  const startMs = startOfHour(hour)
  if (startMs === undefined || JSON.stringify({ hour, kind: 'time', v: 1 }) !== given.leaf)
    return fail('backdating', 'time-leaf-malformed', { what })
  if (known?.hour === hour) return known
  const mark = { index: checkLeafInclusion(given, checkpoint, say('time-leaf-for', { what })), startMs, hour }
  if (hours.size === maxHours) missing('backdating', 'too-many-time-leaves', { maxHours })
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
  if (lacks === undefined && hour === undefined) fail('backdating', 'lateness-unshown', { what })
  if (lacks) {
    if (lacks.size > index) fail('backdating', 'checkpoint-has-leaf', { size: lacks.size, what, index })
    if (lacks.seconds !== undefined && lacks.seconds * 1000 <= stated + promisedDelaySeconds * 1000)
      fail('backdating', 'checkpoint-not-late', { made: timeAndWitnesses(lacks), what })
  }
  if (hour && (hour.index >= index || hour.startMs <= stated + timeLeafToleranceMs))
    fail('backdating', 'time-leaf-not-late', { hour: hour.hour, hourIndex: hour.index, what, index })
  checkFirst(what, index, has, checkpoint, notes)
  const last = lacks && notes.all.find((note) => note.size <= index && note.size > lacks.size)
  if (last) fail('backdating', 'newer-checkpoint-without', { what, size: last.size })
  if (has.seconds === undefined || (lacks && lacks.seconds === undefined)) {
    return missing('backdating', 'late-time-unknown', { what })
  }
  const knownBy = notes.thereBy(has.size, has.seconds)
  if (lacks?.seconds !== undefined && isAhead(notes.thereBy(lacks.size, lacks.seconds) * 1000, knownBy * 1000))
    fail('backdating', 'first-older-than-lacking', { what })
  return isoOf(knownBy)
}

/** Checks that `has` covers the leaf and that no smaller checkpoint in the file does. */
function checkFirst(
  what: Said,
  index: number,
  has: SignedCheckpoint,
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
): void {
  if (has.size <= index || has.size > checkpoint.size)
    fail('backdating', 'not-first-checkpoint', { size: has.size, what, index })
  const first = notes.all.find((note) => note.size > index && note.size < has.size)
  if (first) fail('backdating', 'earlier-checkpoint-with', { what, size: first.size })
}

function checkAhead(
  { what, index, statedAt }: TimedLeaf,
  has: SignedCheckpoint,
  checkpoint: SignedCheckpoint,
  notes: SignedNotes,
): string {
  checkFirst(what, index, has, checkpoint, notes)
  if (has.seconds === undefined) {
    return missing('backdating', 'ahead-unverifiable', { what })
  }
  const knownFrom = isoOf(notes.thereBy(has.size, has.seconds))
  if (!isAhead(Date.parse(statedAt), Date.parse(knownFrom)))
    fail('backdating', 'ahead-not-shown', { what, knownFrom, statedAt })
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
  let later: Said | undefined
  for (const fact of facts.toSorted((a, b) => a.index - b.index)) {
    const { what, index, statedAt, backdated } = fact
    const stated = Date.parse((fact.postdated && knownFrom.get(fact)) ?? statedAt)
    if (backdated === undefined && later !== undefined && hourMs > stated + timeLeafToleranceMs) {
      fail('backdating', 'backdated-by-order', { what, statedAt, index, later })
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
    fail('backdating', 'backdated-by-checkpoint', { what, statedAt, made: timeAndWitnesses(lacking) })
  }
  const hour = hours.find((mark) => mark.index < index && beganBy(mark, notes) > stated + timeLeafToleranceMs)
  if (hour) {
    fail('backdating', 'backdated-by-time-leaf', { what, statedAt, hour: hour.hour })
  }
}

function checkNotAhead({ what, index, statedAt }: TimedLeaf, notes: SignedNotes): void {
  const stated = Date.parse(statedAt)
  const earlier = notes.all.find(
    ({ size, seconds }) => size > index && seconds !== undefined && seconds * 1000 + clockToleranceMs < stated,
  )
  if (earlier) {
    fail('backdating', 'postdated', { what, statedAt, made: timeAndWitnesses(earlier) })
  }
}
