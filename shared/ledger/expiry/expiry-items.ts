/**
 * Ends of consents as they are stored, insert-only.
 *
 *   notice   PK `<controller>#expiry`                SK its number, 16 digits        leaf of kind `expiry`
 *   due      PK `<controller>#expires#<hour>`        SK `due#<name of the end>`      payload  which decision is to be looked at, and when
 *   mark     as of `due`                             SK `announced#<days>#<name>`    no attributes
 *
 * A due row is there for every yes with an end, so a reader of the tables must not find out whose it is, or even when it is due: its time
 * less the validity would be that of the yes. The hour and the name in its keys are HMACs. The name has the purpose in it and is made under a
 * key of the subject, so after an erasure nobody can try purposes. What stays readable with the controller's key is that an event of a
 * pseudonym was a yes, and until when.
 *
 * A mark says that an end is in a notice. Before a notice is made the marks of the one before it are, so a crash between the two loses none.
 */
import { type AnnouncedEnd, type ExpiryNotice, isExpiryNotice } from '../../consent/expiry.ts'
import { claimsInEntry, controllerEntry } from '../controller-entry.ts'
import { deriveKey, deriveMacKey, hmacText } from '../derived-keys.ts'
import { numberSk } from '../log/log-items.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import type { Item, Key, Randomness, Table } from '../store.ts'
import type { SubjectKeys, VaultScope } from '../vault/subject-keys.ts'

/** Longer than a notice of some forty ends: its length does not show whether there are any. */
const noticeBytes = 4_096
const dueBytes = 192

/** A decision of a subject that made a consent count, and an instant at which that may end. */
export interface Due {
  readonly sub: string
  /** Sort key of the event, and the decision in it. */
  readonly sk: string
  readonly part: number
  /** RFC 3339. */
  readonly at: string
}

/** A due row that was read. */
export interface DueRow extends Due {
  readonly name: string
}

export const expiryPk = (controller: string): string => `${controller}#expiry`
export const isExpiryKey = (controller: string, { pk }: Key): boolean => pk === expiryPk(controller)

const duePrefix = 'due#'
const noticeClaims = ['field:notice'] as const

/** `2026-12-01T09`, of an instant in RFC 3339. */
export const hourOf = (at: string): string => at.slice(0, 13)

/** Partition of the ends in an hour. */
function hourPk(scope: VaultScope, hour: string): string {
  return `${scope.controller}#expires#${hmacText(hourKey(scope), hour, 16)}`
}

/** The same for every event that leads to this end. */
export function endName(
  { id, controller }: Pick<SubjectKeys, 'id' | 'controller'>,
  purposeId: string,
  at: string,
): string {
  return hmacText(deriveMacKey(id, 'expiry-name', controller), JSON.stringify([purposeId, at]), 16)
}

export function noticeItem(scope: VaultScope, notice: ExpiryNotice, random: Randomness): Item {
  const claims = [{ name: 'field:notice', value: notice }]
  const key = { pk: expiryPk(scope.controller), sk: numberSk(notice.notice) }
  return controllerEntry(scope, key, { kind: 'expiry', at: notice.at, claims, paddedBytes: noticeBytes }, random)
}

/** @throws when this controller did not seal it, or a later release of the ledger sealed it in another form */
export function openNotice(scope: VaultScope, item: Item): ExpiryNotice {
  const notice = claimsInEntry(scope, item, noticeClaims).get('field:notice')
  if (!isExpiryNotice(notice) || item.sk !== numberSk(notice.notice))
    throw new Error('a notice of ends in a form that is not known')
  return notice
}

/** @throws when it cannot be read: going on from another one could announce an end twice, or never */
export async function newestNotice(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
): Promise<ExpiryNotice | undefined> {
  const { items } = await entries.query(expiryPk(scope.controller), { descending: true, limit: 1 })
  return items[0] && openNotice(scope, items[0])
}

export function dueItem(scope: VaultScope, name: string, due: Due, random: Randomness): Item {
  const key = { pk: hourPk(scope, hourOf(due.at)), sk: duePrefix + name }
  return { ...key, values: { payload: sealPayload(due, sealKey(scope), key, random, dueBytes) } }
}

/** A page of the rows of an hour. Nothing but this module seals under its key; a row that does not open was planted, and is passed over. */
export async function dueInHour(
  entries: Pick<Table, 'query'>,
  scope: VaultScope,
  hour: string,
  after: string | undefined,
  limit: number,
): Promise<{ readonly rows: readonly DueRow[]; readonly isEmpty: boolean; readonly next?: string }> {
  const page = { prefix: duePrefix, limit, ...(after !== undefined && { after }) }
  const { items, next } = await entries.query(hourPk(scope, hour), page)
  const rows = items.flatMap((item) => openDue(scope, item) ?? [])
  return { rows, isEmpty: items.length === 0, ...(next !== undefined && { next }) }
}

function openDue(scope: VaultScope, { pk, sk, values: { payload } }: Item): DueRow | undefined {
  if (!(payload instanceof Uint8Array)) return undefined
  try {
    const due = openPayload(payload, sealKey(scope), { pk, sk }) as Due
    return { ...due, name: sk.slice(duePrefix.length) }
  } catch {
    return undefined
  }
}

export function markKey(
  scope: VaultScope,
  { days, name, expiresAt }: Pick<AnnouncedEnd, 'days' | 'name' | 'expiresAt'>,
): Key {
  return { pk: hourPk(scope, hourOf(expiresAt)), sk: `announced#${days}#${name}` }
}

const hourKey = ({ controller, secrets }: VaultScope) => deriveMacKey(secrets.dataKey, 'expiry-hour', controller)
const sealKey = ({ controller, secrets }: VaultScope) => deriveKey(secrets.dataKey, 'expiry', controller)
