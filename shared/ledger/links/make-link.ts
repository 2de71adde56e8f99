/**
 * Links two subjects, and ends a link. The caller has checked that both are proven (or that the operator may state it).
 *
 *   1  the keys of both, made when there are none
 *   2  a row of the vault under each, which leads to the other (`link-rows.ts`)
 *   3  both rows `subject` once more, because an erasure that was there first has not seen these rows
 *   4  an entry under each (`link-entries.ts`); the link counts when both are there
 *
 * Entries of a pair are numbered on each side: an even number links, the odd one after it ends that link, and a number can be inserted once.
 * So it does not matter how often, or by how many at once, a link is made or ended, and each insert either completes what another writer or a
 * crashed one began, or finds it done. A crash between the two entries leaves half a link, which counts nowhere, or half an end, which ends
 * it; the same request completes it.
 *
 * An erasure that comes between 3 and 4 deletes the rows, and the entries then lead nowhere. One that comes before 3 makes the request fail; the rows
 * of 2 are then left over, and retention deletes them.
 */

import { recordingTime } from '../../consent/clocks.ts'
import { lastInstant } from '../../consent/duration.ts'
import type { Identity, PolicyLink } from '../../consent/event.ts'
import type { LinkAct, sideProofs } from '../../consent/subject-links.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { queryNobody } from '../letters/query-nobody.ts'
import { yearOf } from '../recording/sealed-event.ts'
import type { Item } from '../store.ts'
import { type VaultScope, vaultScope } from '../vault/subject-keys.ts'
import { type NamedKeys, subjectKeysForReading, subjectKeysForWriting } from '../vault/vault.ts'
import { subOf } from '../vault/vault-rows.ts'
import { linkActsOf, maxLinkActs, type OpenedLinkAct, pairOf, sealLinkAct } from './link-entries.ts'
import { linkRow, linkRowKey } from './link-rows.ts'
import { linkStandingIn, otherOf } from './linked-subjects.ts'

export type SideProof = (typeof sideProofs)[number]

/** Most links of one subject that stand at a time: each answer about it reads the events of all. */
export const maxLinks = 32

export interface Side {
  readonly identity: Identity
  readonly proof: SideProof
}

export interface LinkDraft {
  /** UUID of the request: a repeated one does not link again what was unlinked since. */
  readonly requestId: string
  readonly ground?: string
  /** The texts that said what the link does; every one of them is known. */
  readonly shown: readonly PolicyLink[]
  readonly presentationId?: string
}

export interface LinkResult {
  readonly linkId: string
  /** RFC 3339: from then on the link counts, or the end. */
  readonly recordedAt: string
  /** Whether it stands now. A repeated request may find it ended. */
  readonly stands: boolean
  /** Whether this request made or ended it; false when that was done before. */
  readonly isNew: boolean
}

/** How often a request begins at most, because another writer of the same pair was faster. */
const maxRounds = 4

/** @throws `invalid-request` for one subject twice; `limit-reached`; `unavailable` when a subject is erased meanwhile: send it again */
export async function makeLink(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  sides: readonly [Side, Side],
  draft: LinkDraft,
): Promise<LinkResult> {
  const scope = vaultScope(snapshot)
  const at = recordedAt(ledger, snapshot)
  const [one, other] = [
    await subjectKeysForWriting(ledger, scope, sides[0].identity, yearOf(at), false),
    await subjectKeysForWriting(ledger, scope, sides[1].identity, yearOf(at), false),
  ]
  if (one.sub === other.sub)
    throw new LedgerError('invalid-request', 'both sides are one subject', { allowed: 'two different subjects' })
  const both = [one, other] as const
  const pair = pairOf(one, other)
  for (let round = 0; round < maxRounds; round++) {
    const all = [await linkActsOf(ledger.entries, one), await linkActsOf(ledger.entries, other)] as const
    const acts = all.map((each, i) => each.filter(({ side }) => side === pair.sides[i]))
    const before = acts.flat().find(({ act }) => act.act === 'link' && act.requestId === draft.requestId)
    const last = Math.max(...acts.flat().map(({ number }) => number), -1)
    const isLinked = last % 2 === 0
    const number = isLinked ? last : last + 1
    const linkId = pair.linkId(number)
    const lacking = ([0, 1] as const).filter((i) => !acts[i]?.some((each) => each.number === number))
    if (isLinked && lacking.length === 0) return resultOf(acts.flat(), linkId, true)
    // The request was carried out, and the link has ended since.
    if (before && !isLinked) return resultOf(acts.flat(), before.act.linkId, false)
    if (round === 0) {
      if (!isLinked) for (const each of all) checkRoom(each)
      await insertRows(ledger, scope, both, pair.sides)
    }
    const items = lacking.map((i) => {
      const [here, there] = [sides[i].proof, sides[i === 0 ? 1 : 0].proof]
      const { requestId, ground, shown, presentationId } = draft
      const act: LinkAct = {
        ...{ act: 'link', linkId, recordedAt: at, identity: both[i].identity, requestId, here, there },
        ...(ground !== undefined && { ground }),
        shown,
        ...(presentationId !== undefined && { presentationId }),
      }
      return sealLinkAct(act, pair.sides[i], number, both[i], ledger.random).item
    })
    if (!(await insertAll(ledger, items))) continue
    if (!isLinked) await endIfTooMany(ledger, snapshot, both, sides[0], linkId, draft)
    return { linkId, recordedAt: at, stands: true, isNew: true }
  }
  throw contested()
}

/** Each of several requests at once may have found room. A request that then finds too many links ends its own, so no more than the bound stay. */
async function endIfTooMany(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  both: readonly [NamedKeys, NamedKeys],
  side: Side,
  linkId: string,
  draft: LinkDraft,
): Promise<void> {
  const all = await Promise.all(both.map((keys) => linkActsOf(ledger.entries, keys)))
  if (all.every((acts) => standingIn(acts) <= maxLinks)) return
  await endLink(ledger, snapshot, side, linkId, draft)
  throw tooMany()
}

/**
 * Ends a link, on the word of one side, which need not know the other's credential.
 *
 * @throws `not-found` when this subject never had the link
 */
export async function endLink(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  side: Side,
  linkId: string,
  draft: Pick<LinkDraft, 'requestId' | 'ground'>,
): Promise<LinkResult> {
  const scope = vaultScope(snapshot)
  const at = recordedAt(ledger, snapshot)
  const keys = await subjectKeysForReading(ledger, scope, side.identity)
  // The same work for a subject that the ledger does not know as for one without this link.
  if (keys === undefined) await queryNobody(ledger.entries, scope.controller)
  for (let round = 0; keys !== undefined && round < maxRounds; round++) {
    const all = await linkActsOf(ledger.entries, keys)
    const link = all.find(({ act }) => act.act === 'link' && act.linkId === linkId)
    if (link === undefined) throw noLink()
    const number = link.number + 1
    const ended = all.find((each) => each.side === link.side && each.number === number)
    // Without the other's keys the end is recorded here only, which ends the link.
    const other = (await otherOf(ledger, scope, keys, link.side, linkId))?.keys
    const otherSide = other && pairOf(keys, other).sides[1]
    const there = other && otherSide ? await linkActsOf(ledger.entries, other, otherSide) : []
    const act: LinkAct = {
      ...{ act: 'unlink', linkId, recordedAt: at, requestId: draft.requestId },
      ...(draft.ground !== undefined && { ground: draft.ground }),
      shown: [],
    }
    const items = ended ? [] : [sealLinkAct({ ...act, here: side.proof }, link.side, number, keys, ledger.random).item]
    // Only what the other side has is ended there.
    const has = (each: number) => there.some((one) => one.number === each)
    if (other && otherSide && has(link.number) && !has(number))
      items.push(sealLinkAct({ ...act, there: side.proof }, otherSide, number, other, ledger.random).item)
    if (items.length === 0) return resultOf(all, linkId, false)
    if (await insertAll(ledger, items)) {
      const recorded = ended?.act.recordedAt ?? at
      return { linkId, recordedAt: recorded, stands: false, isNew: ended === undefined }
    }
  }
  throw keys === undefined ? noLink() : contested()
}

/** Never before the log's time, or an unlinking could come before the link that it ends. */
function recordedAt({ clock }: Ledger, { loggedUntil }: ControllerSnapshot): string {
  const nowMs = clock()
  const loggedUntilMs = loggedUntil === undefined ? undefined : Date.parse(loggedUntil)
  const time = recordingTime({
    nowMs,
    ...(loggedUntilMs !== undefined && { loggedUntilMs }),
    clientMs: loggedUntilMs ?? nowMs,
  })
  if (time === undefined)
    throw new LedgerError('unavailable', 'the clock of this instance is behind the log; send the request again')
  return new Date(time.atMs).toISOString()
}

function checkRoom(acts: readonly OpenedLinkAct[]): void {
  const standing = standingIn(acts)
  // One more number for the end of the link, so that each link can be ended.
  if (standing < maxLinks && acts.length + standing + 2 <= maxLinkActs) return
  throw tooMany()
}

/** How many links have no end, those that another writer's clock dates later included. */
function standingIn(acts: readonly OpenedLinkAct[]): number {
  const bySide = Map.groupBy(acts, ({ side }) => side)
  return [...bySide.values()].filter((each) => linkStandingIn(each, lastInstant, lastInstant) !== undefined).length
}

function tooMany(): LedgerError {
  const facts = { allowed: `${maxLinks} at a time, and ${maxLinkActs} links and ends in all` }
  return new LedgerError(
    'limit-reached',
    'the subject has as many links as it may have; end one that is no longer used',
    facts,
  )
}

async function insertRows(
  ledger: Ledger,
  scope: VaultScope,
  both: readonly [NamedKeys, NamedKeys],
  sides: readonly [string, string],
): Promise<void> {
  const pks = [both[0].rowsPk, both[1].rowsPk] as const
  const [here, there] = [linkRowKey(pks[0], sides[0]), linkRowKey(pks[1], sides[1])]
  const rows = [linkRow(scope, here, there, ledger.random), linkRow(scope, there, here, ledger.random)]
  for (const result of await ledger.vault.insert(rows)) if (result.outcome === 'error') throw result.error
  const subjects = await ledger.vault.get(pks.map((pk) => ({ pk, sk: 'subject' })))
  const isTheSame = both.every(({ sub }, i) => {
    const row = subjects[i]
    const known = row && subOf(scope, row)
    return known !== undefined && known !== 'unreadable' && known.sub === sub
  })
  if (!isTheSame)
    throw new LedgerError('unavailable', 'a subject was erased while it was being linked; send the request again')
}

/** Returns false when another writer has inserted one of them; the caller then reads all acts again. */
async function insertAll(ledger: Ledger, items: readonly Item[]): Promise<boolean> {
  const outcomes = await ledger.entries.insert(items)
  for (const result of outcomes) if (result.outcome === 'error') throw result.error
  return outcomes.every(({ outcome }) => outcome === 'inserted')
}

function resultOf(acts: readonly OpenedLinkAct[], linkId: string, stands: boolean): LinkResult {
  const wanted = stands ? 'link' : 'unlink'
  const times = acts.flatMap(({ act }) => (act.act === wanted && act.linkId === linkId ? [act.recordedAt] : []))
  // A link counts from the later of its two entries, an end from the earlier.
  const recorded = stands ? times.sort().at(-1) : times.sort()[0]
  return { linkId, recordedAt: recorded ?? '', stands, isNew: false }
}

function noLink(): LedgerError {
  return new LedgerError('not-found', 'this subject has no such link', { field: '/linkId' })
}

function contested(): LedgerError {
  return new LedgerError('unavailable', 'the subject is being linked and unlinked by others; send the request again')
}
