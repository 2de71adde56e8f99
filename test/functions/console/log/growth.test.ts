/** The growth of a log: which checkpoints are read and verified, which become points, and the ticks of the time axis. */
import { describe, expect, it } from 'vitest'
import { ago } from '../../../../functions/console/log/elapsed.ts'
import { growthPoints, readGrowth, type TimedCheckpoint } from '../../../../functions/console/log/growth.ts'
import { timeTicks } from '../../../../functions/console/log/time-ticks.ts'
import { checkpointText } from '../../../../shared/tlog/checkpoint.ts'
import { cosignedMessage, formatCosignature } from '../../../../shared/tlog/cosignature.ts'
import { formatNote } from '../../../../shared/tlog/note.ts'
import { formatVerifierKey, signatureTypes, verifierKey } from '../../../../shared/tlog/verifier-key.ts'
import { readSignedCheckpoint } from '../../../../shared/verify/signed-checkpoint.ts'
import { policyOfKeys } from '../../../../shared/verify/verify.ts'
import { checkpointSigner, witnessSigner } from '../../../support/memory-log-writer.ts'

const origin = 'ledger.example/acme'
const logKey = verifierKey(origin, signatureTypes.ed25519, checkpointSigner.publicKey)
const witness = verifierKey('ledger.example/witness', signatureTypes.cosignature, witnessSigner.publicKey)
const policy = policyOfKeys([formatVerifierKey(logKey), formatVerifierKey(witness)])
const start = Date.parse('2026-11-22T12:00:00Z') / 1000

async function signed(size: number, seconds: number | undefined, fill = size): Promise<string> {
  const root = new Uint8Array(32).fill(fill % 251)
  const text = checkpointText({ origin, size, root, extensions: [] })
  const signature = await checkpointSigner.sign(Buffer.from(text))
  const cosigned =
    seconds === undefined
      ? []
      : [
          {
            ...{ name: witness.name, keyId: witness.keyId },
            signature: formatCosignature(seconds, await witnessSigner.sign(cosignedMessage(seconds, text))),
          },
        ]
  return formatNote({ text, signatures: [{ name: logKey.name, keyId: logKey.keyId, signature }, ...cosigned] })
}

/** Lists checkpoints of sizes 1, 2, …, with 50 a page, a minute apart. */
function listing(sizes: number, note = (size: number) => signed(size, start + 60 * size)) {
  const asked: number[] = []
  return {
    asked,
    async checkpoints(after: number) {
      asked.push(after)
      const first = Math.max(1, after + 1)
      const page = Array.from({ length: Math.max(0, Math.min(50, sizes - first + 1)) }, (_, i) => first + i)
      const checkpoints = await Promise.all(page.map(async (size) => ({ size, note: await note(size) })))
      const last = page.at(-1)
      return { checkpoints, ...(last !== undefined && page.length === 50 && { next: last }) }
    },
  }
}

const newestOf = async (size: number) => readSignedCheckpoint(await signed(size, start + 60 * size), policy)

describe('the checkpoints', () => {
  it('are all read while they are few', async () => {
    const source = listing(120)
    const { checkpoints, untimed, isWhole } = await readGrowth(source, policy, await newestOf(120))
    expect([checkpoints.length, untimed, isWhole]).toEqual([120, 0, true])
    expect(checkpoints.at(-1)).toMatchObject({ size: 120, seconds: start + 7_200 })
    expect(source.asked).toEqual([-1, 50, 100])
  })

  it('are read in places when they are many, and the newest one always', async () => {
    const source = listing(5_000)
    const { checkpoints, isWhole } = await readGrowth(source, policy, await newestOf(4_990))
    expect(isWhole).toBe(false)
    expect(source.asked.length).toBe(16)
    expect(checkpoints.length).toBe(200 + 24 + 1)
    const sizes = checkpoints.map(({ size }) => size)
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
    expect(sizes.at(-1)).toBe(4_990)
  })

  it('without a witness’s time have no place', async () => {
    const source = listing(10, (size) => signed(size, size % 2 === 0 ? start + size : undefined))
    const { checkpoints, untimed } = await readGrowth(source, policy, await newestOf(10))
    expect([checkpoints.length, untimed]).toEqual([5, 5])
  })

  it('are refused when one is not signed, of another size, or contradicts the newest', async () => {
    const newest = await newestOf(10)
    const changed = async (size: number) => {
      const note = await signed(size, start)
      return size === 4 ? note.replace(`\n${size}\n`, '\n5\n') : note
    }
    await expect(readGrowth(listing(10, changed), policy, newest)).rejects.toThrow('checkpoint 4')
    const swapped = (size: number) => signed(size === 4 ? 5 : size, start)
    await expect(readGrowth(listing(10, swapped), policy, newest)).rejects.toThrow('is of size 5')
    const forked = (size: number) => signed(size, start, size === 10 ? 99 : size)
    await expect(readGrowth(listing(10, forked), policy, newest)).rejects.toThrow('the log was forked')
  })
})

describe('the points', () => {
  const at = (size: number, seconds: number): TimedCheckpoint => ({
    ...{ note: '', origin, root: new Uint8Array(32), cosigned: [] },
    ...{ size, seconds },
  })

  it('are the checkpoints while there are few', () => {
    expect(growthPoints([at(2, 10), at(5, 20), at(5_000, 30)], 60)).toEqual([
      { size: 2, seconds: 10, added: 2 },
      { size: 5, seconds: 20, added: 3 },
      { size: 5_000, seconds: 30, added: 4_995 },
    ])
    expect(growthPoints([], 60)).toEqual([])
  })

  it('keep the first, the last, and the sum of what was added, when there are many', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => at(i + 1, start + i * 7))
    const points = growthPoints(many, 60)
    expect(points.length).toBeLessThanOrEqual(60)
    expect([points[0]?.size, points.at(-1)?.size]).toEqual([1, 1_000])
    expect(points.reduce((sum, { added }) => sum + added, 0)).toBe(1_000)
    expect(
      growthPoints(
        many.map((each) => ({ ...each, seconds: start })),
        60,
      ).length,
    ).toBeLessThanOrEqual(60)
  })
})

describe('ticks of the time axis', () => {
  it.each([
    [20, 4],
    [600, 7],
    [7_200, 7],
    [86_400, 7],
    [86_400 * 5, 4],
    [86_400 * 40, 7],
    [86_400 * 400, 7],
    [86_400 * 4_000, 7],
  ])('over %i seconds there are at most a few more than %i, inside, each with a label of its own', (span, most) => {
    const ticks = timeTicks(start, start + span, most, 'en')
    expect(ticks.length).toBeGreaterThan(0)
    expect(ticks.length).toBeLessThanOrEqual(most + 1)
    for (const { seconds } of ticks) expect(seconds >= start && seconds <= start + span).toBe(true)
    expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
  })

  it('are at whole hours of the reader’s zone', () => {
    const seconds = timeTicks(start + 61, start + 4 * 3_600, 7, 'sv').map((tick) => new Date(tick.seconds * 1000))
    expect(seconds.every((date) => date.getMinutes() % 30 === 0 && date.getSeconds() === 0)).toBe(true)
  })
})

it('an age is said in the largest unit that fits', () => {
  expect(ago(5, 'en')).toBe('5 seconds ago')
  expect(ago(3 * 60 + 59, 'en')).toBe('3 minutes ago')
  expect(ago(2 * 86_400, 'sv')).toBe('i förrgår')
  expect(ago(-20, 'en')).toBe('in 20 seconds')
})
