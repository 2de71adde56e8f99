/**
 * The served log, read over HTTP as any C2SP client reads it: checkpoint, tiles, entry bundles; every published size of it; what
 * is cached for how long; who may read what.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseBundle } from '../../shared/tlog/entry-bundle.ts'
import { appendLeaves, emptyRange, leafHash, rootOf } from '../../shared/tlog/merkle.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { bundlePath, parseTile, tilePath, tileWidth } from '../../shared/tlog/tile.ts'
import { parsePolicy, verifyCheckpoint } from '../../shared/tlog/tlog-policy.ts'
import { administer, bearer, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
beforeAll(async () => {
  // In steps, so that many sizes are published; past a full tile and bundle in the end.
  for (let i = 0; i < 12; i++) await post(i < 10 ? 5 : 120)
})

async function post(count: number): Promise<void> {
  const deviceSecret = aDeviceSecret()
  const event = () => visitorEvent(ledger, deviceSecret, { eventId: randomUUID() })
  for (let left = count; left > 0; left -= 25) {
    const events = Array.from({ length: Math.min(25, left) }, event)
    const { status } = await ledger.post(`/v1/events?key=${ledger.key('ljungsten/web')}`, { events })
    expect(status).toBe(200)
  }
  await ledger.local.runner.settle()
}

interface Served {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

async function read(path: string, headers = {}, controller = 'ljungsten'): Promise<Served> {
  const response = await fetch(`${ledger.url}/log/${controller}/${path}`, { headers })
  return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) }
}

const textOf = ({ bytes }: Served) => new TextDecoder().decode(bytes)

async function publishedSizes(): Promise<{ size: number; note: string }[]> {
  return (await ledger.get('/log/ljungsten/checkpoints')).json.checkpoints
}

/** All leaf hashes of a tree of that size, from its level-0 tiles. */
async function leafHashesAt(size: number): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = []
  for (let index = 0; index * 256 < size; index++) {
    const width = tileWidth(0, index, size)
    const tile = await read(tilePath({ level: 0, index, width }))
    expect(tile.status).toBe(200)
    hashes.push(...parseTile(tile.bytes, width))
  }
  return hashes
}

describe('the checkpoint', () => {
  it('is a signed note of the controller’s log, for everyone, and not cached for long', async () => {
    const served = await read('checkpoint', { origin: 'https://auditor.example' })
    expect(served.status).toBe(200)
    expect(served.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(served.headers.get('cache-control')).toBe('public, max-age=1')
    expect(served.headers.get('access-control-allow-origin')).toBe('https://auditor.example')
    // A cache that got it for somebody without an origin must not give it to a browser.
    expect((await read('checkpoint')).headers.get('vary')).toBe('origin, accept-encoding')
    const policy = parsePolicy(textOf(await read('policy')))
    const { checkpoint, witnessed } = await verifyCheckpoint(textOf(served), policy, 'ledger.localhost/ljungsten')
    expect(checkpoint.size).toBeGreaterThan(300)
    expect(witnessed.map(({ name }) => name)).toEqual(['operator'])
  })

  it('was published at many sizes, the first of them 0, and all are listed in order', async () => {
    const published = await publishedSizes()
    const sizes = published.map(({ size }) => size)
    expect(sizes[0]).toBe(0)
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    expect(sizes.length).toBeGreaterThan(10)
    const behind = await ledger.get(`/log/ljungsten/checkpoints?after=${sizes[3]}`)
    expect(behind.json.checkpoints.map(({ size }: { size: number }) => size)).toEqual(sizes.slice(4))
    for (const { size, note } of published) expect(parseCheckpoint(parseNote(note).text).size).toBe(size)
  })

  it.each(['after=-1', 'after=01', 'after=x', 'before=3'])('list refuses ?%s', async (query) => {
    expect((await ledger.get(`/log/ljungsten/checkpoints?${query}`)).status).toBe(400)
  })
})

describe('tiles', () => {
  it('give the root of every published size', async () => {
    for (const { size, note } of await publishedSizes()) {
      const root = rootOf(appendLeaves(emptyRange, await leafHashesAt(size)))
      expect(Buffer.compare(root, parseCheckpoint(parseNote(note).text).root)).toBe(0)
    }
  })

  it('are immutable bytes for everyone', async () => {
    for (const path of ['tile/0/000', 'tile/1/000.p/1', 'tile/0/001.p/1']) {
      const { size } = parseCheckpoint(parseNote(textOf(await read('checkpoint'))).text)
      const wanted = path === 'tile/0/001.p/1' ? `tile/0/001.p/${size - 256}` : path
      const { status, headers } = await read(wanted)
      expect([wanted, status]).toEqual([wanted, 200])
      expect(headers.get('content-type')).toBe('application/octet-stream')
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    }
  })

  it.each([
    ['a tile that is not there yet', 'tile/0/002'],
    ['a level that is not there yet', 'tile/2/000.p/1'],
    ['a partial tile of a size that was never published', 'tile/0/000.p/3'],
    ['an empty partial tile', 'tile/0/001.p/0'],
    ['a width with a leading zero', 'tile/0/000.p/01'],
    ['a full tile by its width', 'tile/0/000.p/256'],
    ['an index without its zeros', 'tile/0/0'],
    ['a level with a leading zero', 'tile/00/000'],
    ['a level beyond all', 'tile/64/000'],
    ['a size beyond 2^53', 'tile/0/x999/x999/x999/x999/x999/x999/999'],
    ['nothing', 'tile/'],
    ['another file', 'tile/../../keys/checkpoint.key'],
    ['another file, encoded', 'tile/..%2f..%2fkeys%2fcheckpoint.key'],
  ])('%s: 404', async (_what, path) => {
    const { status, headers } = await read(path)
    expect(status).toBe(404)
    expect(headers.get('cache-control') ?? '').not.toContain('public')
  })

  it('of an unknown controller: 404', async () => {
    expect((await read('checkpoint', {}, 'nobody')).status).toBe(404)
  })
})

describe('entry bundles', () => {
  it('hold the leaves whose hashes the tiles have, full and partial', async () => {
    const { size } = parseCheckpoint(parseNote(textOf(await read('checkpoint'))).text)
    const hashes = await leafHashesAt(size)
    const leaves: string[] = []
    for (let index = 0; index * 256 < size; index++) {
      const width = Math.min(256, size - index * 256)
      const bundle = await read(bundlePath({ index, width }))
      expect([bundle.status, bundle.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
      const entries = parseBundle(bundle.bytes, width)
      entries.forEach((entry, i) => {
        expect(Buffer.compare(leafHash(entry), hashes[index * 256 + i] ?? Buffer.of())).toBe(0)
      })
      leaves.push(...entries.map((entry) => new TextDecoder().decode(entry)))
    }
    const kinds = Map.groupBy(leaves, (leaf) => JSON.parse(leaf).kind as string)
    expect([...kinds.keys()].sort()).toEqual([
      'controller',
      'event',
      'grant',
      'identity-provider',
      'policy',
      'presentation',
      'site',
      'time',
    ])
    expect(kinds.get('identity-provider')).toHaveLength(1)
    expect(kinds.get('event')).toHaveLength(10 * 5 + 2 * 120)
    expect(kinds.get('controller')).toHaveLength(1)
  })

  it('are for auditors, unless the controller decided otherwise', async () => {
    const { size } = parseCheckpoint(parseNote(textOf(await read('checkpoint', {}, 'tallmo'))).text)
    const path = bundlePath({ index: 0, width: size })
    expect((await read(path, {}, 'tallmo')).status).toBe(401)
    const other = bearer(await ledger.token('consent.audit', 'ljungsten'))
    expect((await read(path, other, 'tallmo')).status).toBe(401)
    const unfit = bearer(await ledger.token('consent.write', 'tallmo'))
    expect((await read(path, unfit, 'tallmo')).status).toBe(403)
    const served = await read(path, bearer(await ledger.token('consent.audit', 'tallmo')), 'tallmo')
    expect([served.status, served.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
    expect(parseBundle(served.bytes, size)).toHaveLength(size)
  })
})

it('has every kind of entry, including a retraction, the act that ordered it and an audit read', async () => {
  const draft = {
    version: 'one-day',
    level: 'minor',
    effectiveFrom: '2099-01-01T00:00:00.000Z',
    changes: [],
    ground: 'business',
  }
  const versions = await ledger.get('/v1/controllers/ljungsten/policies/general-terms/versions')
  const latest = versions.json.versions.at(-1)
  const { kind, scope, title, purposes, summary, evidenceRetention } = latest
  const texts = [{ locale: 'en', mediaType: 'text/plain', text: 'Some day' }]
  const body = { ...draft, kind, scope, title, purposes, summary, evidenceRetention, texts }
  expect((await administer(ledger, '/policies/general-terms/versions', body)).status).toBe(201)
  const retraction = { version: 'one-day', reason: 'not that day' }
  expect((await administer(ledger, '/policies/general-terms/retractions', retraction)).status).toBe(201)
  const question = { controller: 'ljungsten', subject: { type: 'email', id: 'nobody@example.org' } }
  const token = bearer(await ledger.token('consent.audit', 'ljungsten'))
  expect((await ledger.post('/v1/audit/consents', question, token)).status).toBe(200)
  await ledger.local.runner.settle()

  const { size } = parseCheckpoint(parseNote(textOf(await read('checkpoint'))).text)
  const bundle = await read(bundlePath({ index: 1, width: size - 256 }))
  const last = parseBundle(bundle.bytes, size - 256)
    .slice(-5)
    .map((entry) => JSON.parse(new TextDecoder().decode(entry)))
  expect(last.map(({ kind }) => kind)).toEqual(['act', 'policy', 'act', 'policy', 'read'])
  expect(last[3].retractedAt).toEqual(expect.any(String))
})
