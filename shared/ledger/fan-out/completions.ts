/**
 * Reports of receivers that they have acted on a message.
 *
 *   report   PK `<controller>#completion#<sub>`     SK `<leaf, 16 digits>#<part, 4 digits>#<endpoint>`     leaf of kind `completion`
 *   mark     see `awaited-completions.ts`
 *
 * A report is sealed for the controller (`controller-entry.ts`), in a partition of the person's, and `-` where the message was about nobody. It states no purpose and no
 * decision, so what is left of it after an erasure is that a pseudonym's message was acted on. A place takes one report from each endpoint: the first one
 * stays. The report is inserted before its mark; a crash in between leaves a report that counts as late until the same request comes again.
 */
import { type Completion, isCompletion } from '../../consent/completion.ts'
import { LedgerError } from '../../errors.ts'
import { claimsInEntry, controllerEntry, disclosuresIn } from '../controller-entry.ts'
import { isExpiryKey } from '../expiry/expiry-items.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { batchesFrom } from '../log/batches.ts'
import { erasedPk, numberSk } from '../log/log-items.ts'
import { type Item, insertOne, type Key, queryAll, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { completedKey } from './awaited-completions.ts'
import type { DeliveryName } from './delivery-id.ts'
import { newestState, outcomePk } from './delivery-state.ts'
import { endsIn } from './expiry-messages.ts'

type Reporting = Pick<Ledger, 'entries' | 'log' | 'clock' | 'random'>

const nobody = '-'
/** Most that are read of one person: those of the newest leaves. */
const maxCompletions = 1_000

const completionPk = (controller: string, sub: string): string => `${controller}#completion#${sub}`

export const completionKey = (controller: string, sub: string, place: Omit<DeliveryName, 'controller'>): Key => ({
  pk: completionPk(controller, sub),
  sk: completionSk(place),
})

/**
 * Records a report, or returns the one that the endpoint made before.
 *
 * @throws `not-found` when the endpoint was sent no such message
 */
export async function recordCompletion(
  { entries, log, clock, random }: Reporting,
  scope: VaultScope,
  place: DeliveryName,
  stated: Pick<Completion, 'evidence'> & { readonly completedAt?: string | undefined },
): Promise<{ readonly record: Completion; readonly created: boolean }> {
  const { controller, endpoint, leaf, part } = place
  if (!(await wasSent(entries, place)))
    throw new LedgerError('not-found', 'this endpoint was sent no such message', { field: 'deliveryId' })
  const entry = await entryOf(log, controller, leaf)
  const about = isExpiryKey(controller, entry) ? await yesIn(entries, log, scope, entry, part) : entry
  const key = completionKey(controller, subOf(controller, about), place)
  const reportedAt = timestamp(clock)
  const isEvent = entry.sk.startsWith('event#')
  const record: Completion = {
    ...{ endpoint, leaf, part, reportedAt, completedAt: stated.completedAt ?? reportedAt },
    ...(isEvent && { receiptId: entry.sk.slice('event#'.length) }),
    ...(stated.evidence && { evidence: stated.evidence }),
  }
  const claims = [{ name: 'field:completion', value: record }]
  const item = controllerEntry(scope, key, { kind: 'completion', at: reportedAt, claims }, random)
  const created = await insertOne(entries, item)
  await insertOne(entries, { ...completedKey(controller, endpoint, place), values: {} })
  const [stored] = created ? [item] : await entries.get([key])
  if (stored === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  return { record: openCompletion(scope, stored), created }
}

/** A receiver may report, or ask, before the ledger has its answer, so a message that waits counts as well. */
export async function wasSent(
  entries: Pick<Table, 'query'>,
  { controller, endpoint, leaf, part }: DeliveryName,
): Promise<boolean> {
  const prefix = `${numberSk(leaf)}#${String(part).padStart(4, '0')}#`
  const { items } = await entries.query(outcomePk(controller, endpoint), { prefix, limit: 1 })
  if (items.length > 0) return true
  const { state } = await newestState(entries, controller, endpoint)
  return state.waiting.some((each) => each.leaf === leaf && each.part === part)
}

/** The yes of a consent that ends by itself. */
async function yesIn(
  entries: Pick<Table, 'get'>,
  log: Table,
  scope: VaultScope,
  notice: Key,
  part: number,
): Promise<Key> {
  const [item] = await entries.get([notice])
  const end = item && endsIn(scope, item)[part]
  if (end === undefined) throw new LedgerError('not-found', 'the log has no such end')
  return entryOf(log, scope.controller, end.leaf)
}

async function entryOf(log: Table, controller: string, leaf: number): Promise<Key> {
  for await (const { first, entries } of batchesFrom(log, controller, leaf)) {
    const key = entries[leaf - first]?.key
    if (key !== undefined) return key
  }
  throw new LedgerError('not-found', 'the log has no such leaf')
}

/** The person whom the entry is about: events and links are in a partition of theirs, erasures have the pseudonym as sort key. */
function subOf(controller: string, { pk, sk }: Key): string {
  if (pk === erasedPk(controller)) return sk
  if (sk.startsWith('event#')) return pk.slice(controller.length + 1)
  const [, kind, sub] = pk.split('#')
  return kind === 'link' && sub !== undefined ? sub : nobody
}

const completionSk = ({ leaf, part, endpoint }: Omit<DeliveryName, 'controller'>): string =>
  `${numberSk(leaf)}#${String(part).padStart(4, '0')}#${endpoint}`

/** @throws when this controller did not seal it, or a later release of the ledger sealed it in another form */
export function openCompletion(scope: VaultScope, item: Item): Completion {
  const stated = claimsInEntry(scope, item, ['field:completion']).get('field:completion')
  if (!isCompletion(stated) || item.sk !== completionSk(stated))
    throw new Error('a completion in a form that is not known')
  return stated
}

/** Whether this report was there by then. One that does not open was made, too: the self-audit reports it. */
export function isReportedBy(scope: VaultScope, item: Item, at: string): boolean {
  try {
    return openCompletion(scope, item).reportedAt <= at
  } catch {
    return true
  }
}

/** A report, with what a proof shows of it. */
export interface OpenedCompletion {
  readonly stated: Completion
  readonly key: Key
  readonly leaf: string
  readonly disclosures: readonly string[]
}

/** The reports about a person that can be read, oldest leaf first. */
export async function completionsOf(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
  sub: string,
): Promise<readonly OpenedCompletion[]> {
  const found: OpenedCompletion[] = []
  let read = 0
  for await (const item of queryAll(entries, completionPk(scope.controller, sub), { descending: true })) {
    try {
      const { pk, sk, values } = item
      const stated = openCompletion(scope, item)
      found.push({ stated, key: { pk, sk }, leaf: String(values.leaf), disclosures: disclosuresIn(scope, item) })
    } catch {
      // The self-audit reports it.
    }
    if (++read >= maxCompletions) break
  }
  return found.reverse()
}
