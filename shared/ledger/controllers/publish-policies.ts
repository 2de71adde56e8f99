/**
 * Publishes policies: versions, presentations, retractions. The bytes of a text are stored under their hash before the version that names
 * them, so that a stored version always has its texts.
 */
import type { Controller } from '../../consent/controller.ts'
import type { PolicyHistory, PolicyVersion, Presentation, Retraction } from '../../consent/policy.ts'
import {
  checkDraft,
  checkPresentation,
  checkRetraction,
  type DeclaredPurposes,
  type PresentationDraft,
  sameInstant,
  type VersionDraft,
  versionFrom,
} from '../../consent/publication.ts'
import { presentationLeaf, retractionLeaf, sha256Hex, versionLeaf } from '../../consent/published-leaf.ts'
import { LedgerError } from '../../errors.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import { type ControllerSnapshot, controllerPk, policyPk } from './controller-snapshots.ts'
import { findPublished, type PublishResult, publishOnce } from './publish-once.ts'
import { textObject } from './published-texts.ts'

export async function publishVersion(
  ledger: Ledger,
  controller: string,
  draft: VersionDraft,
): Promise<PublishResult<PolicyVersion>> {
  checkDraft(draft)
  const snapshot = await requireFresh(ledger, controller)
  const known = snapshot.policies.get(draft.policyId)
  const history = known ?? emptyHistory(draft.policyId)
  const key = { pk: policyPk(controller, draft.policyId), sk: `version#${draft.version}` }
  const earlier = await findPublished<PolicyVersion>(ledger, key, draft)
  if (earlier) return earlier

  const version = versionFrom(
    withTerms(draft, snapshot.controller),
    history,
    declaredIn(snapshot),
    timestamp(ledger.clock),
  )
  await Promise.all(draft.texts.map(({ text }) => ledger.objects.put(textObject(sha256Hex(text)), Buffer.from(text))))
  await claimInstant(ledger, controller, version, history)
  // A policy that the snapshot has was found by its claim.
  if (known === undefined)
    await publishOnce(ledger, { pk: controllerPk(controller), sk: `policy#${draft.policyId}` }, {}, {})
  return publishOnce(ledger, key, draft, version, { leaf: versionLeaf(version) })
}

/** A version that states no term gets the controller's. The digest of its draft is of what was sent. */
function withTerms(draft: VersionDraft, { evidenceRetention, contextRetention }: Controller): VersionDraft {
  return {
    ...draft,
    ...(draft.evidenceRetention === undefined && evidenceRetention !== undefined && { evidenceRetention }),
    ...(draft.contextRetention === undefined && contextRetention !== undefined && { contextRetention }),
  }
}

/**
 * Of two versions published at once for one instant, one is refused: the instant is an item, inserted before the version. Each
 * version retracted from it makes room for another. A crash in between leaves the instant to the version that claimed it.
 */
async function claimInstant(
  ledger: Ledger,
  controller: string,
  { policyId, version, notBefore }: PolicyVersion,
  { versions, retractions }: PolicyHistory,
): Promise<void> {
  const isRetracted = (v: PolicyVersion) => retractions.some((r) => r.version === v.version)
  const vacated = versions.filter((v) => v.notBefore === notBefore && isRetracted(v)).length
  const key = { pk: policyPk(controller, policyId), sk: `instant#${notBefore}#${vacated}` }
  await publishOnce(ledger, key, { version }, { version }).catch((error: unknown) => {
    if (!(error instanceof LedgerError && error.code === 'already-exists')) throw error
    throw sameInstant(notBefore, 'another version')
  })
}

function declaredIn({ purposes }: ControllerSnapshot): DeclaredPurposes {
  return (purposeId) => {
    const declared = purposes.get(purposeId)
    return declared && { policyId: declared.policyId, legalBasis: declared.purpose.legalBasis }
  }
}

export async function publishPresentation(
  ledger: Ledger,
  controller: string,
  draft: PresentationDraft,
): Promise<PublishResult<Presentation>> {
  const snapshot = await requireFresh(ledger, controller)
  requirePolicy(snapshot, draft.policyId)
  checkPresentation(draft, declaredIn(snapshot))
  const record: Presentation = { ...draft, publishedAt: timestamp(ledger.clock) }
  const key = { pk: policyPk(controller, draft.policyId), sk: `presentation#${draft.presentationId}` }
  return publishOnce(ledger, key, draft, record, { leaf: presentationLeaf(record) })
}

export async function retractVersion(
  ledger: Ledger,
  controller: string,
  policyId: string,
  draft: Pick<Retraction, 'version' | 'reason'>,
): Promise<PublishResult<Retraction>> {
  const snapshot = await requireFresh(ledger, controller)
  const history = requirePolicy(snapshot, policyId)
  const key = { pk: policyPk(controller, policyId), sk: `retracted#${draft.version}` }
  const earlier = await findPublished<Retraction>(ledger, key, draft)
  if (earlier) return earlier
  const version = history.versions.find((v) => v.version === draft.version)
  if (version === undefined) {
    throw new LedgerError('not-found', 'no such version', { field: '/version', given: draft.version })
  }
  const now = ledger.clock()
  checkRetraction(version, Math.max(now, snapshot.loggedUntil === undefined ? now : Date.parse(snapshot.loggedUntil)))
  const record: Retraction = { ...draft, retractedAt: new Date(now).toISOString() }
  return publishOnce(ledger, key, draft, record, { leaf: retractionLeaf(policyId, record) })
}

async function requireFresh(ledger: Ledger, controller: string): Promise<ControllerSnapshot> {
  const snapshot = await ledger.controllers.current(controller)
  if (snapshot === undefined) throw new LedgerError('not-found', 'no such controller', { given: controller })
  return snapshot
}

function requirePolicy(snapshot: ControllerSnapshot, policyId: string): PolicyHistory {
  const history = snapshot.policies.get(policyId)
  if (history === undefined) throw new LedgerError('unknown-policy', 'no such policy', { given: policyId })
  return history
}

function emptyHistory(policyId: string): PolicyHistory {
  return { policyId, versions: [], retractions: [], presentations: [] }
}
