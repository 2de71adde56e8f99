/** The tampering drill on the model: each damage, done past the ledger, is found by the checks that are named for it and by no others. */
import { describe, expect, test } from 'vitest'
import { versionLeaf } from '../../../../shared/consent/published-leaf.ts'
import { openSubjectRead } from '../../../../shared/ledger/auditors/audit-reads.ts'
import { openPayload, sealPayload } from '../../../../shared/ledger/sealed-payload.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { readsKeyOf, storedSubject } from '../../../../shared/ledger/vault/vault.ts'
import type { Damage } from './damage.ts'
import { logDamages, objectDamages } from './damage-to-log.ts'
import { openDrill } from './drill.ts'
import {
  change,
  earlierRead,
  eventsIn,
  flipped,
  found,
  identityOf,
  keysOf,
  oneAct,
  oneEvent,
  oneRead,
  oneReadRow,
  textOf,
  vaultRow,
  versionOf,
} from './drill-items.ts'

const entries: Damage[] = [
  [
    'the payload of an event is changed',
    async (d) => change(d.entries, await oneEvent(d), ({ payload }) => ({ payload: flipped(payload, 20) })),
    ['event-unreadable error'],
  ],
  [
    'an event has the payload of another',
    async (d) => {
      const [a, b] = await eventsIn(d)
      await change(d.entries, found(a), () => ({ payload: b?.values.payload }))
    },
    ['event-unreadable error'],
  ],
  [
    'an event says another thing, by one who has all keys',
    async (d) => {
      const keys = await keysOf(d, 7)
      const event = found((await eventsIn(d)).find(({ pk }) => pk === keys.pk))
      const { seal } = found(keys.years.get(2026)).proof
      const content = openPayload(event.values.payload as Uint8Array, seal, event) as { decisions: object[] }
      const forged = { ...content, decisions: content.decisions.map((made) => ({ ...made, verb: 'refused' })) }
      await change(d.entries, event, () => ({ payload: sealPayload(forged, seal, event, d.ledger.random, 0) }))
    },
    ['event-differs error'],
  ],
  [
    'the leaf of an event is changed',
    async (d) => change(d.entries, await oneEvent(d), ({ leaf }) => ({ leaf: `${leaf} ` })),
    ['event-differs error', 'leaf-differs error'],
  ],
  [
    'the leaf of an event is gone',
    async (d) => change(d.entries, await oneEvent(d), () => ({ leaf: undefined })),
    ['entry-leafless error', 'event-unreadable error', 'leaf-differs error'],
  ],
  [
    'the context of an event is taken away',
    async (d) => change(d.entries, await oneEvent(d), () => ({ context: undefined })),
    ['event-differs error'],
  ],
  [
    'the hour of an event is another',
    async (d) => change(d.entries, await oneEvent(d), () => ({ hour: '2026-11-22T10' })),
    ['event-differs error'],
  ],
  [
    'the year of an event is another, so that its retention seems to have passed',
    async (d) => change(d.entries, await oneEvent(d), () => ({ hour: '2020-01-01T10' })),
    ['event-differs error'],
  ],
  [
    'the last event of a subject is deleted',
    async (d) => d.entries.remove(found((await eventsIn(d)).at(-1))),
    ['entry-missing error'],
  ],
  [
    'an event is deleted together with its index row',
    async (d) => {
      const event = await oneEvent(d)
      d.entries.remove(event)
      d.log.remove(event)
    },
    ['entry-missing error', 'index-missing error'],
  ],
  [
    'an event is copied to another key',
    async (d) => d.entries.insert([{ ...(await oneEvent(d)), sk: 'event#another' }]),
    ['entry-unsequenced error', 'event-unreadable error'],
  ],
  [
    'a read is changed',
    async (d) => change(d.entries, await oneRead(d), ({ payload }) => ({ payload: flipped(payload, 20) })),
    ['event-unreadable error'],
  ],
  [
    'a row of a read is changed',
    async (d) => change(d.entries, await oneReadRow(d), ({ payload }) => ({ payload: flipped(payload, 20) })),
    ['event-unreadable error'],
  ],
  [
    'the subject of a read is another, by one who has all keys',
    async (d) => {
      const row = await oneReadRow(d)
      const scope = vaultScope(d.snapshot)
      const { key } = found(readsKeyOf(scope, await storedSubject(d.ledger, scope, identityOf(3))))
      const forged = { ...openSubjectRead(row, key), subject: 'WyJzYWx0Il0' }
      await change(d.entries, row, () => ({ payload: sealPayload(forged, key, row, d.ledger.random, 0) }))
    },
    ['event-differs error'],
  ],
  [
    'a read was cut short, and its subject has a row of it',
    async (d) => {
      const row = await oneReadRow(d)
      const scope = vaultScope(d.snapshot)
      const { key } = found(readsKeyOf(scope, await storedSubject(d.ledger, scope, identityOf(3))))
      const at = { pk: row.pk, sk: 'another' }
      const content = { ...openSubjectRead(row, key), read: { pk: 'acme#read#2026-11-22', sk: 'none' } }
      await d.entries.insert([{ ...at, values: { payload: sealPayload(content, key, at, d.ledger.random, 0) } }])
    },
    ['read-missing warning'],
  ],
  [
    'a read of an earlier form names somebody whom the vault does not know',
    async (d) => d.entries.insert([await earlierRead(d, { type: 'email', id: 'gone@example.org' })]),
    ['entry-unsequenced pending', 'read-names-unknown warning'],
  ],
  [
    'a read of an earlier form names somebody who is there',
    async (d) => d.entries.insert([await earlierRead(d, identityOf(3))]),
    ['entry-unsequenced pending'],
  ],
  [
    'an act is changed',
    async (d) => change(d.entries, await oneAct(d), ({ payload }) => ({ payload: flipped(payload, 20) })),
    ['entry-unsequenced pending', 'event-unreadable error'],
  ],
  [
    'an act has the leaf of a read',
    async (d) => {
      const { values } = await oneRead(d)
      await change(d.entries, await oneAct(d), () => ({ leaf: values.leaf }))
    },
    ['entry-unsequenced pending', 'event-differs error'],
  ],
  [
    'an act has an actor whom the vault does not know',
    async (d) => change(d.entries, await oneAct(d), () => ({ actor: 'nobody' })),
    ['entry-unsequenced pending', 'unexplained-loss error'],
  ],
  [
    'a read has another reader',
    async (d) => change(d.entries, await oneRead(d), () => ({ reader: 'nobody' })),
    ['unexplained-loss error'],
  ],
  [
    'a version is changed',
    async (d) =>
      change(d.entries, await versionOf(d), ({ record }) => ({ record: `${record}`.replace('"major"', '"minor"') })),
    ['record-differs error'],
  ],
  [
    'a version is changed together with its leaf',
    async (d) => {
      const { values } = await versionOf(d)
      const record = { ...JSON.parse(String(values.record)), level: 'minor' }
      await change(d.entries, await versionOf(d), () => ({ record: JSON.stringify(record), leaf: versionLeaf(record) }))
    },
    ['leaf-differs error', 'record-differs error'],
  ],
  [
    'a version cannot be read',
    async (d) => change(d.entries, await versionOf(d), () => ({ record: '{' })),
    ['record-differs error'],
  ],
  ['a text is changed', async (d) => d.objects.set(await textOf(d), Buffer.from('Anything')), ['text-differs error']],
  ['a text is gone', async (d) => d.objects.delete(await textOf(d)), ['text-missing error']],
  [
    'an entry is of no known kind',
    async (d) => d.entries.insert([{ pk: 'acme#what', sk: 'x', values: { leaf: '{}', hour: '2026-11-22T10' } }]),
    ['entry-unsequenced error', 'kind-unknown pending'],
  ],
  [
    'an erasure names another subject',
    async (d) => d.entries.insert([{ pk: 'acme#erased', sk: 'x', values: { leaf: '{"kind":"erased","sub":"y"}' } }]),
    ['entry-unsequenced pending', 'event-differs error'],
  ],
  [
    "the controller's record is gone",
    async (d) => d.entries.remove({ pk: 'acme#controller', sk: 'controller' }),
    ['controller-unreadable error', 'entry-missing error', 'vault-unreadable error'],
  ],
  [
    "the controller's secrets do not unwrap",
    (d) => change(d.entries, { pk: 'acme#controller', sk: 'controller' }, () => ({ secrets: Buffer.from('x') })),
    ['controller-unreadable error', 'vault-unreadable error'],
  ],
  [
    "the controller's secrets are others",
    (d) =>
      change(d.entries, { pk: 'acme#controller', sk: 'controller' }, ({ secrets }) => ({
        secrets: flipped(secrets, 3),
      })),
    ['vault-unreadable error', 'unexplained-loss error'],
  ],
  [
    'an item belongs to no controller',
    (d) => d.entries.insert([{ pk: 'ACME', sk: 'x', values: {} }]),
    ['item-stray error'],
  ],
]

const vault: Damage[] = [
  ['a subject is gone, and no erasure says why', (d) => d.vault.remove(vaultRow(d, 3)), ['unexplained-loss error']],
  [
    "a subject's key is another",
    (d) => change(d.vault, vaultRow(d, 3), ({ sub }) => ({ sub: flipped(sub, 20) })),
    ['unexplained-loss error', 'vault-unreadable error'],
  ],
  [
    "a year's key is another",
    (d) => change(d.vault, vaultRow(d, 3), ({ proof }) => ({ proof: flipped(proof, 20) })),
    ['event-unreadable error', 'vault-unreadable error'],
  ],
  [
    "a year's key is gone before its time",
    (d) => change(d.vault, vaultRow(d, 3), () => ({ proof: undefined })),
    ['unexplained-loss error'],
  ],
  [
    "a year's keys have no subject",
    (d) => d.vault.insert([{ pk: 'x', sk: 'year#2027', values: { year: 2027 } }]),
    ['vault-orphan error'],
  ],
]

describe.each([
  ['entries', entries],
  ['vault', vault],
  ['log', logDamages],
  ['objects', objectDamages],
])('damage to %s', (_, damages) => {
  test.each(damages)('is found when %s', async (_what, damage, checks) => {
    const d = await openDrill()
    await damage(d)
    expect(await d.checks()).toEqual(checks.toSorted())
  })
})
