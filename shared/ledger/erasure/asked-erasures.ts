/** Records and lists what people ask to have erased, and the controller's answers (`asked-erasure-entries.ts`). */
import { endOfDuration } from '../../consent/duration.ts'
import { LedgerError } from '../../errors.ts'
import type { Holder } from '../holder-entry.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { numberSk } from '../log/log-items.ts'
import { type Item, insertOne, queryAll, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import {
  answerItem,
  askedKey,
  askedPk,
  askerOf,
  askItem,
  type ErasureAnswer,
  isAnswer,
  numberIn,
  openAnswer,
  openAsk,
  parseRequestId,
  type Refusal,
  type RefusalGround,
  requestIdOf,
} from './asked-erasure-entries.ts'
import { erasureKey, isErasure } from './erasure-entry.ts'
import { requestItem } from './waiting-erasures.ts'

/** A request of a person, with its answer as far as entries tell. */
export interface AskedErasure {
  readonly requestId: string
  readonly requestedAt: string
  /** By when the controller has to answer. */
  readonly answerBy: string
  readonly state: 'open' | 'granted' | 'refused' | 'done'
  readonly refusal?: Refusal
}

const month = { months: 1, days: 0, milliseconds: 0 }

/** Most requests of one person that are read. A refused one can be repeated once a day. */
const maxAsked = 1000
const askAgainMs = 86_400_000

/**
 * The requests of a subject, oldest first. One that cannot be read counts from the hour in its item, and one whose answer cannot be read is open, so
 * that the controller looks at it.
 */
export async function askedErasuresOf(
  entries: Pick<Table, 'get' | 'query'>,
  scope: VaultScope,
  sub: string,
): Promise<AskedErasure[]> {
  const items: Item[] = []
  for await (const item of queryAll(entries, askedPk(scope.controller), { prefix: `${sub}#` })) {
    items.push(item)
    if (items.length >= 2 * maxAsked) break
  }
  return statesOf(entries, scope, items)
}

/** @param items whole pairs, in the order of their keys */
async function statesOf(
  entries: Pick<Table, 'get'>,
  scope: VaultScope,
  items: readonly Item[],
): Promise<AskedErasure[]> {
  const asks = items.filter((item) => !isAnswer(item))
  const { controller } = scope
  const erased = await entries.get(asks.map((item) => erasureKey(controller, askerOf(item))))
  const answers = new Map(items.filter(isAnswer).map((item) => [item.sk, item]))
  return asks.map((item, i) => {
    const [sub, number, erasure] = [askerOf(item), numberIn(item), erased[i]]
    const answer = answers.get(askedKey(controller, sub, number + 1).sk)
    const requestedAt = opened(() => openAsk(scope, item))?.requestedAt ?? `${item.values.hour}:00:00.000Z`
    const stated = answer && opened(() => openAnswer(scope, answer))
    const refused = stated && 'ground' in stated ? stated : undefined
    const isDone = erasure !== undefined && isErasure(scope, erasure)
    return {
      requestId: requestIdOf(sub, number),
      requestedAt,
      answerBy: endOfDuration(requestedAt, month) ?? requestedAt,
      state: isDone ? 'done' : refused ? 'refused' : stated ? 'granted' : 'open',
      ...(refused && { refusal: refused }),
    }
  })
}

function opened<T>(open: () => T): T | undefined {
  try {
    return open()
  } catch {
    return undefined
  }
}

type Writer = Pick<Ledger, 'entries' | 'clock' | 'random'>

/**
 * Records a request, unless one is open or granted.
 *
 * @returns all requests of the subject, and whether one was added
 * @throws `rate-limited` within a day after a request that was refused
 */
export async function askErasure(
  { entries, clock, random }: Writer,
  scope: VaultScope,
  sub: string,
): Promise<{ readonly asked: readonly AskedErasure[]; readonly isNew: boolean }> {
  for (let tried = 0; tried < 3; tried++) {
    const asked = await askedErasuresOf(entries, scope, sub)
    const last = asked.at(-1)
    if (last !== undefined && last.state !== 'refused') return { asked, isNew: false }
    const now = timestamp(clock)
    const waitMs = last === undefined ? 0 : Date.parse(last.requestedAt) + askAgainMs - Date.parse(now)
    if (waitMs > 0)
      throw new LedgerError('rate-limited', 'a request that was refused can be repeated a day after it was made', {
        retryAfterSeconds: Math.ceil(waitMs / 1000),
      })
    const number = last === undefined ? 0 : parseRequestId(last.requestId).number + 2
    if (await insertOne(entries, askItem(scope, sub, number, now, random)))
      return { asked: await askedErasuresOf(entries, scope, sub), isNew: true }
  }
  throw new LedgerError('unavailable', 'another request is being recorded; send yours again')
}

/** Refuses a request. The same ground again changes nothing. @throws `not-found`; `already-exists` when it was answered otherwise */
export async function refuseErasure(
  writer: Writer,
  scope: VaultScope,
  requestId: string,
  ground: RefusalGround,
  actor: Holder,
): Promise<AskedErasure> {
  const now = await answer(writer, scope, requestId, { ground, refusedAt: timestamp(writer.clock) }, actor)
  if (now.refusal?.ground === ground) return now
  throw answeredOtherwise(now)
}

/** Grants a request: retention carries it out. Again it changes nothing. @throws `not-found`; `already-exists` when it was refused */
export async function grantErasure(
  writer: Writer,
  scope: VaultScope,
  requestId: string,
  actor: Holder,
): Promise<AskedErasure> {
  const grantedAt = timestamp(writer.clock)
  const now = await answer(writer, scope, requestId, { grantedAt }, actor)
  if (now.state === 'done') return now
  if (now.state !== 'granted') throw answeredOtherwise(now)
  const reason = { ground: 'data-subject-request', scope: 'subject' } as const
  const { sub } = parseRequestId(requestId)
  await insertOne(writer.entries, requestItem(scope, sub, reason, actor, grantedAt, writer.random))
  return now
}

/** Records the answer, unless there is one. Returns the request with the answer that it has now. */
async function answer(
  { entries, random }: Writer,
  scope: VaultScope,
  requestId: string,
  stated: ErasureAnswer,
  actor: Holder,
): Promise<AskedErasure> {
  const before = await askedErasure(entries, scope, requestId)
  if (before.state !== 'open') return before
  const { sub, number } = parseRequestId(requestId)
  await insertOne(entries, answerItem(scope, sub, number + 1, stated, actor, random))
  return askedErasure(entries, scope, requestId)
}

async function askedErasure(
  entries: Pick<Table, 'get' | 'query'>,
  scope: VaultScope,
  requestId: string,
): Promise<AskedErasure> {
  const { sub } = parseRequestId(requestId)
  const found = (await askedErasuresOf(entries, scope, sub)).find((each) => each.requestId === requestId)
  if (found === undefined)
    throw new LedgerError('not-found', 'no such request', { field: '/requestId', given: requestId })
  return found
}

function answeredOtherwise({ state }: AskedErasure): LedgerError {
  return new LedgerError('already-exists', 'the request was answered otherwise', {
    field: '/requestId',
    members: { state },
  })
}

export interface AskedErasurePage {
  readonly requests: readonly AskedErasure[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

/** A page of the requests of all people, by their pseudonyms. */
export async function listAskedErasures(
  entries: Pick<Table, 'get' | 'query'>,
  scope: VaultScope,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<AskedErasurePage> {
  const from = after === undefined ? undefined : parseRequestId(after)
  const page = await entries.query(askedPk(scope.controller), {
    limit: 2 * limit,
    ...(from && { after: `${from.sub}#${numberSk(from.number + 1)}` }),
  })
  // A page ends with a whole subject, so that no request is parted from its answer.
  const subs = [...new Set(page.items.map(askerOf))]
  const last = subs.at(-1)
  const isCut = page.next !== undefined && last !== undefined
  const whole = isCut && subs.length > 1 ? page.items.filter((item) => askerOf(item) !== last) : page.items
  const requests = await statesOf(entries, scope, whole)
  const next = isCut ? requests.at(-1)?.requestId : undefined
  return { requests, ...(next !== undefined && { next }) }
}

/** Pseudonyms of the subjects whose latest request is not answered: retention destroys none of their keys. */
export async function subjectsWaitingForAnswer(
  entries: Pick<Table, 'query'>,
  controller: string,
): Promise<ReadonlySet<string>> {
  const open = new Set<string>()
  for await (const item of queryAll(entries, askedPk(controller))) {
    if (isAnswer(item)) open.delete(askerOf(item))
    else open.add(askerOf(item))
  }
  return open
}
