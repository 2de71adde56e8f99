/** The doorbell file: what was announced and not settled is there after a crash, and what is settled leaves nothing behind. */
import { execFile } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openAnnouncedKeys } from '../../../../infra/local/log/announced-keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorbell-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const key = (n: number) => ({ pk: `acme#sub-${n}`, sk: `event#${n}` })
const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => key(from + i))
const files = () => readdirSync(folder)
const leftIn = () => openAnnouncedKeys(folder).unsettled.map((line) => line.key)

it('keeps unsettled keys, in order, for the next start after a crash', () => {
  const first = openAnnouncedKeys(folder)
  const lines = first.announce(keys(0, 3))
  first.announce([key(3)])
  first.settle(lines.slice(0, 1))
  // A line settled by itself stays in the file: to ring twice is harmless.
  expect(leftIn()).toEqual(keys(0, 4))
})

it('is empty once all keys are settled, and again after more', () => {
  const bell = openAnnouncedKeys(folder)
  for (let round = 0; round < 3; round++) {
    const lines = [...bell.announce(keys(0, 2)), ...bell.announce(keys(2, 4))]
    bell.settle(lines.slice(0, 3))
    expect(statSync(join(folder, files()[0] ?? '')).size).toBeGreaterThan(0)
    bell.settle(lines.slice(3))
    expect(statSync(join(folder, files()[0] ?? '')).size).toBe(0)
  }
  bell.close()
  expect(files()).toEqual([])
})

it('removes the file of an earlier start once its lines are settled, and begins a new file when one is long', () => {
  openAnnouncedKeys(folder).announce(keys(0, 2))
  const bell = openAnnouncedKeys(folder)
  expect(files()).toHaveLength(2)
  bell.settle(bell.unsettled)
  expect(files()).toHaveLength(1)
  const many = bell.announce(keys(0, 50_000))
  const [one] = bell.announce([key(1)])
  expect(files()).toHaveLength(2)
  bell.settle(many)
  expect(files()).toHaveLength(1)
  expect(leftIn()).toEqual([key(1)])
  if (one) bell.settle([one])
  expect(leftIn()).toEqual([])
})

it.each([
  ['cut short', 'acme#sub\tevent'],
  ['without a tab', 'acme#sub event#1\n'],
  ['of zeros', `${'\0'.repeat(40)}\n`],
  ['without a controller', 'sub\tevent#1\n'],
  ['empty', '\n'],
])('passes over a line that is %s', (_what, line) => {
  const bell = openAnnouncedKeys(folder)
  bell.announce([key(1)])
  appendFileSync(join(folder, files()[0] ?? ''), line)
  expect(leftIn()).toEqual([key(1)])
})

it('is readable by its owner only, and holds only keys', () => {
  const bell = openAnnouncedKeys(folder)
  bell.announce([key(7)])
  const [name = ''] = files()
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, name), 'utf8')).toBe('acme#sub-7\tevent#7\n')
})

it('removes a partly written line when the disk is full, and refuses the insert', async () => {
  const program = `
    import { openAnnouncedKeys } from ${JSON.stringify(join(import.meta.dirname, '../../../../infra/local/log/announced-keys.ts'))}
    process.on('SIGXFSZ', () => {})
    const bell = openAnnouncedKeys(${JSON.stringify(folder)})
    let refused = 0
    let announced = 0
    for (let n = 0; n < 200; n++) {
      try { bell.announce([{ pk: 'acme#sub-' + n, sk: 'event#' + n }]); announced++ } catch (error) { refused += error.code === 'unavailable' }
    }
    console.log(JSON.stringify({ announced, refused }))`
  const limited = `ulimit -f 2; exec ${process.execPath} --input-type=module -e "$0"`
  // Node would write its compile cache beyond the limit when it ends, and be killed.
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined }
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, program], { env })
  const { announced, refused } = JSON.parse(stdout)
  expect(announced).toBeGreaterThan(10)
  expect(refused).toBeGreaterThan(10)
  expect(announced + refused).toBe(200)
  expect(leftIn()).toHaveLength(announced)
})
