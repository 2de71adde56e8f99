/**
 * What administration writes: controllers, sites, policy versions, presentations, retractions. Each is one insert of an
 * immutable item; repeating a request is harmless (the first answer again), and another content under the same id is refused.
 * The bytes of a text are stored under their hash before the version that names them: a version never lacks its texts.
 */
import { hash } from 'node:crypto'
import type {
  Controller,
  ControllerDraft,
  IdentityProvider,
  RecordedIdentityProvider,
  Site,
  SiteDraft,
} from '../consent/controller.ts'
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
import {
  controllerLeaf,
  digestOf,
  identityProviderLeaf,
  presentationLeaf,
  retractionLeaf,
  sha256Hex,
  siteLeaf,
  versionLeaf,
} from '../consent/published-leaf.ts'
import { LedgerError } from '../errors.ts'
import { type ControllerBook, claimKey, controllerPk, policyPk, readForm, readRecord } from './controllers.ts'
import { controllerSecretsBytes } from './keys.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { damaged } from './log/damage.ts'
import { originOf, witnessName } from './log/items.ts'
import { type Attribute, type Item, insertOne, type Key } from './store.ts'

/** What was stored, and whether this request stored it. */
export interface Published<T> {
  readonly record: T
  readonly created: boolean
}

/** An item of a DynamoDB table holds 400 KB at most. */
const maxRecordBytes = 380_000

export async function createController(ledger: Ledger, draft: ControllerDraft): Promise<Published<Controller>> {
  const { identityProvider } = draft
  if (originOf(ledger.host, draft.controller) === witnessName(ledger.host)) {
    throw new LedgerError('invalid-request', 'this id would give the log the name of the ledger’s witness', {
      field: '/controller',
      given: draft.controller,
    })
  }
  await claimIdentityProvider(ledger, draft.controller, identityProvider)
  const secrets = await ledger.keyring.wrap(draft.controller, ledger.random(controllerSecretsBytes))
  const record: Controller = { ...draft, createdAt: timestamp(ledger.clock) }
  const leaf = controllerLeaf(record)
  const key = { pk: controllerPk(draft.controller), sk: 'controller' }
  const published = await publish(ledger, key, draft, record, { secrets, leaf, reads: readForm })
  await recordIdentityProvider(ledger, published.record)
  return published
}

/** Called after the controller is stored. After a crash in between this leaf is missing until the request is sent again. */
async function recordIdentityProvider(
  ledger: Ledger,
  { controller, identityProvider, createdAt }: Controller,
): Promise<void> {
  const record: RecordedIdentityProvider = { ...identityProvider, createdAt }
  const key = { pk: controllerPk(controller), sk: 'identity-provider' }
  await publish(ledger, key, identityProvider, record, { leaf: identityProviderLeaf(record) })
}

/** Two controllers never trust the same issuer for the same audience: a token of one would reach the other's data. */
async function claimIdentityProvider(ledger: Ledger, controller: string, provider: IdentityProvider): Promise<void> {
  const { record } = await publish(ledger, claimKey(provider), { controller }, { controller }).catch(refuseShared)
  if (record.controller !== controller) refuseShared()
}

function refuseShared(cause?: unknown): never {
  if (cause !== undefined && !(cause instanceof LedgerError && cause.code === 'already-exists')) throw cause
  throw new LedgerError('already-exists', 'another controller already has this issuer and audience', {
    field: '/identityProvider/audience',
    allowed: 'an audience of its own, e.g. consent-ledger/<controller>',
  })
}

export async function createSite(ledger: Ledger, controller: string, draft: SiteDraft): Promise<Published<Site>> {
  const random = Buffer.from(ledger.random(16)).toString('base64url')
  const key = `site_${controller}_${draft.site}_${random}`
  const record: Site = { ...draft, createdAt: timestamp(ledger.clock), key }
  const leaf = siteLeaf(record)
  return publish(ledger, { pk: controllerPk(controller), sk: `site#${draft.site}` }, draft, record, { leaf })
}

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
  await publish(ledger, { pk: controllerPk(controller), sk: `policy#${draft.policyId}` }, {}, {})
  return publish(ledger, key, draft, version, { leaf: versionLeaf(version) })
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
  await publish(ledger, key, { version }, { version }).catch((error: unknown) => {
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
  return publish(ledger, key, draft, record, { leaf: presentationLeaf(record) })
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
  return publish(ledger, key, draft, record, { leaf: retractionLeaf(policyId, record) })
}

export const textName = (sha256: string) => `texts/${sha256}`

/** The text that has the hash; `undefined` when none is stored. Another text under its name is `log-damaged`, and not handed out. */
export async function publishedText(
  objects: Pick<Ledger['objects'], 'get'>,
  sha256: string,
): Promise<string | undefined> {
  const bytes = await objects.get(textName(sha256))
  if (bytes === undefined) return undefined
  if (hash('sha256', bytes, 'hex') !== sha256) throw damaged('texts', 'a published text is not the one with its hash')
  return Buffer.from(bytes).toString()
}

/** One insert; when the key is taken, the stored record if it came from the same draft, else a refusal. */
async function publish<T>(
  ledger: Ledger,
  key: Key,
  draft: unknown,
  record: T,
  values: Record<string, Attribute> = {},
): Promise<Published<T>> {
  const json = JSON.stringify(record)
  if (Buffer.byteLength(json) > maxRecordBytes) {
    throw new LedgerError('invalid-policy', 'too large to be stored as one record', {
      given: `${Buffer.byteLength(json)} bytes`,
      allowed: `${maxRecordBytes} bytes, texts not counted`,
    })
  }
  const item: Item = { ...key, values: { record: json, draft: digestOf(draft), ...values } }
  if (await insertOne(ledger.entries, item)) return { record, created: true }
  const earlier = await storedAlready<T>(ledger, key, draft)
  if (earlier === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  return earlier
}

async function storedAlready<T>(ledger: Ledger, key: Key, draft: unknown): Promise<Published<T> | undefined> {
  const [stored] = await ledger.entries.get([key])
  if (stored === undefined) return undefined
  if (stored.values.draft !== digestOf(draft)) {
    throw new LedgerError('already-exists', 'published before with another content; what is published never changes', {
      given: key.sk,
      allowed: 'a new id, or the very same content',
    })
  }
  return { record: readRecord<T>(stored), created: false }
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
