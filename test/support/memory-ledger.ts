/** A ledger on the in-memory model, with a clock that stands still unless moved and a controller with two policies. */

import type { ClientEvent } from '../../shared/consent/client-event.ts'
import type { ControllerDraft } from '../../shared/consent/controller.ts'
import type { VersionDraft } from '../../shared/consent/publication.ts'
import { LedgerError } from '../../shared/errors.ts'
import { type ControllerSnapshot, controllerSnapshots } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { createController, createSite } from '../../shared/ledger/controllers/create-controller.ts'
import { publishVersion } from '../../shared/ledger/controllers/publish-policies.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import {
  checkObjectFolder,
  checkObjectName,
  checkServedName,
  checkWriteOnceName,
} from '../../shared/ledger/object-names.ts'
import { pooledRandomness } from '../../shared/ledger/randomness.ts'
import { certifyReceiptKey, promiseIssuer } from '../../shared/ledger/recording/inclusion-promises.ts'
import type { ReceivedEvent } from '../../shared/ledger/recording/recorded-event.ts'
import type { Keyring, Objects } from '../../shared/ledger/store.ts'
import { purpose } from '../shared/consent/scenario.ts'
import { memoryLogWriter, testSigner } from './memory-log-writer.ts'
import { type MemoryTable, type MemoryTableOptions, memoryTable } from './memory-table.ts'

export interface MemoryLedger extends Ledger {
  readonly vault: MemoryTable
  setNow(at: string): void
}

export const receiptSigner = testSigner(3)

export function memoryLedger(
  now: string,
  faults: { entries?: MemoryTableOptions; log?: MemoryTableOptions; vault?: MemoryTableOptions } = {},
): MemoryLedger {
  let ms = Date.parse(now)
  const clock = () => ms
  const entries = memoryTable(faults.entries)
  const log = memoryTable(faults.log)
  const keyring = plainKeyring()
  const kept = { entries, log, objects: memoryObjects(), clock, random: pooledRandomness(), host: 'ledger.example' }
  const certificate = () => certifyReceiptKey(memoryLogWriter(kept), receiptSigner.publicKey)
  return {
    ...kept,
    vault: memoryTable(faults.vault),
    keyring,
    controllers: controllerSnapshots(entries, log, keyring, clock),
    cached: objectCache(),
    promiseIssuer: promiseIssuer({ receiptSigner, host: kept.host, certificate, clock }),
    setNow: (at) => {
      ms = Date.parse(at)
    },
  }
}

/** Wraps nothing: the keyring's own contract is tested where it is implemented. */
function plainKeyring(): Keyring {
  return { wrap: async (_controller, secret) => secret, unwrap: async (_controller, wrapped) => wrapped }
}

export function memoryObjects(): Objects {
  const stored = new Map<string, Buffer>()
  const versions = new Map<string, number>()
  return {
    async put(name, bytes) {
      checkWriteOnceName(name)
      const earlier = stored.get(name)
      if (earlier && !earlier.equals(bytes)) throw new LedgerError('already-exists', 'other bytes have this name')
      stored.set(name, Buffer.from(bytes))
    },
    async get(name) {
      checkObjectName(name)
      const bytes = stored.get(name)
      return bytes && Buffer.from(bytes)
    },
    async first(prefix) {
      checkObjectFolder(prefix)
      const names = [...stored.keys()].filter((name) => name.startsWith(prefix))
      return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0]
    },
    async readServed(name) {
      checkServedName(name)
      const bytes = stored.get(name)
      return bytes && { bytes: Buffer.from(bytes), tag: String(versions.get(name)) }
    },
    async replaceServed(name, bytes, tag) {
      checkServedName(name)
      const version = versions.get(name)
      if ((version === undefined ? undefined : String(version)) !== tag) return false
      stored.set(name, Buffer.from(bytes))
      versions.set(name, (version ?? 0) + 1)
      return true
    },
  }
}

export const controllerDraft: ControllerDraft = {
  controller: 'acme',
  name: 'Acme',
  address: 'Somewhere 1',
  country: 'SE',
  contact: 'privacy@acme.example',
  dataProtectionOfficer: 'dpo@acme.example',
  supervisoryAuthority: 'IMY',
  licences: [],
  glossary: [],
  ipAddress: 'truncate',
  entryBundles: 'auditors',
  identityProvider: { issuer: 'urn:test', audience: 'acme', jwks: { keys: [{}] } },
}

export function versionDraft(more: Partial<VersionDraft> = {}): VersionDraft {
  return {
    policyId: 'privacy',
    version: '1',
    kind: 'privacy',
    scope: ['web'],
    title: { en: 'Privacy' },
    texts: [{ locale: 'en', mediaType: 'text/plain', text: `Privacy, version ${more.version ?? '1'}` }],
    purposes: [purpose()],
    level: 'major',
    changes: [],
    ground: 'business',
    summary: { en: '' },
    ...more,
  }
}

/** The ledger with controller `acme`, site `web`, a privacy policy with purpose `newsletter`, and terms. */
export async function seeded(ledger: Ledger): Promise<ControllerSnapshot> {
  await createController(ledger, controllerDraft)
  await createSite(ledger, 'acme', { site: 'web', kind: 'web', name: 'Web', origins: [] })
  await publishVersion(ledger, 'acme', versionDraft())
  await publishVersion(ledger, 'acme', versionDraft({ policyId: 'terms', kind: 'terms', purposes: [] }))
  const snapshot = await ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('the controller was not stored')
  return snapshot
}

export function submission(
  event: Partial<ClientEvent> & { eventId: string },
  more: Partial<ReceivedEvent> = {},
): ReceivedEvent {
  return {
    event: {
      occurredAt: '2026-11-22T12:00:00.000Z',
      decisions: [{ purposeId: 'newsletter', verb: 'given' }],
      ...event,
    },
    identity: { type: 'device', id: 'a-device' },
    assurance: 'anonymous',
    announcedNew: false,
    site: 'web',
    ...more,
  }
}
