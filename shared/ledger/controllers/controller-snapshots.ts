/**
 * Snapshots of controllers with their sites and policies, read from the entries table and cached for at most 30 s.
 *
 *   PK `<controller>#controller`     SK `controller` | `identity-provider` | `provider#<change>` |
 *                                     `keys#<change>` | `site#<site>` | `origins#<site>#<change>` | `revoked#<site>` |
 *                                     `policy#<policyId>` (a claim: the policy exists)
 *   PK `<controller>#policy#<id>`    SK `version#<v>` | `presentation#<id>` | `retracted#<v>`
 *
 * Absence is never cached: a caller that misses something asks for `current`. A later version takes effect no sooner than 60 s after its
 * publication, so every instance links an event to the same version although each reads at its own time.
 */

import type { Controller } from '../../consent/controller.ts'
import { type IdentityProvider, isIdentityProviderChange } from '../../consent/identity-provider.ts'
import type { PolicyHistory, PolicyVersion, Presentation, Retraction } from '../../consent/policy.ts'
import { isPolicyVersion, isPresentation, isRetraction } from '../../consent/policy.ts'
import type { Purpose } from '../../consent/purpose.ts'
import type { CurrentSite, OriginsDraft, SiteOrigins, SiteRevocation } from '../../consent/site.ts'
import { isSite, isSiteOrigins, isSiteRevocation } from '../../consent/site.ts'
import { maxUnreadableNamed } from '../../consent/unreadable.ts'
import { type ControllerSecrets, withheldSecrets } from '../derived-keys.ts'
import { keepRecent } from '../keep-recent.ts'
import { lastBatch } from '../log/batches.ts'
import { batchEnd } from '../log/log-items.ts'
import { type SetBack, setBacksOf } from '../log/set-backs.ts'
import { type Clock, type Item, type Keyring, queryAll, type Table } from '../store.ts'
import { controllerSecrets, keysPrefix } from './controller-keys.ts'

/** A controller as an instance knows it at one moment. */
export interface ControllerSnapshot {
  readonly controller: Controller
  /** Whose tokens speak for the controller now; `undefined` when nobody's do. `controller` has the provider of its creation. */
  readonly identityProvider: IdentityProvider | undefined
  /** Number of the latest change of the identity provider; 0 before the first. */
  readonly providerChange: number
  readonly secrets: ControllerSecrets
  /** Number of the latest change of the keys; 0 before the first. */
  readonly keyChange: number
  /** True for a controller created before reads had form 2: some of its reads may name their subjects under the reader's keys. */
  readonly hasEarlierReads: boolean
  readonly sites: ReadonlyMap<string, CurrentSite>
  readonly policies: ReadonlyMap<string, PolicyHistory>
  /** Every purpose ever declared, with the policy that owns it and its latest declaration. */
  readonly purposes: ReadonlyMap<string, DeclaredPurpose>
  /** RFC 3339: time of the newest batch of the log that this instance knows of. */
  readonly loggedUntil?: string
  /** Entries in the log up to that batch. */
  readonly logSize?: number
  /** Where the log's clock was set back, as far as this instance knows; absent when it never was. */
  readonly setBacks?: readonly SetBack[]
}

export interface DeclaredPurpose {
  readonly policyId: string
  readonly purpose: Purpose
}

export interface ControllerSnapshots {
  /** The snapshot of a controller, at most 30 s old; `undefined` when there is no such controller. */
  recent(controller: string): Promise<ControllerSnapshot | undefined>
  /** The snapshot as it is stored now. */
  current(controller: string): Promise<ControllerSnapshot | undefined>
}

const maxAgeMs = 30_000
/** From this age on a snapshot is refreshed in the background, so that no request waits for it. */
const refreshAgeMs = 15_000

interface Kept {
  readonly readAtMs: number
  readonly snapshot: ControllerSnapshot
  refreshing: boolean
}

/** Without a keyring the snapshots hold public records only, and reading a secret throws, so such an instance cannot leak one. */
export function controllerSnapshots(
  entries: Table,
  log: Table,
  keyring: Pick<Keyring, 'unwrap'> | undefined,
  clock: Clock,
): ControllerSnapshots {
  const kept = new Map<string, Kept>()
  const reading = new Map<string, Promise<ControllerSnapshot | undefined>>()
  const waiting = new Map<string, Promise<ControllerSnapshot | undefined>>()
  const unwrapped = new Map<string, Uint8Array>()

  async function secretsOf(created: Item, changes: readonly Item[]): Promise<ControllerSecrets> {
    if (keyring === undefined) return withheldSecrets
    /** Asks KMS or the key file once for each item. What is wrapped in it never changes, and stays in memory. */
    const unwrap = async ({ pk, sk, values: { secrets: wrapped } }: Item): Promise<Uint8Array> => {
      if (!(wrapped instanceof Uint8Array)) throw new Error('an item without secrets')
      const name = `${pk} ${sk}`
      const bytes = unwrapped.get(name) ?? (await keyring.unwrap(pk.slice(0, pk.indexOf('#')), wrapped))
      unwrapped.set(name, bytes)
      return bytes
    }
    return controllerSecrets(created, changes, unwrap, clock)
  }

  async function read(controller: string): Promise<ControllerSnapshot | undefined> {
    const readAtMs = clock()
    const [stored, last, setBacks] = await Promise.all([
      readSnapshot(entries, controller, secretsOf),
      lastBatch(log, controller),
      setBacksOf(log, controller),
    ])
    const snapshot = stored && {
      ...stored,
      ...(last && { loggedUntil: last.at, logSize: batchEnd(last) }),
      ...(setBacks.length > 0 && { setBacks }),
    }
    if (snapshot) keepRecent(kept, controller, { readAtMs, snapshot, refreshing: false }, maxAgeMs)
    return snapshot
  }

  /** At most one read of a controller is under way. */
  function readShared(controller: string): Promise<ControllerSnapshot | undefined> {
    const underWay = reading.get(controller) ?? read(controller).finally(() => reading.delete(controller))
    reading.set(controller, underWay)
    return underWay
  }

  /**
   * Reads after the call, but one at a time: calls that arrive during a read share the next one. So any number of requests for
   * things that do not exist cause one read at a time.
   */
  function readNext(controller: string): Promise<ControllerSnapshot | undefined> {
    const underWay = reading.get(controller)
    if (underWay === undefined) return readShared(controller)
    const next =
      waiting.get(controller) ??
      underWay
        .catch(() => undefined)
        .then(() => {
          waiting.delete(controller)
          return readShared(controller)
        })
    waiting.set(controller, next)
    return next
  }

  return {
    async recent(controller) {
      const known = kept.get(controller)
      const age = known === undefined ? Number.POSITIVE_INFINITY : clock() - known.readAtMs
      if (known === undefined || age > maxAgeMs || age < 0) return readShared(controller)
      if (age > refreshAgeMs && !known.refreshing) {
        known.refreshing = true
        readShared(controller).catch(() => {
          known.refreshing = false
        })
      }
      return known.snapshot
    },
    current: readNext,
  }
}

async function readSnapshot(
  entries: Table,
  id: string,
  secretsOf: (created: Item, changes: readonly Item[]) => Promise<ControllerSecrets>,
): Promise<ControllerSnapshot | undefined> {
  let created: Item | undefined
  const keyChanges: Item[] = []
  const sites = new Map<string, Omit<CurrentSite, 'change'>>()
  const latestOrigins = new Map<string, SiteOrigins>()
  const revocations = new Map<string, SiteRevocation | undefined>()
  let providerChange = 0
  let changedProvider: IdentityProvider | undefined
  const policyIds: string[] = []
  for await (const item of queryAll(entries, controllerPk(id))) {
    if (item.sk === 'controller') {
      created = item
    } else if (item.sk.startsWith(keysPrefix)) {
      keyChanges.push(item)
    } else if (item.sk.startsWith('site#')) {
      const site = recordIn(item, isSite)
      if (site && item.sk === `site#${site.site}`) sites.set(site.site, site)
    } else if (item.sk.startsWith('origins#')) {
      const change = recordIn(item, isSiteOrigins)
      const isLater = change && change.change > (latestOrigins.get(change.site)?.change ?? 0)
      if (isLater && item.sk === originsSk(change)) latestOrigins.set(change.site, change)
    } else if (item.sk.startsWith('provider#')) {
      // A latest change that cannot be read leaves no provider, so that damage does not bring a removed one back.
      const number = Number(item.sk.slice('provider#'.length))
      if (number > providerChange) {
        const change = recordIn(item, isIdentityProviderChange)
        providerChange = number
        changedProvider = change?.change === number ? change.identityProvider : undefined
      }
    } else if (item.sk.startsWith('revoked#')) {
      revocations.set(item.sk.slice('revoked#'.length), recordIn(item, isSiteRevocation))
    } else if (item.sk.startsWith('policy#')) {
      policyIds.push(item.sk.slice('policy#'.length))
    }
  }
  if (created === undefined) return undefined
  const controller = readRecord<Controller>(created)
  // Where a revocation cannot be read, its site is left out, so that damage does not bring a revoked key back.
  for (const [name, revocation] of revocations) {
    const site = sites.get(name)
    sites.delete(name)
    if (site && revocation?.site === name) sites.set(name, { ...site, revokedAt: revocation.revokedAt })
  }
  const histories = await Promise.all(policyIds.map((policyId) => readHistory(entries, id, policyId)))
  const policies = new Map(histories.filter((h) => h.versions.length > 0).map((h) => [h.policyId, h]))
  return {
    controller,
    identityProvider: providerChange === 0 ? controller.identityProvider : changedProvider,
    providerChange,
    secrets: await secretsOf(created, keyChanges),
    keyChange: keyChanges.length,
    hasEarlierReads: created.values.reads !== readForm,
    sites: new Map([...sites].map(([name, site]) => [name, currentSite(site, latestOrigins.get(name))])),
    policies,
    purposes: declaredPurposes([...policies.values()]),
  }
}

/**
 * The site with the origins of its latest readable change. An unreadable change is passed over, so that a damaged row cannot keep the
 * pages of a site from recording a withdrawal. The self-audit reports it.
 */
function currentSite(site: Omit<CurrentSite, 'change'>, latest: SiteOrigins | undefined): CurrentSite {
  if (latest === undefined) return { ...site, change: 0 }
  return { ...site, origins: latest.origins, change: latest.change, changedAt: latest.changedAt }
}

/**
 * A version or retraction that cannot be read may have changed anything, so it is named, and no answer under the policy permits. An
 * unreadable presentation counts as missing: events recorded with it have the grade `unmatched`.
 */
async function readHistory(entries: Table, controller: string, policyId: string): Promise<PolicyHistory> {
  const versions: PolicyVersion[] = []
  const retractions: Retraction[] = []
  const presentations: Presentation[] = []
  const unreadable: string[] = []
  for await (const item of queryAll(entries, policyPk(controller, policyId))) {
    const { sk } = item
    if (sk.startsWith('version#')) {
      const version = recordIn(item, isPolicyVersion)
      if (version?.policyId === policyId && sk === `version#${version.version}`) versions.push(version)
      else unreadable.push(sk)
    } else if (sk.startsWith('retracted#')) {
      const retraction = recordIn(item, isRetraction)
      if (retraction && sk === `retracted#${retraction.version}`) retractions.push(retraction)
      else unreadable.push(sk)
    } else if (sk.startsWith('presentation#')) {
      const presentation = recordIn(item, isPresentation)
      const isItsKey = presentation && sk === `presentation#${presentation.presentationId}`
      if (isItsKey && presentation.policyId === policyId) presentations.push(presentation)
    }
  }
  const names = unreadable.slice(0, maxUnreadableNamed)
  return { policyId, versions, retractions, presentations, ...(names.length > 0 && { unreadable: names }) }
}

function declaredPurposes(histories: readonly PolicyHistory[]): Map<string, DeclaredPurpose> {
  const declared = new Map<string, DeclaredPurpose>()
  for (const { policyId, versions } of histories) {
    for (const version of [...versions].sort((a, b) => (a.publishedAt < b.publishedAt ? -1 : 1))) {
      for (const purpose of version.purposes) declared.set(purpose.purposeId, { policyId, purpose })
    }
  }
  return declared
}

/**
 * Attribute `reads` of a controller's item: the only form of its reads. In form 2 a read names its subject under the subject's keys.
 * Absent for a controller that is older than form 2.
 */
export const readForm = 2

export const originsSk = ({ site, change }: Pick<OriginsDraft, 'site' | 'change'>) => `origins#${site}#${change}`

/** Sort key of a change of the identity provider. */
export const providerSk = (change: number) => `provider#${change}`

/** Sort key of a site's revocation. */
export const revokedSk = (site: string) => `revoked#${site}`

export const controllerPk = (controller: string) => `${controller}#controller`
export const policyPk = (controller: string, policyId: string) => `${controller}#policy#${policyId}`

/** The record of an item that this ledger wrote. Throws when it is not JSON. */
export function readRecord<T>(item: Item): T {
  return JSON.parse(String(item.values.record)) as T
}

/** The record, or `undefined` when it is not JSON of that form, so that one damaged row does not stop the others. */
export function recordIn<T>(item: Item, isForm: (value: unknown) => value is T): T | undefined {
  try {
    const record: unknown = readRecord(item)
    return isForm(record) ? record : undefined
  } catch {
    return undefined
  }
}
