/** A visit to the shop of the demo's world, as the ledger records it, and its record after ISO 27560. */
import { world } from '../../../infra/demo/world/world.ts'
import { decisionEffect } from '../../../shared/consent/decision-effect.ts'
import type { PolicyLink, RecordedEvent } from '../../../shared/consent/event.ts'
import type { ConsentRecord } from '../../../shared/consent/fields-27560.ts'
import { findVersion, historyKnownAt } from '../../../shared/consent/policy.ts'
import { consentRecord } from '../../../shared/consent/record-27560.ts'
import { policyFor } from '../../../shared/consent/recording.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'
import { createController } from '../../../shared/ledger/controllers/create-controller.ts'
import { publishVersion } from '../../../shared/ledger/controllers/publish-policies.ts'
import { controllerDraft, memoryLedger } from '../../support/memory-ledger.ts'

const { controller, publications } = world.ljungsten
export const noon = '2026-11-22T12:00:00.000Z'
export const sub = 'c3ViamVjdA'

export interface PublishedWorld {
  readonly snapshot: ControllerSnapshot
  /** The snapshot of an instance that has not seen what is published after noon. */
  readonly earlier: ControllerSnapshot
}

/** All that the demo's controller publishes. */
export async function publishedWorld(): Promise<PublishedWorld> {
  const ledger = memoryLedger(publications[0]?.publishedAt ?? noon)
  await createController(ledger, { ...controller, identityProvider: controllerDraft.identityProvider })
  const current = async () => {
    const snapshot = await ledger.controllers.current('ljungsten')
    if (snapshot === undefined) throw new Error('no snapshot')
    return snapshot
  }
  let earlier = await current()
  for (const { publishedAt, draft } of publications) {
    ledger.setNow(publishedAt)
    if (publishedAt <= noon) earlier = await current()
    await publishVersion(ledger, 'ljungsten', draft)
  }
  return { snapshot: await current(), earlier }
}

export function recordOf(event: RecordedEvent, from: ControllerSnapshot): ConsentRecord {
  return consentRecord({
    recordId: 'r1',
    sub,
    controller: from.controller,
    event,
    effects: event.decisions.map((decision) => {
      const history = policyFor(from, decision)
      if (history === undefined) throw new Error('not in the world')
      return decisionEffect(decision, event, historyKnownAt(history, event.times.recordedAt))
    }),
    policyOf: (decision) => policyFor(from, decision)?.policyId,
    versionNamed: (policyId, name) => findVersion(from.policies.get(policyId) ?? { policyId, ...empty }, name),
  })
}

export const empty = { versions: [], retractions: [], presentations: [] }

/** A visitor's event on the cookie policy, of which they were served version 2 in Swedish. */
export function visit(over: Partial<RecordedEvent> = {}, link: Partial<PolicyLink> = {}): RecordedEvent {
  return {
    eventId: '11111111-1111-4111-8111-111111111111',
    site: 'web',
    decisions: [{ purposeId: 'statistics', verb: 'given' }],
    times: { occurredAt: noon, recordedAt: noon, effectiveAt: noon, verdict: 'trusted' },
    who: { actor: { role: 'self' }, assurance: 'anonymous' },
    identity: { type: 'device', id: 'x' },
    link: [{ policyId: 'cookie-policy', inForce: '2', shown: '2', grade: 'served', locale: 'sv-SE', ...link }],
    how: { act: 'button', control: 'save-choices' },
    context: { ipAddress: '203.0.113.0', page: '/secret' },
    ...over,
  }
}
