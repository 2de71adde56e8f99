/**
 * Makes messages from the log (`message-source.ts`): walks it, opens events with the keys that still exist, and signs for the endpoint. It
 * reads and never writes, and it reaches no other machine.
 */
import type { Redelivery } from '../../consent/endpoint.ts'
import type { AnnouncedEnd } from '../../consent/expiry.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { lastBatch } from '../log/batches.ts'
import { batchEnd, numberSk } from '../log/log-items.ts'
import { walkLog } from '../log-events/walk-log.ts'
import type { LogWalker, WalkedLeaf } from '../log-events/walked-leaf.ts'
import type { Table } from '../store.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import type { DeliveryPlace } from './delivery-id.ts'
import { outcomeKey, outcomePk, readOutcome } from './delivery-state.ts'
import { findEndpoint, findRedelivery, newestEndpoints } from './endpoint-entries.ts'
import { expiryMessages } from './expiry-messages.ts'
import { type MessageContent, messagesOf } from './leaf-messages.ts'
import { type MessageSource, type MessagesAnswer, type MessagesRequest, messagesAtOnce } from './message-source.ts'
import { type Addressed, isAskedAhead, isWanted, readyMessage, testMessage } from './sign-messages.ts'

export interface MessageMaker extends Omit<LogWalker, 'entries'>, Pick<Ledger, 'clock' | 'controllers'> {
  readonly entries: Pick<Table, 'get' | 'query'>
  /** Public address of the ledger, without a trailing slash. */
  readonly baseUrl: () => string
}

/** Leaves read for one answer, so that an endpoint that wants few of them costs a bounded time as well. */
const leavesAtOnce = 500
/** The vault's index is late by a second; an event that leads to no keys for longer is passed over. */
const settledMs = 60_000

interface Making extends Addressed {
  readonly maker: MessageMaker
  readonly snapshot: ControllerSnapshot
  readonly size: number
}

export function messageSource(maker: MessageMaker): MessageSource {
  return {
    async endpoints(controller) {
      const snapshot = await snapshotOf(maker, controller)
      return (await newestEndpoints(maker.entries, vaultScope(snapshot))).map(
        ({ settings: { endpoint, change, state } }) => ({ endpoint, change, isEnabled: state === 'enabled' }),
      )
    },
    async messages({ controller, endpoint, work }) {
      const snapshot = await snapshotOf(maker, controller)
      const stored = await findEndpoint(maker.entries, vaultScope(snapshot), endpoint)
      if (stored === undefined) throw new LedgerError('not-found', 'the controller has no such endpoint')
      const last = await lastBatch(maker.log, controller)
      const size = last ? batchEnd(last) : 0
      const nowMs = maker.clock()
      const making = { maker, snapshot, controller, stored, size, nowMs, baseUrl: maker.baseUrl() }
      const { change, state, url } = stored.settings
      const about = { change, url, isEnabled: state === 'enabled', closed: [] }
      return about.isEnabled ? { ...about, ...(await made(making, work)) } : { ...about, ...nothing(size) }
    },
  }
}

type Made = Pick<MessagesAnswer, 'messages' | 'next' | 'isEnd'> & Partial<Pick<MessagesAnswer, 'closed'>>
const nothing = (next: number): Made => ({ messages: [], next, isEnd: true })

async function snapshotOf({ controllers }: MessageMaker, controller: string): Promise<ControllerSnapshot> {
  const snapshot = (await controllers.recent(controller)) ?? (await controllers.current(controller))
  if (snapshot === undefined) throw new LedgerError('not-found', 'no such controller', { given: controller })
  return snapshot
}

function made(making: Making, work: MessagesRequest['work']): Promise<Made> {
  if (work.kind === 'again') return madeAgain(making, work.places)
  return work.kind === 'new' ? madeNew(making, work.from, work.sequence) : redelivered(making, work.number, work.from)
}

async function madeNew(making: Making, from: number, sequence: number): Promise<Made> {
  const first = Math.max(from, making.stored.settings.from)
  const page = await wantedFrom(making, first, making.size)
  const messages = page.wanted.map(({ leaf, content }, i) => readyMessage(making, leaf, content, sequence + i))
  return { messages, next: page.next, isEnd: page.next >= making.size }
}

interface Wanted {
  readonly leaf: number
  readonly content: MessageContent
}

/** Messages that the endpoint wants, of whole leaves. It ends before an event whose keys may be found in a moment. */
async function wantedFrom(making: Making, from: number, to: number): Promise<{ wanted: Wanted[]; next: number }> {
  const wanted: Wanted[] = []
  const end = Math.min(to, from + leavesAtOnce)
  let next = from
  for await (const leaf of leavesOf(making, from, end)) {
    if (leaf.event?.state === 'unreachable' && isRecent(making, leaf)) break
    wanted.push(...(await wantedOf(making, leaf)))
    next = leaf.index + 1
    if (wanted.length >= messagesAtOnce) break
  }
  return { wanted, next }
}

async function wantedOf(making: Making, leaf: WalkedLeaf): Promise<Wanted[]> {
  const { stored } = making
  const contents = await contentsOf(making, leaf, ({ days }) => isAskedAhead(stored, days))
  return contents.filter((content) => isWanted(stored, content)).map((content) => ({ leaf: leaf.index, content }))
}

/** @param isAsked of a notice of ends, which of them */
async function contentsOf(
  { maker, snapshot }: Making,
  leaf: WalkedLeaf,
  isAsked: (end: AnnouncedEnd, part: number) => boolean,
): Promise<readonly MessageContent[]> {
  return leaf.kind === 'expiry' ? expiryMessages(maker, snapshot, leaf, isAsked) : messagesOf(leaf, snapshot)
}

const leavesOf = ({ maker, snapshot }: Making, from: number, to: number) =>
  walkLog(maker, vaultScope(snapshot), { from, to })

const isRecent = ({ nowMs }: Making, { loggedAt }: WalkedLeaf) => nowMs - Date.parse(loggedAt) < settledMs

/** Those that were made before, whatever the endpoint asks for by now: it was promised them. */
async function madeAgain(
  making: Making,
  places: readonly (DeliveryPlace & { readonly sequence?: number | undefined })[],
): Promise<Made> {
  const leaves = new Map<number, WalkedLeaf>()
  const asked = [...new Set(places.map(({ leaf }) => leaf))].filter((leaf) => leaf < making.size)
  for (const index of asked) for await (const leaf of leavesOf(making, index, index + 1)) leaves.set(index, leaf)
  const contents = new Map<number, readonly MessageContent[]>()
  for (const [index, leaf] of leaves) {
    const parts = new Set(places.filter((place) => place.leaf === index).map(({ part }) => part))
    contents.set(index, await contentsOf(making, leaf, (_, part) => parts.has(part)))
  }
  const found = places.map((place) => {
    const leaf = leaves.get(place.leaf)
    const content = contents.get(place.leaf)?.find(({ part }) => part === place.part)
    const message = content && readyMessage(making, place.leaf, content, place.sequence)
    const isLate = leaf?.event?.state === 'unreachable' && isRecent(making, leaf)
    return { place, message, isClosed: message === undefined && !isLate }
  })
  return {
    messages: found.flatMap(({ message }) => message ?? []),
    closed: found.filter(({ isClosed }) => isClosed).map(({ place: { leaf, part } }) => ({ leaf, part })),
    ...{ next: making.size, isEnd: true },
  }
}

async function redelivered(making: Making, number: number, from: number): Promise<Made> {
  const { maker, snapshot, stored, size } = making
  const asked = await findRedelivery(maker.entries, vaultScope(snapshot), stored.settings.endpoint, number)
  if (asked === undefined) return nothing(size)
  if (asked.kind === 'test') return { ...nothing(0), messages: [testMessage(making, number, asked.askedAt)] }
  if (asked.kind === 'one') return again(making, [{ leaf: asked.from, part: asked.part ?? 0 }], size, true)
  return asked.kind === 'dead' ? deadAgain(making, asked, from) : rangeAgain(making, asked, from)
}

async function rangeAgain(making: Making, { from: first, to }: Redelivery, from: number): Promise<Made> {
  const end = Math.min(making.size, to + 1)
  const start = Math.max(first, from)
  if (start >= end) return nothing(end)
  const { wanted, next } = await wantedFrom(making, start, end)
  const places = wanted.map(({ leaf, content: { part } }) => ({ leaf, part }))
  // Where a message of the range is seconds old, the rest of the range is too: it is on its way anyway.
  return again(making, places, next, next >= end || next === start)
}

const outcomesAtOnce = 100

/** Those of the range that were given up and not delivered since. */
async function deadAgain(making: Making, { from: first, to }: Redelivery, from: number): Promise<Made> {
  const { maker, controller, stored } = making
  const pk = outcomePk(controller, stored.settings.endpoint)
  const start = Math.max(first, from)
  const after = start === 0 ? {} : { after: `${numberSk(start - 1)}~` }
  const page = await maker.entries.query(pk, { ...after, limit: outcomesAtOnce })
  const read = page.items.flatMap((item) => readOutcome(item) ?? []).filter(({ leaf }) => leaf <= to)
  const lastLeaf = read.at(-1)?.leaf
  const hasMore = page.next !== undefined && lastLeaf !== undefined && read.length === page.items.length
  // The last leaf's outcomes may go on in the next page.
  const whole = hasMore && read[0]?.leaf !== lastLeaf ? read.filter(({ leaf }) => leaf !== lastLeaf) : read
  const latest = new Map(whole.map((each) => [`${each.leaf} ${each.part}`, each]))
  const dead = [...latest.values()].filter(({ outcome }) => outcome === 'dead')
  return again(making, dead, (whole.at(-1)?.leaf ?? start) + 1, !hasMore)
}

/** With the sequence numbers that they had. */
async function again(making: Making, places: readonly DeliveryPlace[], next: number, isEnd: boolean): Promise<Made> {
  const { maker, controller, stored } = making
  const keys = places.map((place) => outcomeKey(controller, stored.settings.endpoint, place, 0))
  const outcomes = keys.length === 0 ? [] : await maker.entries.get(keys)
  const numbered = places.map((place, i) => ({ ...place, sequence: outcomes[i] && readOutcome(outcomes[i])?.sequence }))
  return { messages: (await madeAgain(making, numbered)).messages, next, isEnd }
}
