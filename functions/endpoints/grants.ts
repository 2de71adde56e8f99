/**
 * Makes, revokes and lists the grants of auditors, for tokens with scope `consent.admin`. Who made or revoked a grant is in its own entry,
 * so no act is recorded beside it: an act has a digest of its request, and this one may name people.
 */
import { grantDraft, grantId, grantsQuery } from '../../shared/api/schemas/grants.ts'
import { type Auditor, type GrantedSubjects, isStanding } from '../../shared/consent/audit-grants.ts'
import { LedgerError } from '../../shared/errors.ts'
import { listGrants, makeGrant, revokeGrant, type StoredGrant } from '../../shared/ledger/auditors/audit-grants.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { identified } from '../../shared/ledger/vault/checked-identity.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { currentNames } from '../../shared/ledger/vault/vault.ts'
import { administered } from '../http/access.ts'
import {
  type Answer,
  type Call,
  type Endpoint,
  ok,
  parseBody,
  parseQuery,
  parseWith,
  pathParameter,
} from '../http/call.ts'
import { requireDeclared } from './declared-names.ts'

const pageLength = 100

export const grantEndpoints = {
  async makeGrant(call) {
    const { snapshot, bearer } = await administered(call)
    const { auditor, subjects, from, purposes, ...draft } = parseBody(call, grantDraft)
    const named = (purposes ?? []).map((purposeId, i) => ({ purposeId, field: `/purposes/${i}` }))
    await requireDeclared(call, snapshot, named)
    const drawn = {
      ...draft,
      auditor: auditorIn(auditor, snapshot),
      subjects: await subjectsIn(subjects, snapshot),
      ...(purposes && { purposes }),
      ...(from !== undefined && { from }),
    }
    const { ledger } = call.instance
    const { record, created } = await makeGrant(ledger, vaultScope(snapshot), drawn, bearer)
    return grantAnswer(call, record, created)
  },

  async revokeGrant(call) {
    const { snapshot, bearer } = await administered(call)
    const named = parseWith(grantId, pathParameter(call, 'grantId'))
    const scope = vaultScope(snapshot)
    const { record, created } = await revokeGrant(call.instance.ledger, scope, named, bearer)
    // Where this process also answers auditors, read the grants again, so that this one ends now and not within 30 s.
    await (await call.instance.grants?.())?.current(scope)
    return grantAnswer(call, record, created)
  },

  async listGrants(call) {
    const { snapshot } = await administered(call)
    const { after } = parseQuery(call, grantsQuery)
    const { ledger } = call.instance
    const page = await listGrants(ledger, vaultScope(snapshot), { limit: pageLength, after })
    const now = timestamp(ledger.clock)
    return ok({ ...page, grants: page.grants.map((each) => shown(each, now)) })
  },
} satisfies Record<string, Endpoint>

type Draft = ReturnType<typeof grantDraft.parse>

function auditorIn({ issuer, ...named }: Draft['auditor'], { identityProvider }: ControllerSnapshot): Auditor {
  const from = issuer ?? identityProvider?.issuer
  if (from === undefined) throw new LedgerError('unavailable', 'the identity provider was removed; name the issuer')
  return { issuer: from, ...named }
}

async function subjectsIn(subjects: Draft['subjects'], snapshot: ControllerSnapshot): Promise<GrantedSubjects> {
  if (subjects === 'all') return { kind: 'all' }
  if ('sample' in subjects) return { kind: 'sample', sample: subjects.sample }
  const scope = vaultScope(snapshot)
  const names = subjects.named.map(async (each, i) => {
    const identity = await identified(each, snapshot, `/subjects/named/${i}/id`)
    return (await currentNames(scope, identity)).join(' ')
  })
  return { kind: 'named', names: await Promise.all(names) }
}

function grantAnswer({ instance: { ledger } }: Call, record: StoredGrant, created: boolean): Answer {
  return { statusCode: created ? 201 : 200, body: shown(record, timestamp(ledger.clock)) }
}

function shown(stored: StoredGrant, now: string): object {
  const { by, subjects, from = stored.madeAt, ...grant } = stored
  return { ...grant, subjects: coverage(subjects), from, madeBy: by, stands: isStanding(stored, now) }
}

function coverage(subjects: GrantedSubjects): unknown {
  if (subjects.kind === 'all') return 'all'
  return subjects.kind === 'named' ? { named: subjects.names.length } : { sample: subjects.sample }
}
