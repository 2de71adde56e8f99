/**
 * Publishes policies: versions, presentations, retractions. The bytes of a text are stored under their hash before the version that names
 * them, so that a stored version always has its texts.
 */
import {
  type PolicyHistory,
  type PolicyVersion,
  type Presentation,
  type Retraction,
  succession,
} from '../consent/policy.ts'
import {
  checkChanges,
  checkDraft,
  checkOwnership,
  notBeforeOf,
  type PresentationDraft,
  retractionLeadMs,
  type VersionDraft,
} from '../consent/publication.ts'
import { presentationLeaf, retractionLeaf, sha256Hex, versionLeaf } from '../consent/published-leaf.ts'
import { LedgerError } from '../errors.ts'
import { type ControllerBook, controllerPk, policyPk } from './controller-snapshots.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { type Published, publishOnce, storedAlready } from './publish-once.ts'
import { textName } from './published-texts.ts'

export async function publishVersion(
  ledger: Ledger,
  controller: string,
  draft: VersionDraft,
): Promise<Published<PolicyVersion>> {
  checkDraft(draft)
  const book = await requireFresh(ledger, controller)
  const history = book.policies.get(draft.policyId) ?? emptyHistory(draft.policyId)
  const key = { pk: policyPk(controller, draft.policyId), sk: `version#${draft.version}` }
  const earlier = await storedAlready<PolicyVersion>(ledger, key, draft)
  if (earlier) return earlier

  const version = versionOf(draft, history, timestamp(ledger.clock))
  checkOwnership(draft, (purposeId) => {
    const declared = book.purposes.get(purposeId)
    return declared && { policyId: declared.policyId, legalBasis: declared.purpose.legalBasis }
  })
  const kind = history.versions[0]?.kind
  if (kind !== undefined && kind !== draft.kind) {
    throw new LedgerError('invalid-policy', 'a policy keeps its kind', {
      field: '/kind',
      given: draft.kind,
      allowed: [kind],
    })
  }
  const before = history.versions.find((v) => v.version === version.comparedWith)
  if (before) checkChanges(draft, before)
  else if (draft.changes.length > 0) {
    throw new LedgerError('invalid-policy', "a policy's first version has nothing to change", { field: '/changes' })
  }
  for (const text of draft.texts) await ledger.objects.put(textName(sha256Hex(text.text)), Buffer.from(text.text))
  await claimInstant(ledger, controller, version, history)
  await publishOnce(ledger, { pk: controllerPk(controller), sk: `policy#${draft.policyId}` }, {}, {})
  return publishOnce(ledger, key, draft, version, { leaf: versionLeaf(version) })
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

function sameInstant(notBefore: string, rival: string): LedgerError {
  return new LedgerError('version-conflict', `${rival} comes into force at the same instant`, {
    field: '/effectiveFrom',
    given: notBefore,
  })
}

function versionOf(draft: VersionDraft, history: PolicyHistory, publishedAt: string): PolicyVersion {
  const { texts, effectiveFrom = publishedAt, ...rest } = draft
  const notBefore = notBeforeOf(effectiveFrom, publishedAt, history.versions.length === 0)
  const others = succession(history)
  const rival = others.find((v) => v.notBefore === notBefore)
  if (rival) throw sameInstant(notBefore, `version "${rival.version}"`)
  const before = others.findLast((v) => v.notBefore < notBefore)
  return {
    ...rest,
    effectiveFrom,
    publishedAt,
    notBefore,
    retroactive: effectiveFrom < publishedAt,
    texts: texts.map(({ locale, mediaType, text }) => ({ locale, mediaType, sha256: sha256Hex(text) })),
    ...(before && { comparedWith: before.version }),
  }
}

export async function publishPresentation(
  ledger: Ledger,
  controller: string,
  draft: PresentationDraft,
): Promise<Published<Presentation>> {
  const book = await requireFresh(ledger, controller)
  requirePolicy(book, draft.policyId)
  const stray = draft.controls.find((c) => book.purposes.get(c.purposeId)?.policyId !== draft.policyId)
  if (stray) {
    throw new LedgerError('unknown-purpose', `policy "${draft.policyId}" declares no such purpose`, {
      field: '/controls',
      given: stray.purposeId,
    })
  }
  const record: Presentation = { ...draft, publishedAt: timestamp(ledger.clock) }
  const key = { pk: policyPk(controller, draft.policyId), sk: `presentation#${draft.presentationId}` }
  return publishOnce(ledger, key, draft, record, { leaf: presentationLeaf(record) })
}

export async function retractVersion(
  ledger: Ledger,
  controller: string,
  policyId: string,
  draft: Pick<Retraction, 'version' | 'reason'>,
): Promise<Published<Retraction>> {
  const book = await requireFresh(ledger, controller)
  const history = requirePolicy(book, policyId)
  const key = { pk: policyPk(controller, policyId), sk: `retracted#${draft.version}` }
  const earlier = await storedAlready<Retraction>(ledger, key, draft)
  if (earlier) return earlier
  const version = history.versions.find((v) => v.version === draft.version)
  if (version === undefined) {
    throw new LedgerError('not-found', 'no such version', { field: '/version', given: draft.version })
  }
  const now = ledger.clock()
  // By a slow clock a version in force would look retractable, and consents that ended with it would stand again.
  const latest = Math.max(now, book.loggedUntil === undefined ? now : Date.parse(book.loggedUntil))
  if (latest > Date.parse(version.notBefore) - retractionLeadMs) {
    throw new LedgerError('too-late-to-retract', 'a version can be retracted until 60 s before it comes into force', {
      field: '/version',
      given: new Date(latest).toISOString(),
      allowed: `before ${new Date(Date.parse(version.notBefore) - retractionLeadMs).toISOString()}`,
    })
  }
  const record: Retraction = { ...draft, retractedAt: new Date(now).toISOString() }
  return publishOnce(ledger, key, draft, record, { leaf: retractionLeaf(policyId, record) })
}

async function requireFresh(ledger: Ledger, controller: string): Promise<ControllerBook> {
  const book = await ledger.books.fresh(controller)
  if (book === undefined) throw new LedgerError('not-found', 'no such controller', { given: controller })
  return book
}

function requirePolicy(book: ControllerBook, policyId: string): PolicyHistory {
  const history = book.policies.get(policyId)
  if (history === undefined) throw new LedgerError('unknown-policy', 'no such policy', { given: policyId })
  return history
}

function emptyHistory(policyId: string): PolicyHistory {
  return { policyId, versions: [], retractions: [], presentations: [] }
}
