/**
 * `log check` on folders that a real publisher filled: a ledger's own objects, and a mirror of what it serves. One log grows through
 * sizes around the bounds of tiles, so both folders also hold the partial tiles and checkpoints of the sizes before.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkpointPath } from '../../../infra/command/checkpoint-files.ts'
import { directoryLog, logsIn } from '../../../infra/command/directory-log.ts'
import { CopyFolder } from '../../../infra/command/mirror/copy-folder.ts'
import { copyLog } from '../../../infra/command/mirror/copy-log.ts'
import { directoryObjects } from '../../../infra/local/data/directory-objects.ts'
import { logKey, witnessKey } from '../../../shared/ledger/log/checkpoint-store.ts'
import { newestPublishedCheckpoint } from '../../../shared/ledger/log/cosignatures.ts'
import { servedCheckpoint, timePk } from '../../../shared/ledger/log/log-items.ts'
import { bundleBytes, checkpointsAfter, tileBytes } from '../../../shared/ledger/log/log-reader.ts'
import { openLog } from '../../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries, sequencerRules } from '../../../shared/ledger/log/sequencer.ts'
import { objectCache } from '../../../shared/ledger/object-cache.ts'
import { formatSignatureLine } from '../../../shared/tlog/add-checkpoint.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { formatVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { checkLog, type LogCheckOptions } from '../../../shared/verify/log-check.ts'
import { cutBundle, type LogSource } from '../../../shared/verify/log-source.ts'
import type { LogState } from '../../../shared/verify/log-state.ts'
import { parsePolicy, policyOfKeys } from '../../../shared/verify/verify.ts'
import { signatureOf, witness } from '../../shared/tlog/signing.ts'
import { checkpointSigner, witnessSigner } from '../../support/memory-log-writer.ts'
import { controller, type SampleLog, sampleLog } from '../../support/sample-log.ts'

const host = 'ledger.example'
const policy = policyOfKeys([
  formatVerifierKey(logKey(host, controller, checkpointSigner.publicKey)),
  formatVerifierKey(witnessKey(host, witnessSigner.publicKey)),
])
const sizes = [0, 1, 30, 255, 256, 257, 511, 512, 700, 65_536 + 300]

let root: string
/** The folders as they were when the log had each size. */
const stages = new Map<number, { readonly objects: string; readonly own: string; readonly mirror: string }>()

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'log-folders-'))
  const objects = join(root, 'objects')
  const mirror = join(root, 'mirror')
  const sample: SampleLog = { ...sampleLog(), objects: directoryObjects(objects) }
  await openLog(sample, controller)
  for (const [i, size] of sizes.entries()) {
    await grow(sample, sizes[i - 1] ?? 0, size)
    const copy = await CopyFolder.open(mirror)
    await copyLog(served(sample), copy, policy, { keysFrom: 'given', hasEntries: i > 0 })
    const stage = join(root, String(size))
    await cp(objects, join(stage, 'objects'), { recursive: true })
    await cp(mirror, join(stage, 'mirror'), { recursive: true })
    stages.set(size, {
      objects: join(stage, 'objects'),
      own: join(stage, 'objects/log/acme'),
      mirror: join(stage, 'mirror'),
    })
  }
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Entries until the log has this size. No hour is marked, so that it can have a single leaf. */
async function grow(sample: SampleLog, from: number, to: number): Promise<void> {
  const keys = Array.from({ length: to - from }, (_, i) => ({ pk: `${controller}#erased`, sk: `e${from + i}` }))
  const leaves = keys.map(({ sk }) => `{"kind":"erased","sub":"${sk}","v":1}`)
  await sample.entries.insert(keys.map((key, i) => ({ ...key, values: { leaf: leaves[i] ?? '' } })))
  const pending: typeof sequencerRules.pending = async (_log, _batch, all) =>
    all.filter(({ pk }) => pk !== timePk(controller))
  const announced = keys.map((key) => ({ key }))
  await sequenceEntries(sample, controller, announced, newSequencerMemory(), { ...sequencerRules, pending })
  await publishCheckpoint(sample, controller)
}

/** The log as the ledger serves it. */
function served(sample: SampleLog): LogSource {
  const reader = { ...sample, cached: objectCache() }
  const found = async (bytes: Promise<Uint8Array | undefined>) => (await bytes) ?? new Uint8Array()
  return {
    checkpoint: async () => (await newestPublishedCheckpoint(reader, controller)).note,
    checkpoints: async (after) => ({ checkpoints: await checkpointsAfter(reader, controller, after, 500) }),
    tile: (tile) => found(tileBytes(reader, controller, tile)),
    bundle: (bundle) => found(bundleBytes(reader, controller, bundle)),
  }
}

const check = async (folder: string, options?: LogCheckOptions) => checkLog(await directoryLog(folder), policy, options)

describe.each(sizes)('a log of %i', (size) => {
  const published = sizes.filter((each) => each <= size)

  it('is valid in a mirror, to its last leaf', async () => {
    const { mirror } = stages.get(size) ?? { mirror: '' }
    const found = await check(mirror)
    expect(found).toMatchObject({ verdict: 'valid', size, covered: size, checkpoints: published.length, notes: [] })
    expect(found.kinds.erased ?? 0).toBe(size)
  })

  it("is valid in the ledger's own folder, to its last full tile, and what is not covered is said", async () => {
    const covered = size - (size % 256)
    const { own } = stages.get(size) ?? { own: '' }
    for (const tilesOnly of [false, true]) {
      const found = await check(own, { tilesOnly })
      expect(found).toMatchObject({ verdict: 'valid', size, covered })
      expect(found.checkpoints).toBe(published.filter((each) => each <= covered).length)
      const uncovered = found.notes.filter((note) => note.includes('in no file'))
      expect(uncovered).toEqual(
        covered === size ? [] : [expect.stringContaining(`Leaves ${covered} to ${size - 1} are in no file here`)],
      )
    }
  })

  it('is found where the objects are', async () => {
    const { objects, own } = stages.get(size) ?? { objects: '', own: '' }
    expect(await logsIn(objects)).toEqual([own])
  })
})

describe('a folder whose newest checkpoint an outside witness cosigned', () => {
  const north = witness('witness.example/north')
  const withQuorum = parsePolicy(
    [
      `log ${formatVerifierKey(logKey(host, controller, checkpointSigner.publicKey))}`,
      `witness operator ${formatVerifierKey(witnessKey(host, witnessSigner.publicKey))}`,
      `witness north ${formatVerifierKey(north.key)}\nquorum north\n`,
    ].join('\n'),
  )

  async function cosigned(copy: string): Promise<void> {
    const note = await readFile(copy, 'utf8')
    await writeFile(copy, note + formatSignatureLine(signatureOf(north, parseNote(note).text, 1_795_348_900)))
  }

  it('is valid with its lines in the served copy, which the stored checkpoint lacks', async () => {
    const { objects } = stages.get(512) ?? { objects: '' }
    const folder = join(root, 'cosigned')
    await cp(objects, folder, { recursive: true })
    const copy = join(folder, servedCheckpoint(controller))
    await cosigned(copy)
    expect(await check(join(folder, 'log/acme'))).toMatchObject({ verdict: 'valid', size: 512 })
    await writeFile(copy, `${await readFile(copy, 'utf8')}more\n`)
    expect(await check(join(folder, 'log/acme'))).toMatchObject({ verdict: 'invalid' })
  })

  it('has the quorum of its newest checkpoint, and the older ones need none', async () => {
    const { mirror } = stages.get(30) ?? { mirror: '' }
    const folder = join(root, 'cosigned-mirror')
    await cp(mirror, folder, { recursive: true })
    const checked = async () => (await checkLog(await directoryLog(folder), withQuorum, {})).verdict
    expect(await checked()).toBe('invalid')
    await cosigned(join(folder, 'checkpoint'))
    expect(await checked()).toBe('valid')
  })
})

describe('a folder whose check went on from an earlier one', () => {
  it('compares the root that was out of reach before', async () => {
    const states: LogState[] = []
    await check(stages.get(700)?.own ?? '', { onState: (state) => void states.push(state) })
    const state = states.at(-1)
    expect(state).toMatchObject({ size: 512, newest: { size: 700 } })
    const newest = stages.get(65_836)?.own ?? ''
    expect(await check(newest, { state })).toMatchObject({
      verdict: 'valid',
      from: 512,
      covered: 65_792,
      checkpoints: 3,
    })
    const forked = state && { ...state, newest: { ...state.newest, root: state.range[0] ?? '' } }
    expect(await check(newest, { state: forked })).toMatchObject({
      verdict: 'invalid',
      failed: { what: 'checkpoint 700' },
    })
  })
})

/** What is done to the folder when the log had 700 leaves, and what the check then names. */
type Damage = (folder: string) => Promise<unknown>
const copyOf =
  (from: string, to: string): Damage =>
  async (folder) =>
    cp(join(folder, from), join(folder, to))
const change =
  (path: string, bytes: (given: Buffer) => Uint8Array): Damage =>
  async (folder) =>
    writeFile(join(folder, path), bytes(await readFile(join(folder, path))))
const gone =
  (path: string): Damage =>
  (folder) =>
    rm(join(folder, path))
const flip = (at: number) => (given: Buffer) => given.map((byte, i) => (i === at ? byte ^ 1 : byte))

const damages: [what: string, kind: 'own' | 'mirror', damage: Damage, named: string][] = [
  [
    'a checkpoint with the name of another size',
    'own',
    copyOf(checkpointPath(512), checkpointPath(600)),
    'invalid checkpoint 600',
  ],
  [
    'the newest under the name of an older one',
    'own',
    copyOf(checkpointPath(512), checkpointPath(700)),
    'invalid checkpoint 700',
  ],
  [
    'a checkpoint beyond the newest with a name of its own',
    'own',
    copyOf(checkpointPath(700), checkpointPath(900)),
    'invalid checkpoint 900',
  ],
  ['the same in a mirror', 'mirror', copyOf(checkpointPath(512), checkpointPath(900)), 'invalid checkpoint 900'],
  [
    'a checkpoint of a size no leaf is here for, unsigned',
    'own',
    change(checkpointPath(700), (given) => given.subarray(0, -2)),
    'invalid checkpoint',
  ],
  [
    'a tile of an earlier width that is too long',
    'own',
    copyOf('tile/1/000.p/2', 'tile/1/000.p/1'),
    'invalid tile/1/000.p/1',
  ],
  ['a tile of an earlier width with another hash', 'own', change('tile/1/000.p/1', flip(3)), 'invalid tile/1/000.p/1'],
  [
    'a bundle of an earlier width that is too long',
    'mirror',
    copyOf('tile/entries/002.p/188', 'tile/entries/002.p/30'),
    'invalid tile/entries/002.p/30',
  ],
  [
    'a bundle of an earlier width with another entry',
    'mirror',
    async (folder) => {
      const wider = await readFile(join(folder, 'tile/entries/002.p/188'))
      await writeFile(join(folder, 'tile/entries/002.p/30'), flip(24)(Buffer.from(cutBundle(wider, 30))))
    },
    'invalid tile/entries/002.p/30',
  ],
  [
    'a tile beyond the newest that is too short',
    'own',
    copyOf('tile/1/000.p/1', 'tile/1/000.p/9'),
    'invalid tile/1/000.p/9',
  ],
  ['a full tile that is gone', 'own', gone('tile/0/001'), 'undetermined tile/0/001'],
  ['the last tile of a mirror that is gone', 'mirror', gone('tile/0/002.p/188'), 'undetermined tile/0/002.p/188'],
  [
    'the last bundle of a mirror that is gone',
    'mirror',
    gone('tile/entries/002.p/188'),
    'undetermined tile/entries/002.p/188',
  ],
  [
    'a served checkpoint that was changed',
    'own',
    change('../../served/acme/checkpoint', flip(30)),
    'invalid served checkpoint',
  ],
]

describe('a folder that was tampered with', () => {
  let copies = 0
  async function damaged(kind: 'own' | 'mirror', damage: Damage): Promise<string> {
    const copy = join(root, `damaged-${copies++}`)
    await cp(join(root, '700'), copy, { recursive: true })
    const folder = kind === 'own' ? join(copy, 'objects/log/acme') : join(copy, 'mirror')
    await damage(folder)
    return folder
  }

  it.each(damages)('%s', async (_, kind, damage, named) => {
    const { verdict, failed } = await check(await damaged(kind, damage))
    expect(`${verdict} ${failed?.what}`).toBe(named)
  })

  it('a served checkpoint that lags, and files that belong to no log, are reported and refute nothing', async () => {
    const folder = await damaged('own', async (own) => {
      await cp(join(own, checkpointPath(512)), join(own, '../../served/acme/checkpoint'))
      await writeFile(join(own, 'tile/0/notes.txt'), 'mine')
    })
    const { verdict, notes } = await check(folder)
    expect(verdict).toBe('valid')
    const said = notes.join('\n')
    expect(said).toContain('"tile/0/notes.txt"')
    expect(said).toContain('The served checkpoint is of size 512, behind the newest, of size 700')
  })

  it('a mirror that lags behind its own checkpoints is reported', async () => {
    const folder = await damaged('mirror', copyOf(checkpointPath(512), 'checkpoint'))
    const { verdict, size, notes } = await check(folder)
    expect({ verdict, size }).toEqual({ verdict: 'valid', size: 512 })
    expect(notes.join('\n')).toContain('A checkpoint of size 700 is there too')
  })
})
