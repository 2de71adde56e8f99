/**
 * What an erasure leaves on the disk of one machine: nothing, once the vault’s file has been vacuumed; and a ledger that the self-audit
 * finds sound at every point on the way.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDemoWorld } from '../../infra/demo/world.ts'
import { auditLedger } from '../../infra/local/fsck/audit-report.ts'
import { openStoppedLedger } from '../../infra/local/fsck/stopped-ledger.ts'
import { type LocalLedger, openLocalLedger } from '../../infra/local/local-ledger.ts'
import { createSite } from '../../shared/ledger/controllers/create-controller.ts'
import { eraseSubject } from '../../shared/ledger/erasure/erase-subject.ts'
import { recordEvents } from '../../shared/ledger/recording/record-events.ts'
import type { Item } from '../../shared/ledger/store.ts'
import { type VaultScope, vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { vaultKey } from '../../shared/ledger/vault/vault.ts'
import { submission } from '../support/memory-ledger.ts'
import { storedItems } from '../support/stored-items.ts'

const identity = { type: 'email', id: 'kim@example.org' }
const others = Array.from({ length: 60 }, (_, n) => ({ type: 'email', id: `person-${n}@example.org` }))
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forgotten-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const open = (dataFolder: string, clock = Date.now) => openLocalLedger({ dataFolder, clock, log: { cycleMs: 20 } })

const eraseKim = (local: LocalLedger, scope: VaultScope) =>
  eraseSubject(local.eraser, scope, identity, { ground: 'data-subject-request', scope: 'subject' })

/** Kim and sixty others, one event each. */
async function write(local: LocalLedger): Promise<{ readonly scope: VaultScope; readonly rows: readonly Item[] }> {
  await openDemoWorld(local)
  const snapshot = await local.ledger.controllers.current('ljungsten')
  if (snapshot === undefined) throw new Error('no demo world')
  const scope: VaultScope = vaultScope(snapshot)
  const occurredAt = new Date().toISOString()
  const written = await recordEvents(
    local.ledger,
    snapshot,
    [identity, ...others].map((each, n) =>
      submission(
        { eventId: `event-${n}`, occurredAt, decisions: [{ purposeId: 'newsletter', verb: 'given' }] },
        { identity: each },
      ),
    ),
  )
  expect(written.outcomes.map(({ outcome }) => outcome)).toEqual(Array(61).fill('recorded'))
  await local.runner.settle()
  const pk = vaultKey(scope, identity)
  const rows = (await storedItems(local.endpoints[1], 'vault')).filter((row) => row.pk === pk)
  expect(rows).toHaveLength(1)
  return { scope, rows }
}

/** Kim’s rows as they were. */
async function writeAndErase(local: LocalLedger): Promise<readonly Item[]> {
  const { scope, rows } = await write(local)
  await eraseKim(local, scope)
  return rows
}

/** Names of the vault’s files that hold one of these rows’ names or wrapped keys. */
async function filesWith(dataFolder: string, rows: readonly Item[]): Promise<string[]> {
  const traces = rows.flatMap(({ pk, values: { sub, proof, context } }) => [
    Buffer.from(pk),
    ...[sub, proof, context].flatMap((key) => {
      const bytes = Buffer.from(key as Uint8Array)
      return [bytes, Buffer.from(bytes.toString('base64')), Buffer.from(bytes.toString('hex'))]
    }),
  ])
  const names = (await readdir(dataFolder)).filter((name) => name.startsWith('vault.db'))
  const found: string[] = []
  for (const name of names) {
    const bytes = await readFile(join(dataFolder, name)).catch(() => Buffer.alloc(0))
    if (traces.some((trace) => bytes.includes(trace))) found.push(name)
  }
  return found
}

const audited = async (dataFolder: string, clock = Date.now) =>
  auditLedger(await openStoppedLedger(dataFolder, clock), { redrive: true, progress: () => {} })

test('a deleted row can be read in the file until the ledger stops; then it is nowhere, and the audit is clean', async () => {
  const data = join(folder, 'stopped')
  const local = await open(data)
  const rows = await writeAndErase(local)
  expect(await filesWith(data, rows)).not.toEqual([])
  await local.close()
  expect(await filesWith(data, rows)).toEqual([])
  expect((await readdir(data)).filter((name) => name.startsWith('vault'))).toEqual(['vault.db'])

  // Its leaf waits for the release, and no redrive takes it before the others of its day.
  const waiting = await audited(data)
  expect(waiting.counts).toEqual({ 'entry-unsequenced pending': 1 })
  expect(waiting).toMatchObject({ clean: true, compared: { erasures: 1, erased: 1, lapsed: 0 } })
  expect(Object.values(waiting.redriven ?? {})).toEqual([expect.objectContaining({ indexed: 0 })])

  // The next start releases it.
  const again = await open(data)
  await again.runner.release()
  await again.close()
  const released = await audited(data)
  expect(released.counts).toEqual({})
  expect(released.compared).toMatchObject({ erasures: 1, erased: 1, events: 61, subjects: 60 })
})

test('a ledger that was killed vacuums before it starts', async () => {
  const data = join(folder, 'killed')
  const local = await open(data)
  const rows = await writeAndErase(local)
  // What a kill -9 leaves: the files as they are, write-ahead log and all.
  const copy = join(folder, 'copy')
  await cp(data, copy, { recursive: true })
  await local.close()
  expect(await filesWith(copy, rows)).not.toEqual([])
  const again = await open(copy)
  expect(await filesWith(copy, rows)).toEqual([])
  expect((await storedItems(again.endpoints[1], 'vault')).length).toBe(60)
  await again.close()
  expect((await audited(copy)).clean).toBe(true)
})

test('keys that retention destroys are gone from the file as well, and the audit reports them as lapsed', async () => {
  const data = join(folder, 'lapsed')
  const local = await open(data)
  const { rows } = await write(local)
  await local.close()

  let day = 0
  const later = () => Date.now() + (20 * 366 + day) * 86_400_000
  const then = await open(data, later)
  expect(await storedItems(then.endpoints[1], 'vault')).toHaveLength(61)
  // One clock says so, and it may be wrong: the log was never at work about then.
  await then.retention.run()
  expect(await storedItems(then.endpoints[1], 'vault')).toHaveLength(61)
  for (; day < 3; day++) {
    await createSite(then.ledger, 'ljungsten', { site: `later-${day}`, kind: 'web', name: 'Later', origins: [] })
    await then.runner.settle()
  }
  await then.retention.run()
  expect(await storedItems(then.endpoints[1], 'vault')).toEqual([])
  await then.runner.release()
  await then.close()
  expect(await filesWith(data, rows)).toEqual([])
  const report = await audited(data, later)
  expect(report.counts).toEqual({})
  expect(report.compared).toMatchObject({ erasures: 61, erased: 61, events: 61, subjects: 0 })
})
