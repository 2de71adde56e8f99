/**
 * Makes, releases and lists legal holds, for tokens with scope `consent.hold`. It is a scope of its own: who erases people or administers
 * policies can neither make nor lift one, unless the identity provider grants both.
 *
 * The function that erases answers these routes, because it may read people's rows of the vault and can create no key. Who made or
 * released a hold is in the hold's own entry.
 */
import { holdDraft, holdId, holdRelease, holdsQuery } from '../../shared/api/schemas/holds.ts'
import { id } from '../../shared/api/schemas/scalars.ts'
import { type HoldScope, stands } from '../../shared/consent/holds.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import type { StoredHold } from '../../shared/ledger/holds/hold-entries.ts'
import { type HoldDraft, listHolds, makeHold, releaseHold } from '../../shared/ledger/holds/legal-holds.ts'
import { type Eraser, timestamp } from '../../shared/ledger/ledger.ts'
import { identified } from '../../shared/ledger/vault/checked-identity.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { controllerFor, controllerInBody } from '../http/access.ts'
import { type Endpoint, ok, parseBody, parseQuery, parseWith, pathParameter } from '../http/call.ts'
import { requireDeclared } from './declared-names.ts'

const scopeName = 'consent.hold'
const pageLength = 100

export const holdEndpoints = (eraser: Eraser) =>
  ({
    async makeHold(call) {
      const { snapshot, bearer } = await controllerInBody(call, scopeName)
      const { controller: _, covers, ...draft } = parseBody(call, holdDraft)
      if ('purposeId' in covers) {
        const { purposeId } = covers
        await requireDeclared(call, snapshot, [{ purposeId, field: '/covers/purposeId' }])
      }
      const drawn = { ...draft, covers: await coveredBy(covers, snapshot) }
      const { record, created, keepsAllFrom } = await makeHold(eraser, vaultScope(snapshot), drawn, bearer)
      const answer = holdAnswer(record, timestamp(eraser.clock))
      return { statusCode: created ? 201 : 200, body: { ...answer, keepsAllFrom } }
    },

    async releaseHold(call) {
      const { snapshot, bearer } = await controllerInBody(call, scopeName)
      parseBody(call, holdRelease)
      const named = parseWith(holdId, pathParameter(call, 'holdId'))
      const released = await releaseHold(eraser, vaultScope(snapshot), named, bearer)
      return ok(holdAnswer(released, timestamp(eraser.clock)))
    },

    async listHolds(call) {
      const controller = parseWith(id, pathParameter(call, 'controller'))
      const { snapshot } = await controllerFor(call, controller, scopeName)
      const { after } = parseQuery(call, holdsQuery)
      const page = await listHolds(eraser, vaultScope(snapshot), { limit: pageLength, after })
      const now = timestamp(eraser.clock)
      return ok({ ...page, holds: page.holds.map((each) => holdAnswer(each, now)) })
    },
  }) satisfies Record<string, Endpoint>

type Covers = ReturnType<typeof holdDraft.parse>['covers']

async function coveredBy(covers: Covers, snapshot: ControllerSnapshot): Promise<HoldDraft['covers']> {
  if ('subject' in covers)
    return { kind: 'subject', identity: await identified(covers.subject, snapshot, '/covers/subject/id') }
  return 'purposeId' in covers ? { kind: 'purpose', ...covers } : { kind: 'before', ...covers }
}

function holdAnswer(stored: StoredHold, now: string) {
  const { ground, covers, madeAt, by, until, releasedAt, releasedBy } = stored
  return {
    ...{ holdId: stored.holdId, ground, covers: coverage(covers), madeAt, madeBy: by },
    stands: stands(stored, now),
    ...(until !== undefined && { until }),
    ...(releasedAt !== undefined && { releasedAt, releasedBy }),
  }
}

function coverage(covers: HoldScope): object {
  if (covers.kind === 'subject') return { subject: true }
  return covers.kind === 'purpose' ? { purposeId: covers.purposeId } : { before: covers.before }
}
