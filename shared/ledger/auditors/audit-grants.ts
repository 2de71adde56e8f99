/**
 * Stores, revokes, lists and reads the grants of auditors (`consent/audit-grants.ts`).
 *
 *   grant        PK `<controller>#grant`    SK `grant#<grantId>`      commits to field:grant, field:actor
 *   revocation   PK `<controller>#grant`    SK `revoked#<grantId>`    commits to field:revocation, field:actor
 *
 * Their content is sealed for the controller (`controller-entry.ts`), with the auditor's name in it. So neither a key nor a leaf tells
 * who may read, and the record of it outlives the keys of the auditor and of who granted it: it is the controller's own account of whom
 * it let in. Subjects are in it by their vault names only, which the pepper makes of an identifier and which lead back to none.
 *
 * A grant and a revocation are one insert each; a crash leaves all of it or nothing. A function that answers auditors keeps the grants of
 * a controller for at most 30 s. It reads them again before it refuses a question, so a new grant works at once, and a revoked one for up
 * to 30 s more.
 */
import { type AuditGrant, type GrantedSubjects, isAuditGrant } from '../../consent/audit-grants.ts'
import { conformsExactly } from '../../consent/exact-schema.ts'
import { eventId, instant, record } from '../../consent/schema.ts'
import { LedgerError } from '../../errors.ts'
import { actorIn, claimsInEntry, controllerEntry } from '../controller-entry.ts'
import type { PublishResult } from '../controllers/publish-once.ts'
import { type Holder, holderName } from '../holder-entry.ts'
import { keepRecent } from '../keep-recent.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { type Clock, type Item, insertOne, type Key, queryAll, type Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'

/** A grant as the ledger has it, with who made and revoked it. */
export interface StoredGrant extends AuditGrant {
  readonly by: Holder
  readonly revokedBy?: Holder
}

/**
 * Most grants of a controller that stand or will stand, and most that it may ever make: all are read every 30 s where auditors are answered, those
 * that have ended, too, because reads are shown with their reader's name.
 */
export const maxStandingGrants = 100
export const maxGrants = 1000

export type GrantDraft = Omit<AuditGrant, 'madeAt' | 'revokedAt'>

export const grantPk = (controller: string): string => `${controller}#grant`
const grantPrefix = 'grant#'
const revokedPrefix = 'revoked#'
export const grantKey = (controller: string, grantId: string): Key => ({
  pk: grantPk(controller),
  sk: grantPrefix + grantId,
})
export const grantRevocationKey = (controller: string, grantId: string): Key => ({
  pk: grantPk(controller),
  sk: revokedPrefix + grantId,
})

type Grants = Pick<Ledger, 'entries' | 'clock' | 'random'>

/**
 * Makes a grant, or returns the one that the same request made before.
 *
 * @throws `already-exists` when another grant has the id; `invalid-request` when it would have ended already; `limit-reached` when the
 * controller has as many as it may; of requests at the same instant each may be the last one that is let through
 */
export async function makeGrant(
  { entries, clock, random }: Grants,
  scope: VaultScope,
  draft: GrantDraft,
  by: Holder,
): Promise<PublishResult<StoredGrant>> {
  const madeAt = timestamp(clock)
  const key = grantKey(scope.controller, draft.grantId)
  const earlier = async () => {
    const [made, revoked] = await entries.get([key, grantRevocationKey(scope.controller, draft.grantId)])
    return made && sameGrant(openGrant(scope, made, revoked), draft)
  }
  const before = await earlier()
  if (before) return { record: before, created: false }
  if (draft.until <= madeAt || draft.until <= (draft.from ?? madeAt))
    throw new LedgerError('invalid-request', 'the grant would never stand', { field: '/until', given: draft.until })
  await checkRoom(entries, scope, madeAt)
  const grant: AuditGrant = { ...draft, madeAt }
  const claims = [
    { name: 'field:grant', value: grant },
    { name: 'field:actor', value: holderName(by) },
  ]
  const item = controllerEntry(scope, key, { kind: 'grant', at: madeAt, claims }, random)
  if (await insertOne(entries, item)) return { record: { ...grant, by: holderName(by) }, created: true }
  const stored = await earlier()
  if (stored === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  return { record: stored, created: false }
}

async function checkRoom(entries: Pick<Table, 'query'>, scope: VaultScope, now: string): Promise<void> {
  let made = 0
  for await (const _ of queryAll(entries, grantPk(scope.controller), { prefix: grantPrefix })) made++
  const lasting = (await readGrants(entries, scope)).filter(({ until, revokedAt }) => until > now && !revokedAt)
  if (made < maxGrants && lasting.length < maxStandingGrants) return
  throw new LedgerError(
    'limit-reached',
    'the controller has as many grants as it may have; revoke one that is no longer used',
    {
      allowed: `${maxStandingGrants} that have not ended, and ${maxGrants} in all`,
    },
  )
}

function sameGrant(stored: StoredGrant, { grantId, ...draft }: GrantDraft): StoredGrant {
  // A subject's first name stays the same when the pepper is replaced between a request and its repetition.
  const firstNames = (subjects: GrantedSubjects) =>
    subjects.kind === 'named' ? subjects.names.map((names) => names.split(' ')[0]) : subjects
  const said = ({ auditor, name, purposes, subjects, from, until }: typeof draft) =>
    JSON.stringify([auditor, name, purposes, firstNames(subjects), from, until])
  if (said(stored) === said(draft)) return stored
  throw new LedgerError('already-exists', 'another grant has this id', {
    ...{ field: '/grantId', given: grantId },
    allowed: 'a new id, or exactly the same content',
  })
}

/**
 * Ends a grant. A second revocation changes nothing and returns the first.
 *
 * @throws `not-found` when there is no such grant
 */
export async function revokeGrant(
  { entries, clock, random }: Grants,
  scope: VaultScope,
  grantId: string,
  by: Holder,
): Promise<PublishResult<StoredGrant>> {
  const keys = [grantKey(scope.controller, grantId), grantRevocationKey(scope.controller, grantId)] as const
  const [made, revoked] = await entries.get(keys)
  if (made === undefined) throw new LedgerError('not-found', 'no such grant', { given: grantId })
  if (revoked !== undefined) return { record: openGrant(scope, made, revoked), created: false }
  const at = timestamp(clock)
  const claims = [
    { name: 'field:revocation', value: { grantId, revokedAt: at } },
    { name: 'field:actor', value: holderName(by) },
  ]
  const created = await insertOne(
    entries,
    controllerEntry(scope, keys[1], { kind: 'grant-revoked', at, claims }, random),
  )
  const [stored] = await entries.get([keys[1]])
  return { record: openGrant(scope, made, stored), created }
}

export interface GrantPage {
  readonly grants: readonly StoredGrant[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

/** A page of the controller's grants, by their ids, with those that have ended. */
export async function listGrants(
  { entries }: Pick<Ledger, 'entries'>,
  scope: VaultScope,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<GrantPage> {
  const { controller } = scope
  const page = await entries.query(grantPk(controller), {
    ...{ prefix: grantPrefix, limit },
    ...(after !== undefined && { after: grantPrefix + after }),
  })
  const idOf = (sk: string) => sk.slice(grantPrefix.length)
  const keys = page.items.map(({ sk }) => grantRevocationKey(controller, idOf(sk)))
  const revocations = keys.length === 0 ? [] : await entries.get(keys)
  const grants = page.items.map((made, i) => openGrant(scope, made, revocations[i]))
  return { grants, ...(page.next !== undefined && { next: idOf(page.next) }) }
}

/** Reads the grants of a controller: those that this instance has read lately, or those that are stored now. */
export interface GrantReader {
  /** At most 30 s old. */
  recent(scope: VaultScope): Promise<readonly StoredGrant[]>
  current(scope: VaultScope): Promise<readonly StoredGrant[]>
}

const maxAgeMs = 30_000

export function grantReader(entries: Pick<Table, 'query'>, clock: Clock): GrantReader {
  const kept = new Map<string, { readonly readAtMs: number; readonly grants: readonly StoredGrant[] }>()
  async function current(scope: VaultScope): Promise<readonly StoredGrant[]> {
    const readAtMs = clock()
    const grants = await readGrants(entries, scope)
    keepRecent(kept, scope.controller, { readAtMs, grants }, maxAgeMs)
    return grants
  }
  return {
    current,
    async recent(scope) {
      const known = kept.get(scope.controller)
      const age = known === undefined ? -1 : clock() - known.readAtMs
      return known !== undefined && age >= 0 && age <= maxAgeMs ? known.grants : current(scope)
    },
  }
}

/** All grants that can be read, with their revocations. A grant that cannot be read, or whose revocation cannot, permits nothing; the self-audit reports both. */
export async function readGrants(entries: Pick<Table, 'query'>, scope: VaultScope): Promise<readonly StoredGrant[]> {
  const made: Item[] = []
  const revocations = new Map<string, Item>()
  for await (const item of queryAll(entries, grantPk(scope.controller))) {
    if (item.sk.startsWith(grantPrefix)) made.push(item)
    else revocations.set(item.sk, item)
  }
  return made.flatMap((item) => {
    try {
      return openGrant(scope, item, revocations.get(revokedPrefix + item.sk.slice(grantPrefix.length)))
    } catch {
      return []
    }
  })
}

const revocation = record({ grantId: eventId, revokedAt: instant })

/** @throws when this controller did not seal them, or a later release of the ledger sealed them in another form */
export function openGrant(scope: VaultScope, made: Item, revoked?: Item): StoredGrant {
  const claims = claimsInEntry(scope, made, ['field:grant', 'field:actor'])
  const grant = claims.get('field:grant')
  if (!isAuditGrant(grant) || made.sk !== grantPrefix + grant.grantId)
    throw new Error('a grant in a form that is not known')
  const stored = { ...grant, by: actorIn(claims) }
  return revoked === undefined ? stored : { ...stored, ...openGrantRevocation(scope, revoked) }
}

export function openGrantRevocation(scope: VaultScope, item: Item): Pick<StoredGrant, 'revokedAt' | 'revokedBy'> {
  const claims = claimsInEntry(scope, item, ['field:revocation', 'field:actor'])
  const content = claims.get('field:revocation')
  if (!conformsExactly(revocation, content)) throw new Error('a revocation in a form that is not known')
  return { revokedAt: content.revokedAt, revokedBy: actorIn(claims) }
}
