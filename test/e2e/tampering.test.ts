/**
 * The tampering drill on a real data folder: whoever has the machine changes what is stored, past the ledger; `fsck` names each
 * damage. Where the published log itself shows it, an auditor who has nothing but the log's key finds it too.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { lockDataFolder } from '../../infra/local/data/data-folder.ts'
import { auditLedger } from '../../infra/local/fsck/audit-report.ts'
import { openStoppedLedger } from '../../infra/local/fsck/stopped-ledger.ts'
import { newestOperations, reportsInFolder } from '../../infra/operations/stored-operations.ts'
import { LedgerError } from '../../shared/errors.ts'
import { newestPublishedCheckpoint } from '../../shared/ledger/log/cosignatures.ts'
import { checkpointObject, checkpointPk, numberSk, servedCheckpoint } from '../../shared/ledger/log/log-items.ts'
import { bundleBytes, checkpointsAfter, tileBytes } from '../../shared/ledger/log/log-reader.ts'
import { objectCache } from '../../shared/ledger/object-cache.ts'
import { parsePolicy } from '../../shared/tlog/tlog-policy.ts'
import { checkLog, type LogCheckOptions } from '../../shared/verify/log-check.ts'
import type { LogSource } from '../../shared/verify/log-source.ts'
import type { LogState } from '../../shared/verify/log-state.ts'
import { controller, type DamagedCopy, type LedgerCopies, makeLedger } from '../support/ledger-copies.ts'
import {
  bundle,
  changeEntry,
  changeRecord,
  entryAt,
  firstSize,
  flipped,
  found,
  newestSize,
  olderDraft,
  rebatch,
  rowOf,
  textObject,
  tile,
} from './stored-damage.ts'

const eventCount = 300
let ledger: LedgerCopies

beforeAll(async () => {
  ledger = await makeLedger(eventCount)
})
afterAll(() => ledger.remove())

async function checksOf(dataFolder: string): Promise<string[]> {
  const { counts } = await auditLedger(await openStoppedLedger(dataFolder, Date.now), {
    redrive: false,
    progress: () => {},
  })
  return Object.keys(counts).sort()
}

/** The report of a redrive that ended, without its changes and findings. */
const redriven = {
  ...{ v: 1, job: 'fsck', dryRun: false, startedBy: 'command', outcome: 'done', counts: {} },
  ...{ startedAt: expect.any(String), endedAt: expect.any(String) },
}

/** What fsck has done in this folder, newest first. */
async function operationsIn(dataFolder: string) {
  const store = await reportsInFolder(dataFolder)
  return (await newestOperations(store, 10, ['fsck'])).map(({ report }) => report)
}

/** What the auditor's walk through the log, as it would be served from this folder, comes to. */
async function walked(dataFolder: string, options: LogCheckOptions = {}): Promise<string> {
  const { logWriter, close } = await openStoppedLedger(dataFolder, Date.now)
  const reader = {
    ...logWriter,
    entries: { ...logWriter.entries, insert: refuse, query: refuse },
    cached: objectCache(),
  }
  const served = async (bytes: Promise<Uint8Array | undefined>) => (await bytes) ?? new Uint8Array()
  const source: LogSource = {
    checkpoint: async () => (await newestPublishedCheckpoint(reader, controller)).note,
    checkpoints: async (after) => ({ checkpoints: await checkpointsAfter(reader, controller, after, 500) }),
    tile: (tile) => served(tileBytes(reader, controller, tile)),
    bundle: (bundle) => served(bundleBytes(reader, controller, bundle)),
  }
  try {
    const { verdict, failed } = await checkLog(source, parsePolicy(ledger.policy), options)
    return failed ? `${verdict}: ${failed.what}` : verdict
  } catch (error) {
    if (error instanceof LedgerError) return `refused: ${error.code}`
    throw error
  } finally {
    await close()
  }
}

function refuse(): never {
  throw new Error('the log is only read')
}

/** What is done; what `fsck` finds; what the auditor finds who walks the log. Leaf 40 is in a full bundle, leaf 300 is not. */
const damages: [what: string, damage: (copy: DamagedCopy) => unknown, checks: string[], walk: string | RegExp][] = [
  ['nothing was', () => {}, [], 'valid'],
  [
    'the content of an event is changed',
    (copy) => changeEntry(copy, 40, ({ payload }) => ({ payload: flipped(payload, 30) })),
    ['event-unreadable error'],
    'valid',
  ],
  [
    'the stored leaf of an event is changed, which a bundle still has',
    (copy) => changeEntry(copy, 40, ({ leaf }) => ({ leaf: `${leaf} ` })),
    ['event-differs error', 'leaf-differs error'],
    'valid',
  ],
  [
    'the stored leaf of an event is changed, which no bundle has yet',
    (copy) => changeEntry(copy, 300, ({ leaf }) => ({ leaf: `${leaf} ` })),
    ['event-differs error', 'leaf-differs error'],
    'refused: log-forked',
  ],
  [
    'the last event of a subject is deleted',
    async (copy) => copy.remove('entries', await rowOf(copy, 300)),
    ['entry-missing error'],
    'refused: log-forked',
  ],
  [
    'an entry is in no batch',
    async (copy) => copy.put('entries', { ...(await entryAt(copy, 40)), pk: `${controller}#unknown` }),
    ['entry-unsequenced error', 'unexplained-loss error'],
    'valid',
  ],
  [
    'a byte of a bundle is changed',
    async (copy) => copy.putObject(bundle, flipped(await copy.object(bundle), 5_000)),
    ['bundle-differs error'],
    /^invalid: tile\/entries\/000, leaf \d+$/,
  ],
  [
    'a byte of a tile is changed',
    async (copy) => copy.putObject(tile, flipped(await copy.object(tile), 40)),
    ['tile-differs error'],
    'invalid: tile/entries/000, leaf 1',
  ],
  [
    'an old checkpoint is put back: the newest is gone from the table and from the objects',
    async (copy) => {
      const size = await newestSize(copy)
      await copy.remove('log', { pk: checkpointPk(controller), sk: numberSk(size) })
      await copy.removeObject(checkpointObject(controller, size))
    },
    ['checkpoint-served-differs error', 'unpublished error'],
    'valid',
  ],
  [
    'only the object of the newest checkpoint is gone',
    async (copy) => copy.removeObject(checkpointObject(controller, await newestSize(copy))),
    ['checkpoint-object-missing error', 'checkpoint-served-differs error'],
    'valid',
  ],
  [
    'two leaves change places, and not their entries',
    (copy) =>
      rebatch(copy, 300, (a, b) => [
        { key: a.key, leafHash: b.leafHash },
        { key: b.key, leafHash: a.leafHash },
      ]),
    ['batch-root error', 'checkpoint-root error', 'leaf-differs error'],
    'refused: log-forked',
  ],
  [
    'two entries change places',
    (copy) => rebatch(copy, 300, (a, b) => [b, a]),
    ['batch-root error', 'checkpoint-root error', 'index-differs error'],
    /^invalid: checkpoint/,
  ],
  [
    'an index row is another',
    async (copy) => copy.put('log', { ...(await rowOf(copy, 40)), values: { index: 41 } }),
    ['index-differs error'],
    'valid',
  ],
  ['an index row is gone', async (copy) => copy.remove('log', await rowOf(copy, 40)), ['index-missing error'], 'valid'],
  [
    'a subject is gone from the vault, and no erasure says why',
    async (copy) => {
      const rows = await copy.items('vault')
      for (const { pk, sk } of rows.slice(0, 2)) await copy.remove('vault', { pk, sk })
    },
    ['unexplained-loss error'],
    'valid',
  ],
  [
    'the digest of what was sent is changed, so that a replay would be a conflict',
    (copy) => changeEntry(copy, 40, ({ digest }) => ({ digest: flipped(digest, 3) })),
    ['event-differs error'],
    'valid',
  ],
  [
    'the served checkpoint is an old one',
    async (copy) =>
      copy.putObject(
        servedCheckpoint(controller),
        await copy.object(checkpointObject(controller, await firstSize(copy))),
      ),
    ['checkpoint-served-behind warning'],
    'valid',
  ],
  [
    'a site admits another origin',
    async (copy) => changeRecord(copy, 'site#', (record) => ({ ...record, origins: ['https://evil.example'] })),
    ['record-differs error'],
    'valid',
  ],
  [
    'tokens are verified with the keys of another',
    async (copy) => changeRecord(copy, 'identity-provider', (record) => ({ ...record, jwks: { keys: [] } })),
    ['record-differs error'],
    'valid',
  ],
  [
    'a site has no leaf, as those of before',
    async (copy) => {
      const site = found((await copy.items('entries')).find(({ sk }) => sk.startsWith('site#')))
      const { leaf: _, ...values } = site.values
      await copy.put('entries', {
        ...site,
        sk: 'site#older',
        values: {
          ...values,
          record: `${values.record}`.replace(/"site":"[^"]*"/, '"site":"older"'),
          draft: olderDraft(values.record),
        },
      })
    },
    ['leaf-none note'],
    'valid',
  ],
  [
    'a text is another',
    async (copy) => copy.putObject(await textObject(copy), Buffer.from('Anything')),
    ['text-differs error'],
    'valid',
  ],
]

describe('the drill', () => {
  test.each(damages)('%s', async (_, damage, checks, walk) => {
    const folder = await ledger.damaged(damage)
    expect(await checksOf(folder)).toEqual(checks)
    expect(await walked(folder)).toEqual(typeof walk === 'string' ? walk : expect.stringMatching(walk))
  })

  it('an auditor who kept what was seen before finds that an old checkpoint was put back', async () => {
    const states: LogState[] = []
    expect(await walked(await ledger.damaged(() => {}), { onState: (state) => void states.push(state) })).toBe('valid')
    const folder = await ledger.damaged(async (copy) => {
      const size = await newestSize(copy)
      await copy.remove('log', { pk: checkpointPk(controller), sk: numberSk(size) })
      await copy.removeObject(checkpointObject(controller, size))
    })
    expect(await walked(folder, { state: states.at(-1) })).toBe('invalid: checkpoint')
  })
})

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function fsck(...args: string[]): Promise<Ended> {
  const program = join(import.meta.dirname, '../../infra/local/fsck/fsck.ts')
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, out, err }
}

describe('npm run fsck', () => {
  it('says that a sound ledger is clean', async () => {
    const folder = await ledger.damaged(() => {})
    const { code, out } = await fsck('--data', folder)
    expect(out).toContain('300 events, 1 reads')
    expect(out).toContain('No findings.')
    expect(code).toBe(0)
  })

  it('names what it finds, and where, for people and for programs', async () => {
    const folder = await ledger.damaged(async (copy) => copy.remove('entries', await rowOf(copy, 300)))
    const { code, out } = await fsck('--data', folder)
    expect(out).toMatch(/error {2}entry-missing {2}\(1\).*\n {4}ljungsten {2}leaf 300 /)
    expect(code).toBe(1)
    const json = await fsck('--data', folder, '--json')
    expect(JSON.parse(json.out)).toMatchObject({ clean: false, counts: { 'entry-missing error': 1 } })
    expect(json.code).toBe(1)
  })

  it('changes nothing, and with --redrive gives what nobody announced its leaf', async () => {
    const folder = await ledger.damaged(async (copy) => {
      // As if the doorbell had been lost with the last batch, which was never published.
      const read = found((await copy.items('entries')).find(({ pk }) => pk.includes('#read#')))
      await copy.put('entries', { ...read, pk: `${controller}#what`, values: { leaf: '{}', hour: '2026-01-01T10' } })
    })
    for (let i = 0; i < 2; i++)
      expect(await checksOf(folder)).toEqual(['entry-unsequenced error', 'kind-unknown pending'])
    const dry = await fsck('--data', folder, '--redrive', '--dry-run')
    expect(dry.out).toMatch(/Would be redriven: ljungsten; 1 entries would get their leaf, .*Nothing was written\./)
    expect(await checksOf(folder)).toEqual(['entry-unsequenced error', 'kind-unknown pending'])
    expect(await operationsIn(folder)).toEqual([])
    const { code, out } = await fsck('--data', folder, '--redrive')
    expect(out).toMatch(/Redriven: ljungsten; 1 entries got their leaf/)
    const size = (text: string) => /newest checkpoint (?:would have|has) (\d+)/.exec(text)?.[1]
    expect(size(out)).toBe(size(dry.out))
    expect(await operationsIn(folder)).toEqual([
      {
        ...redriven,
        changes: [
          { change: 'entries-sequenced', count: 1, controller },
          { change: 'logs-published', count: 1, controller },
        ],
        findings: [],
      },
    ])
    expect(code).toBe(1)
    expect(await checksOf(folder)).toEqual(['kind-unknown pending'])
    const after = await fsck('--data', folder)
    expect(after.code).toBe(0)
    expect(after.out).toContain('pending  kind-unknown  (1)')
    expect(after.out).toContain('Nothing is damaged. Of the findings above, 1 pending')
    expect(after.out).not.toContain('No findings')
  })

  it('does not redrive into a damaged log', async () => {
    const folder = await ledger.damaged(async (copy) => {
      await copy.remove('log', await rowOf(copy, 40))
      await copy.put('entries', { pk: `${controller}#what`, sk: 'x', values: { leaf: '{}', hour: '2026-01-01T10' } })
    })
    const { code, out } = await fsck('--data', folder, '--redrive')
    expect(out).toContain('Not redriven: ljungsten; its log is damaged (index-missing)')
    expect(await operationsIn(folder)).toEqual([
      {
        ...redriven,
        changes: [],
        findings: [{ finding: 'not-redriven', count: 1, controller, check: 'index-missing' }],
      },
    ])
    expect(code).toBe(1)
    expect(await checksOf(folder)).toContain('entry-unsequenced error')
  })

  it('refuses, with a sentence, what it cannot do', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'fsck-'))
    expect(await fsck('--data', empty)).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no ledger in'),
    })
    expect(await readdir(empty)).toEqual([])
    await rm(empty, { recursive: true })
    expect(await fsck('--what')).toMatchObject({ code: 2, err: expect.stringContaining("Unknown option '--what'") })
    const served = await ledger.damaged(() => {})
    const held = await lockDataFolder(served, () => {})
    const said = expect.stringContaining('another process has the data folder')
    expect(await fsck('--data', served)).toMatchObject({ code: 2, out: '', err: said })
    await held.release()
  })
})
