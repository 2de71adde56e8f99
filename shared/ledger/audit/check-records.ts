/**
 * Checks published records: controllers, identity providers, changes of keys, sites, their origins and revocations, versions, presentations,
 * retractions. Each is compared with its leaf, which is made again from the record; with the digest of its draft, which is made again from the
 * record and its texts; and with the claims that were inserted before it.
 */
import { hash } from 'node:crypto'
import type { Controller } from '../../consent/controller.ts'
import type { IdentityProviderChange, RecordedIdentityProvider } from '../../consent/identity-provider.ts'
import type { KeyChange } from '../../consent/key-change.ts'
import type { PolicyVersion, Presentation, Retraction } from '../../consent/policy.ts'
import {
  controllerLeaf,
  digestOf,
  identityProviderChangeLeaf,
  identityProviderLeaf,
  keyChangeLeaf,
  presentationLeaf,
  retractionLeaf,
  siteLeaf,
  siteOriginsLeaf,
  siteRevocationLeaf,
  versionLeaf,
} from '../../consent/published-leaf.ts'
import type { Site, SiteOrigins, SiteRevocation } from '../../consent/site.ts'
import { keysPrefix } from '../controllers/controller-keys.ts'
import {
  controllerPk,
  originsSk,
  policyPk,
  providerSk,
  readForm,
  readRecord,
  revokedSk,
} from '../controllers/controller-snapshots.ts'
import { textObject } from '../controllers/published-texts.ts'
import type { Item } from '../store.ts'
import type { Audit } from './audit-run.ts'
import { checkVersionClaims } from './check-claims.ts'

export const isRecord = (sk: string): boolean =>
  sk === 'controller' ||
  sk === 'identity-provider' ||
  /^(site|origins|revoked|provider|keys|version|presentation|retracted)#/.test(sk)

/** Kinds that had no leaf in the first releases. Such a record is kept as it is, because it cannot be given a leaf later. */
export const hadNoLeaf = (sk: string): boolean => sk.startsWith('site#')

export async function checkRecord(audit: Audit, controller: string, item: Item): Promise<void> {
  const { found } = audit
  const where = { key: { pk: item.pk, sk: item.sk } }
  audit.pass.compared.records++
  const made = recordOf(controller, item)
  if (made === undefined) {
    found('record-differs', controller, where, { detail: 'it cannot be read' })
    return
  }
  if (made.pk !== item.pk || made.sk !== item.sk)
    found('record-differs', controller, where, { detail: 'it has the key of another' })
  else if (item.values.leaf !== undefined && made.leaf !== item.values.leaf)
    found('record-differs', controller, where, { detail: 'its leaf is another' })
  if (item.values.reads !== undefined && item.values.reads !== readForm)
    found('record-differs', controller, where, { detail: 'the form of its reads is none that there is' })
  const texts = made.version && (await readTexts(audit, controller, made.version, item))
  const drafts = made.version ? texts && versionDrafts(made.version, texts) : [made.draft]
  if (drafts && !drafts.some((draft) => digestOf(draft) === item.values.draft))
    found('record-differs', controller, where, { detail: 'the digest of its draft is another' })
  if (made.version) await checkVersionClaims(audit, controller, item, made.version)
}

/** The time of publication that a record states; `undefined` when the record cannot be read. */
export function publishedAt(controller: string, item: Item): string | undefined {
  return recordOf(controller, item)?.statedAt
}

interface Made {
  readonly leaf: string
  readonly pk: string
  readonly sk: string
  readonly statedAt: string
  /** The draft that was sent. Absent for a version, whose drafts are made from its texts. */
  readonly draft?: unknown
  readonly version?: PolicyVersion
}

function recordOf(controller: string, item: Item): Made | undefined {
  try {
    return madeAgain(controller, item)
  } catch {
    return undefined
  }
}

/** The form of the key gives the kind of the record. */
function madeAgain(controller: string, item: Item): Made {
  if (item.sk.startsWith('version#')) {
    const version = readRecord<PolicyVersion>(item)
    const pk = policyPk(controller, version.policyId)
    const sk = `version#${version.version}`
    return { leaf: versionLeaf(version), pk, sk, statedAt: version.publishedAt, version }
  }
  if (item.sk.startsWith('presentation#')) {
    const record = readRecord<Presentation>(item)
    const { publishedAt: statedAt, ...draft } = record
    const pk = policyPk(controller, draft.policyId)
    return { leaf: presentationLeaf(record), pk, sk: `presentation#${draft.presentationId}`, statedAt, draft }
  }
  if (item.sk.startsWith('retracted#')) {
    const record = readRecord<Retraction>(item)
    const { retractedAt: statedAt, ...draft } = record
    const policyId = item.pk.slice(policyPk(controller, '').length)
    return { leaf: retractionLeaf(policyId, record), pk: item.pk, sk: `retracted#${draft.version}`, statedAt, draft }
  }
  if (item.sk.startsWith('site#')) {
    const record = readRecord<Site>(item)
    const { createdAt: statedAt, key: _, ...draft } = record
    return { leaf: siteLeaf(record), pk: controllerPk(controller), sk: `site#${draft.site}`, statedAt, draft }
  }
  if (item.sk.startsWith('origins#')) {
    const record = readRecord<SiteOrigins>(item)
    const { changedAt: statedAt, ...draft } = record
    return { leaf: siteOriginsLeaf(record), pk: controllerPk(controller), sk: originsSk(draft), statedAt, draft }
  }
  if (item.sk.startsWith('revoked#')) {
    const record = readRecord<SiteRevocation>(item)
    const { revokedAt: statedAt, ...draft } = record
    return {
      leaf: siteRevocationLeaf(record),
      pk: controllerPk(controller),
      sk: revokedSk(draft.site),
      statedAt,
      draft,
    }
  }
  if (item.sk.startsWith('provider#')) {
    const record = readRecord<IdentityProviderChange>(item)
    const { changedAt: statedAt, ...draft } = record
    const sk = providerSk(draft.change)
    return { leaf: identityProviderChangeLeaf(record), pk: controllerPk(controller), sk, statedAt, draft }
  }
  if (item.sk.startsWith(keysPrefix)) {
    const record = readRecord<KeyChange>(item)
    const { changedAt: statedAt, sha256: _, ...draft } = record
    const sk = keysPrefix + draft.change
    return { leaf: keyChangeLeaf(record), pk: controllerPk(controller), sk, statedAt, draft }
  }
  if (item.sk === 'identity-provider') {
    const record = readRecord<RecordedIdentityProvider>(item)
    const { createdAt: statedAt, ...draft } = record
    return { leaf: identityProviderLeaf(record), pk: controllerPk(controller), sk: item.sk, statedAt, draft }
  }
  const record = readRecord<Controller>(item)
  const { createdAt: statedAt, ...draft } = record
  return { leaf: controllerLeaf(record), pk: controllerPk(draft.controller), sk: 'controller', statedAt, draft }
}

/** The texts of a version, in its order. Reports a text that is missing or differs, and then returns `undefined`. */
async function readTexts(
  { ledger, pass: { compared }, found }: Audit,
  controller: string,
  { texts }: PolicyVersion,
  { pk, sk }: Item,
): Promise<string[] | undefined> {
  const read: string[] = []
  for (const { sha256 } of texts) {
    const object = textObject(sha256)
    const bytes = /^[0-9a-f]{64}$/.test(sha256) ? await ledger.objects.get(object) : undefined
    compared.texts++
    if (bytes === undefined) found('text-missing', controller, { object, key: { pk, sk } })
    else if (hash('sha256', bytes, 'hex') !== sha256) found('text-differs', controller, { object, key: { pk, sk } })
    else read.push(Buffer.from(bytes).toString())
  }
  return read.length === texts.length ? read : undefined
}

/**
 * The drafts that the author may have sent: with the date, or without it when it equals the time of publication; and with each term, or
 * without it when it may be the controller's.
 */
function versionDrafts(version: PolicyVersion, texts: readonly string[]): object[] {
  const { publishedAt: stated, notBefore: _, retroactive: __, comparedWith: ___, effectiveFrom, ...rest } = version
  const sent = {
    ...rest,
    texts: version.texts.map(({ locale, mediaType }, i) => ({ locale, mediaType, text: texts[i] })),
  }
  const dated = effectiveFrom === stated ? [sent, { ...sent, effectiveFrom }] : [{ ...sent, effectiveFrom }]
  return dated.flatMap(({ evidenceRetention, contextRetention, ...draft }) => [
    { ...draft, evidenceRetention, contextRetention },
    { ...draft, evidenceRetention },
    { ...draft, contextRetention },
    draft,
  ])
}
