/**
 * Records and revokes mandates of guardians and delegates, for tokens with scope `consent.mandate`. It is a scope of its own: a server that
 * records what people decide need not be able to say whose yes counts for whom.
 *
 * The function `letters` answers these routes: it may insert a person's keys, which a mandate needs when it is the first thing recorded about
 * that person, and pages record no events through it.
 */
import { mandateDraft, mandateId, mandateRevocation } from '../../shared/api/schemas/mandates.ts'
import type { OpenedMandate } from '../../shared/ledger/mandates/mandate-entries.ts'
import { recordMandate, revokeMandate } from '../../shared/ledger/mandates/record-mandate.ts'
import { identified, recordable } from '../../shared/ledger/vault/checked-identity.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { controllerInBody } from '../http/access.ts'
import { type Endpoint, ok, parseBody, parseWith, pathParameter } from '../http/call.ts'
import { requireDeclared } from './declared-names.ts'

const scopeName = 'consent.mandate'

export const mandateEndpoints = {
  async recordMandate(call) {
    const { snapshot, bearer } = await controllerInBody(call, scopeName)
    const { controller: _, subject, ...draft } = parseBody(call, mandateDraft)
    const { covers } = draft
    if (covers.kind === 'listed')
      await requireDeclared(call, snapshot, [
        ...covers.purposeIds.map((purposeId, i) => ({ purposeId, field: `/covers/purposeIds/${i}` })),
        ...covers.policyIds.map((policyId, i) => ({ policyId, field: `/covers/policyIds/${i}` })),
      ])
    const identity = await recordable(subject, snapshot, '/subject/id')
    const { record, created } = await recordMandate(call.instance.ledger, vaultScope(snapshot), identity, draft, bearer)
    return { statusCode: created ? 201 : 200, body: mandateAnswer(record) }
  },

  async revokeMandate(call) {
    const { snapshot, bearer } = await controllerInBody(call, scopeName)
    const { subject } = parseBody(call, mandateRevocation)
    const named = parseWith(mandateId, pathParameter(call, 'mandateId'))
    const identity = await identified(subject, snapshot, '/subject/id')
    return ok(mandateAnswer(await revokeMandate(call.instance.ledger, vaultScope(snapshot), identity, named, bearer)))
  },
} satisfies Record<string, Endpoint>

function mandateAnswer({ made, ended }: OpenedMandate) {
  return {
    ...{ ...made.stated, recordedBy: made.actor },
    ...(ended && { revokedAt: ended.stated.revokedAt, revokedBy: ended.actor }),
  }
}
