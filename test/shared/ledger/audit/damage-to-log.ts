/** Damages to what the log has stored: in its table, and in the bucket of its objects. */
import {
  checkpointObject,
  checkpointPk,
  indexItem,
  numberSk,
  servedCheckpoint,
} from '../../../../shared/ledger/log/log-items.ts'
import type { Damage } from './damage.ts'
import type { Drill } from './drill-items.ts'
import { batchesIn, change, flipped, found, newestSize, rebatch, rowOf } from './drill-items.ts'

/** A controller, its identity provider, a site, two versions, and the hour. */
const firstSize = 6
const tile = 'log/acme/tile/0/000'
const tileAbove = 'log/acme/tile/1/000.p/1'
const bundle = 'log/acme/tile/entries/000'

const certificateOf = ({ objects }: Drill) =>
  found([...objects.keys()].find((name) => name.startsWith('certificates/')))

export const logDamages: Damage[] = [
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

export const objectDamages: Damage[] = [
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

const flip = (d: Drill, name: string, at: number) => d.objects.set(name, flipped(d.objects.get(name), at))
const cut = (d: Drill, name: string) => d.objects.set(name, found(d.objects.get(name)).slice(0, -1))
