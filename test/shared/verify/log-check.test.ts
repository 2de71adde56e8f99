/** Whole logs, walked: of sizes around the tiles' bounds, whole, damaged, rewritten, and interrupted half-way. */
import { describe, expect, it } from 'vitest'
import { bundlePath, tilePath } from '../../../shared/tlog/tile.ts'
import { checkLog, type LogCheckOptions } from '../../../shared/verify/log-check.ts'
import { type LogSource, SourceError } from '../../../shared/verify/log-source.ts'
import type { LogState } from '../../../shared/verify/log-state.ts'
import { policyOfKeys } from '../../../shared/verify/verify.ts'
import { entry, type Files, logFiles } from './log-files.ts'
import { logVkey, origin, outsideVkey, ownVkey, signedNote } from './maker.ts'

const policy = policyOfKeys([logVkey, ownVkey])

function sourceOf({ files, checkpoints }: Files, perPage = 2): LogSource & { reads: number } {
  const read = async (path: string) => {
    source.reads++
    const bytes = files.get(path)
    if (bytes === undefined) throw new SourceError('absent', path, 'it is not there')
    return bytes
  }
  const source = {
    reads: 0,
    checkpoint: async () => checkpoints.at(-1)?.note ?? '',
    async checkpoints(after: number) {
      const page = checkpoints.filter((c) => c.size > after).slice(0, perPage)
      const last = page.at(-1)
      return { checkpoints: page, ...(last && page.length === perPage && { next: last.size }) }
    },
    tile: (tile: Parameters<LogSource['tile']>[0]) => read(tilePath(tile)),
    bundle: (bundle: Parameters<LogSource['bundle']>[0]) => read(bundlePath(bundle)),
  }
  return source
}

const check = (log: Files, options?: LogCheckOptions) => checkLog(sourceOf(log), policy, options)

describe('a whole log', () => {
  it.each([
    [0, [0]],
    [1, [0, 1]],
    [255, [0, 1, 254]],
    [256, [0, 255]],
    [257, [0, 1, 2, 256]],
    [600, [0, 100, 300, 301, 512]],
    [65_536, [0, 256, 65_535]],
    [66_000, [0, 65_535, 65_536, 65_537]],
  ])('of %i leaves', async (size, published) => {
    const log = logFiles(size, published)
    const found = await check(log)
    expect(found.failed).toBeUndefined()
    expect(found).toMatchObject({ verdict: 'valid', size, origin, checkpoints: log.checkpoints.length })
    expect((found.kinds.erased ?? 0) + (found.kinds.time ?? 0)).toBe(size)
    expect(await check(log, { tilesOnly: true })).toMatchObject({ verdict: 'valid', kinds: {} })
  })
})

function flipped(log: Files, path: string, at = -1): Files {
  const bytes = Uint8Array.from(log.files.get(path) ?? [])
  const index = at < 0 ? bytes.length + at : at
  bytes[index] = (bytes[index] ?? 0) ^ 1
  return { ...log, files: new Map([...log.files, [path, bytes]]) }
}

describe('a log that was tampered with', () => {
  const size = 66_000
  const log = logFiles(size, [0, 100, 300, 65_537])
  const note = (i: number, change: (n: { size: number; note: string }) => { size: number; note: string }): Files => ({
    ...log,
    checkpoints: log.checkpoints.map((c, j) => (i === j ? change(c) : c)),
  })
  const cases: readonly (readonly [string, Files, string, LogCheckOptions?])[] = [
    ['an entry', flipped(log, 'tile/entries/003', 40), 'tile/entries/003, leaf 769'],
    ['the length of an entry', flipped(log, 'tile/entries/003', 1), 'tile/entries/003'],
    ['a full tile', flipped(log, 'tile/0/003'), 'tile/entries/003, leaf 1023'],
    ['a full tile, hashes only', flipped(log, 'tile/0/003'), 'tile/1/000', { tilesOnly: true }],
    ['a full tile of level 1', flipped(log, 'tile/1/000', 32 * 3), 'tile/1/000'],
    ['a partial tile of level 1', flipped(log, 'tile/1/001.p/1'), 'tile/1/001.p/1'],
    ['a tile of level 2', flipped(log, 'tile/2/000.p/1'), 'tile/2/000.p/1'],
    ['the last partial tile', flipped(log, 'tile/0/257.p/208'), 'tile/entries/257.p/208, leaf 65999'],
    ['a shorter tile', { ...log, files: new Map([...log.files, ['tile/0/002', new Uint8Array(32)]]) }, 'tile/0/002'],
    ['a signature of a checkpoint', note(1, (c) => ({ ...c, note: c.note.replace(/.\n$/, '\n') })), 'checkpoint 100'],
    ['a checkpoint listed under another size', note(1, (c) => ({ ...c, size: 101 })), 'checkpoint 101'],
    [
      'an old checkpoint in the place of a newer one',
      note(2, () => ({ size: 300, note: log.checkpoints[1]?.note ?? '' })),
      'checkpoint 300',
    ],
    [
      'checkpoints in another order',
      { ...log, checkpoints: [...log.checkpoints.slice(1, 3).reverse(), ...log.checkpoints.slice(3)] },
      'checkpoints after -1',
    ],
  ]
  it.each(cases.map(([name, tampered, what, options]) => ({ name, tampered, what, options })))(
    '$name',
    async ({ tampered, what, options }) => {
      const found = await check(tampered, options)
      expect([found.verdict, found.failed?.what]).toEqual(['invalid', what])
    },
  )

  it('a tile that is gone', async () => {
    const files = new Map(log.files)
    files.delete('tile/0/100')
    expect(await check({ ...log, files })).toMatchObject({
      verdict: 'undetermined',
      failed: { what: 'tile/0/100', source: 'absent' },
    })
  })

  it('leaves in another order, signed anew', async () => {
    const other = logFiles(700, [], (i) => entry(i === 10 ? 11 : i === 11 ? 10 : i))
    const honest = logFiles(700, [300])
    const forked = { files: other.files, checkpoints: [...honest.checkpoints.slice(0, 1), ...other.checkpoints] }
    expect(await check(forked)).toMatchObject({ verdict: 'invalid', failed: { what: 'checkpoint 300' } })
  })

  it('hours that go back, and leaves of no form', async () => {
    const make = (bad: string) =>
      logFiles(300, [], (i) =>
        i === 280
          ? Buffer.from(bad)
          : i === 5
            ? Buffer.from('{"hour":"2026-01-01T05","kind":"time","v":1}')
            : Buffer.from(`{"kind":"erased","sub":"${i}","v":1}`),
      )
    for (const bad of [
      '{"hour":"2026-01-01T05","kind":"time","v":1}',
      '{"hour":"2026-01-01T25","kind":"time","v":1}',
      '{"kind":"erased", "sub":"x","v":1}',
      '{"kind":"other","v":1}',
      '{"_sd":[],"_sd_alg":"sha-256","kind":"event","sub":"x","v":1}',
      '\u0000',
    ])
      expect((await check(make(bad))).failed?.what).toBe('tile/entries/001.p/44, leaf 280')
  })

  it('an outside witness whose time goes back; the operator’s own witness may do so, which is a note', async () => {
    const odd = logFiles(300, [100, 200])
    const [, , ...rest] = odd.checkpoints
    const signed = (i: number, size: number, own: number, outside: number) => {
      const note = odd.checkpoints[i]?.note ?? ''
      return { size, note: signedNote(note.slice(0, note.indexOf('\n\n') + 1), origin, own, outside) }
    }
    const trail = (own: number, outside: number) => ({
      ...odd,
      checkpoints: [signed(0, 100, 5000, 5000), signed(1, 200, own, outside), ...rest],
    })
    const withOutside = policyOfKeys([logVkey, ownVkey, outsideVkey])
    expect(await checkLog(sourceOf(trail(5000, 10)), withOutside)).toMatchObject({
      verdict: 'invalid',
      failed: { what: 'checkpoint 200' },
    })
    expect(await checkLog(sourceOf(trail(10, 5000)), withOutside)).toMatchObject({
      verdict: 'valid',
      notes: [
        expect.stringContaining(
          'at the checkpoint of size 200 from 1970-01-01T01:23:20.000Z to 1970-01-01T00:00:10.000Z',
        ),
      ],
    })
  })
})

describe('a check that goes on where it stopped', () => {
  const whole = logFiles(40_000, [0, 1000, 30_000])

  async function stateAfter(log: Files, tiles: number): Promise<LogState> {
    const source = sourceOf(log)
    let last: LogState | undefined
    const stopping: LogSource = {
      ...source,
      async tile(tile) {
        if (tile.level === 0 && tile.index >= tiles) throw new SourceError('unreachable', 'tile', 'stopped')
        return source.tile(tile)
      },
    }
    const found = await checkLog(stopping, policy, {
      onState: (state) => {
        last = JSON.parse(JSON.stringify(state))
      },
    })
    expect(found.verdict).toBe('undetermined')
    if (last === undefined) throw new Error('no state')
    return last
  }

  it('reads only the rest, and finds what is wrong there', async () => {
    const state = await stateAfter(whole, 100)
    expect(state.size).toBe(64 * 256)
    const source = sourceOf(whole)
    expect(await checkLog(source, policy, { state })).toMatchObject({
      verdict: 'valid',
      from: 64 * 256,
      checkpoints: 3,
    })
    expect(source.reads).toBeLessThan(200)
    expect(await check(flipped(whole, 'tile/entries/120', 30), { state })).toMatchObject({ verdict: 'invalid' })
  })

  it('goes on after the end, when the log has grown', async () => {
    let state: LogState | undefined
    const onState = (found: LogState) => {
      state = found
    }
    await check(logFiles(1000, []), { onState })
    expect(state).toMatchObject({ size: 768, newest: { size: 1000 } })
    const grown = logFiles(2000, [1000])
    expect(await check(grown, { state })).toMatchObject({ verdict: 'valid', from: 768, checkpoints: 3 })
    const rewritten = logFiles(2000, [], (i) => entry(i, i === 900 ? 'other' : ''))
    expect(await check(rewritten, { state })).toMatchObject({ verdict: 'invalid', failed: { what: 'checkpoint 1000' } })
    const before = logFiles(2000, [], (i) => entry(i, i === 9 ? 'other' : ''))
    expect(await check(before, { state })).toMatchObject({ verdict: 'invalid', failed: { what: 'state' } })
    expect(await check(logFiles(900, []), { state })).toMatchObject({
      verdict: 'invalid',
      failed: { what: 'checkpoint' },
    })
  })

  it.each([1, 501, 1510, 2520])(
    'reads the leaves after the last full tile of %i anew, hours among them',
    async (size) => {
      const hours = (i: number) => entry(i % 500 === 0 ? 1000 * (i / 500) + 500 : i)
      const states: LogState[] = []
      const onState = (found: LogState) => {
        states.push(found)
      }
      const log = logFiles(size, [], hours)
      await check(log, { onState })
      for (const log of [logFiles(size, [], hours), logFiles(size + 700, [size], hours)])
        expect(await check(log, { state: states.at(-1), onState })).toMatchObject({ verdict: 'valid', notes: [] })
      const again = logFiles(size + 1, [size], (i) => hours(i === size ? 500 * Math.floor((size - 1) / 500) : i))
      expect(await check(again, { state: states[0] })).toMatchObject({
        failed: { what: expect.stringMatching(`, leaf ${size}$`) },
      })
    },
  )

  it('does not believe a state that does not fit', async () => {
    const state = await stateAfter(whole, 100)
    for (const bad of [
      {},
      { ...state, size: 256 },
      { ...state, range: [] },
      { ...state, origin: 'other' },
      { ...state, range: state.range.map((h) => `B${h.slice(1)}`) },
    ])
      expect(await check(whole, { state: bad })).toMatchObject({ verdict: 'invalid', failed: { what: 'state' } })
  })
})
