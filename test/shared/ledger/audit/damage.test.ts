/** The tampering drill on the model: each damage, done past the ledger, is found by the checks that are named for it and by no others. */
import { describe, expect, test } from 'vitest'
import { versionLeaf } from '../../../../shared/consent/published-leaf.ts'
import { openSubjectRead } from '../../../../shared/ledger/auditors/audit-reads.ts'
import {
  checkpointObject,
  checkpointPk,
  indexItem,
  numberSk,
  servedCheckpoint,
} from '../../../../shared/ledger/log/log-items.ts'
import { openPayload, sealPayload } from '../../../../shared/ledger/sealed-payload.ts'
import { vaultScope } from '../../../../shared/ledger/vault/subject-keys.ts'
import { readsKeyOf, storedSubject } from '../../../../shared/ledger/vault/vault.ts'
import {
  batchesIn,
  change,
  type Drill,
  earlierRead,
  eventsIn,
  flipped,
  found,
  identityOf,
  keysOf,
  newestSize,
  oneAct,
  oneEvent,
  oneRead,
  oneReadRow,
  openDrill,
  rebatch,
  rowOf,
  vaultRow,
  versionOf,
} from './drill.ts'

/** A controller, its identity provider, a site, two versions, and the hour. */
const firstSize = 6
const tile = 'log/acme/tile/0/000'
const tileAbove = 'log/acme/tile/1/000.p/1'
const bundle = 'log/acme/tile/entries/000'

const certificateOf = ({ objects }: Drill) =>
  found([...objects.keys()].find((name) => name.startsWith('certificates/')))

/** What is done, and the checks that must find it. */
type Damage = [what: string, damage: (d: Drill) => unknown, checks: string[]]

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

const log: Damage[] = [
  [
    'an index row is changed',
    async (d) => change(d.log, await rowOf(d, 40), () => ({ index: 41 })),
    ['index-differs error'],
  ],
  [
    'an index row says another time',
    async (d) => change(d.log, await rowOf(d, 40), () => ({ at: '2026-11-22T09:00:00.000Z' })),
    ['index-differs error'],
  ],
  [
    'an index row has no index',
    async (d) => change(d.log, await rowOf(d, 40), () => ({ index: 'x' })),
    ['index-differs error'],
  ],
  ['an index row is missing', async (d) => d.log.remove(await rowOf(d, 40)), ['index-missing error']],
  [
    'an index row is of an entry in no batch',
    (d) => d.log.insert([indexItem({ pk: 'acme#nobody', sk: 'event#x' }, 40, '2026-11-22T12:00:00.000Z')]),
    ['index-differs error'],
  ],
  [
    'an index row is behind the end',
    (d) => d.log.insert([indexItem({ pk: 'acme#nobody', sk: 'event#x' }, 4000, '2026-11-22T12:00:00.000Z')]),
    ['index-differs error'],
  ],
  [
    'only the log knows a controller',
    (d) => d.log.insert([indexItem({ pk: 'other#nobody', sk: 'event#x' }, 0, '2026-11-22T12:00:00.000Z')]),
    ['controller-unreadable error'],
  ],
  [
    'two entries of a batch are swapped',
    (d) => rebatch(d, ([time, a, b, ...rest]) => [found(time), found(b), found(a), ...rest]),
    ['batch-root error', 'bundle-differs error', 'checkpoint-root error', 'index-differs error', 'tile-differs error'],
  ],
  [
    'two leaves of a batch are swapped, and not their entries',
    (d) =>
      rebatch(d, ([time, a, b, ...rest]) => [
        found(time),
        { key: found(a).key, leafHash: found(b).leafHash },
        { key: found(b).key, leafHash: found(a).leafHash },
        ...rest,
      ]),
    ['batch-root error', 'bundle-differs error', 'checkpoint-root error', 'leaf-differs error', 'tile-differs error'],
  ],
  [
    'two entries of a batch are swapped, and not their leaves',
    (d) =>
      rebatch(d, ([time, a, b, ...rest]) => [
        found(time),
        { key: found(b).key, leafHash: found(a).leafHash },
        { key: found(a).key, leafHash: found(b).leafHash },
        ...rest,
      ]),
    ['index-differs error', 'leaf-differs error'],
  ],
  [
    'the root of a batch is another',
    async (d) => change(d.log, found((await batchesIn(d))[1]), ({ root }) => ({ root: flipped(root, 3) })),
    ['batch-root error'],
  ],
  [
    'the compact range of a batch is another',
    async (d) => change(d.log, found((await batchesIn(d))[1]), ({ range }) => ({ range: flipped(range, 3) })),
    ['batch-root error'],
  ],
  [
    'the time of a batch is set back',
    async (d) => change(d.log, found((await batchesIn(d)).at(-1)), () => ({ at: '2026-11-22T09:00:00.000Z' })),
    ['batch-time error', 'index-differs error'],
  ],
  [
    'a batch is gone',
    async (d) => d.log.remove(found((await batchesIn(d))[3])),
    ['batch-gap error', 'checkpoint-beyond-log error', 'index-differs error'],
  ],
  [
    'the last batch is gone',
    async (d) => d.log.remove(found((await batchesIn(d)).at(-1))),
    ['checkpoint-beyond-log error', 'index-differs error'],
  ],
  [
    'the last batch is no batch',
    async (d) => change(d.log, found((await batchesIn(d)).at(-1)), () => ({ id: 'x' })),
    ['batch-malformed error', 'checkpoint-beyond-log error', 'index-differs error'],
  ],
  [
    'a batch is no batch',
    async (d) => change(d.log, found((await batchesIn(d))[3]), () => ({ id: 'x' })),
    ['batch-gap error', 'batch-malformed error', 'checkpoint-beyond-log error', 'index-differs error'],
  ],
]

const objects: Damage[] = [
  ['a byte of a bundle is changed', (d) => flip(d, bundle, 100), ['bundle-differs error']],
  ['a bundle is cut short', (d) => cut(d, bundle), ['bundle-differs error']],
  ['a bundle is gone', (d) => d.objects.delete(bundle), ['bundle-missing error']],
  ['a byte of a tile is changed', (d) => flip(d, tile, 100), ['tile-differs error']],
  ['a tile is cut short', (d) => cut(d, tile), ['tile-differs error']],
  ['a tile is gone', (d) => d.objects.delete(tile), ['tile-missing error']],
  ['a tile above level 0 is changed', (d) => flip(d, tileAbove, 3), ['tile-differs error']],
  [
    'an old checkpoint is put back: the object of the newest is gone',
    async (d) => d.objects.delete(checkpointObject('acme', await newestSize(d))),
    ['checkpoint-object-missing error', 'checkpoint-served-differs error'],
  ],
  [
    'an old checkpoint is put back: object and row of the newest are gone',
    async (d) => {
      const size = await newestSize(d)
      d.objects.delete(checkpointObject('acme', size))
      d.log.remove({ pk: checkpointPk('acme'), sk: numberSk(size) })
    },
    ['checkpoint-served-differs error', 'unpublished error'],
  ],
  [
    'the row of the newest checkpoint is gone',
    async (d) => d.log.remove({ pk: checkpointPk('acme'), sk: numberSk(await newestSize(d)) }),
    ['checkpoint-row-missing warning'],
  ],
  [
    'the row of an older checkpoint is gone',
    (d) => d.log.remove({ pk: checkpointPk('acme'), sk: numberSk(firstSize) }),
    ['checkpoint-row-missing error'],
  ],
  [
    'every checkpoint is gone',
    async (d) => {
      for (const name of [...d.objects.keys()]) if (name.includes('checkpoint')) d.objects.delete(name)
      for (const { sk } of (await d.log.query(checkpointPk('acme'))).items)
        d.log.remove({ pk: checkpointPk('acme'), sk })
    },
    ['checkpoint-none error', 'unpublished error'],
  ],
  [
    'a signature of a checkpoint is another',
    (d) => {
      const name = checkpointObject('acme', firstSize)
      const note = Buffer.from(found(d.objects.get(name))).toString()
      const other = note.replace(
        /(\n— ledger\.example\/acme .{20})(.)/,
        (_, before, sign) => before + (sign === 'A' ? 'B' : 'A'),
      )
      d.objects.set(name, Buffer.from(other))
    },
    ['checkpoint-copies-differ error', 'checkpoint-unsigned error'],
  ],
  [
    'a checkpoint lacks the witness',
    (d) => {
      const name = checkpointObject('acme', firstSize)
      const note = Buffer.from(found(d.objects.get(name))).toString()
      const alone = note.replace(/\n— ledger\.example\/witness .*\n$/, '\n')
      d.objects.set(name, Buffer.from(alone))
      d.log.replace({ pk: checkpointPk('acme'), sk: numberSk(firstSize), values: { note: alone } })
    },
    ['checkpoint-unsigned error'],
  ],
  [
    "a checkpoint is another size's",
    (d) => d.objects.set(checkpointObject('acme', firstSize), found(d.objects.get(checkpointObject('acme', 0)))),
    ['checkpoint-copies-differ error', 'checkpoint-unsigned error'],
  ],
  [
    'a checkpoint is where no batch ends',
    async (d) => {
      const [row] = await d.log.get([{ pk: checkpointPk('acme'), sk: numberSk(firstSize) }])
      await d.log.insert([{ ...found(row), sk: numberSk(firstSize + 1) }])
    },
    ['checkpoint-beyond-log error', 'checkpoint-object-missing error', 'checkpoint-unsigned error'],
  ],
  [
    'something else is listed before the newest checkpoint',
    (d) => d.objects.set('log/acme/checkpoints/000', Buffer.from('x')),
    ['checkpoint-unsigned error'],
  ],
  [
    'a certificate is changed',
    (d) => {
      const name = certificateOf(d)
      d.objects.set(name, flipped(d.objects.get(name), 30))
    },
    ['certificate-unsigned error'],
  ],
  [
    'a certificate has the name of another year',
    (d) => {
      const name = certificateOf(d)
      d.objects.set(name.replace(/2026$/, '2025'), found(d.objects.get(name)))
    },
    ['certificate-differs error'],
  ],
  [
    'the served checkpoint is an old one',
    (d) => d.objects.set(servedCheckpoint('acme'), found(d.objects.get(checkpointObject('acme', firstSize)))),
    ['checkpoint-served-behind warning'],
  ],
]

async function textOf(d: Drill): Promise<string> {
  return `texts/${JSON.parse(String((await versionOf(d)).values.record)).texts[0].sha256}`
}

const flip = (d: Drill, name: string, at: number) => d.objects.set(name, flipped(d.objects.get(name), at))
const cut = (d: Drill, name: string) => d.objects.set(name, found(d.objects.get(name)).slice(0, -1))

describe.each([
  ['entries', entries],
  ['vault', vault],
  ['log', log],
  ['objects', objects],
])('damage to %s', (_, damages) => {
  test.each(damages)('is found when %s', async (_what, damage, checks) => {
    const d = await openDrill()
    await damage(d)
    expect(await d.checks()).toEqual(checks.toSorted())
  })
})
