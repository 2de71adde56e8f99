/** The file of findings: what is written is read again, and what is not of that form is refused. */
import { describe, expect, it } from 'vitest'
import { drawLocally, newSeed } from '../../../../functions/console/sample/drawn-sample.ts'
import {
  countFindings,
  type Findings,
  findingsFile,
  maxNote,
  readFindingsFile,
} from '../../../../functions/console/sample/findings.ts'
import { drawSample, readSeed } from '../../../../shared/tlog/sample.ts'

const sample = JSON.stringify({ schemaVersion: 'consent-sample@1', leaves: [] })
const findings: Findings = new Map([
  [7, { finding: 'fine', note: '' }],
  [3, { finding: 'deviation', note: 'the text was another\nthan the one of then' }],
])
const savedAt = '2026-11-30T12:00:00.000Z'

it('is read again as it was written', () => {
  expect(readFindingsFile(findingsFile({ sample, findings }, savedAt))).toEqual({ sample, findings })
})

describe('is refused', () => {
  const file = JSON.parse(findingsFile({ sample, findings }, savedAt))
  const one = { index: 3, finding: 'fine', note: '' }
  it.each([
    ['text that is not JSON', 'no'],
    ['a list', '[]'],
    ['another format', JSON.stringify({ ...file, format: 'consent-sample@1' })],
    ['no sample', JSON.stringify({ ...file, sample: undefined })],
    ['a sample that is text', JSON.stringify({ ...file, sample: 'x' })],
    ['findings that are no list', JSON.stringify({ ...file, findings: { 3: one } })],
    ['another finding', JSON.stringify({ ...file, findings: [{ ...one, finding: 'good' }] })],
    ['an index twice', JSON.stringify({ ...file, findings: [one, one] })],
    ['an index that is no number', JSON.stringify({ ...file, findings: [{ ...one, index: '3' }] })],
    ['a fraction', JSON.stringify({ ...file, findings: [{ ...one, index: 0.5 }] })],
    ['a note that is too long', JSON.stringify({ ...file, findings: [{ ...one, note: 'x'.repeat(maxNote + 1) }] })],
    ['too many', JSON.stringify({ ...file, findings: Array.from({ length: 101 }, (_, index) => ({ ...one, index })) })],
  ])('%s', (_, text) => {
    expect(readFindingsFile(text)).toBeUndefined()
  })
})

it('counts what is open, too', () => {
  expect(countFindings([3, 7, 9, 11], findings)).toEqual({ fine: 1, deviation: 1, open: 2 })
})

it('draws as the command does, from a seed that the browser made', () => {
  const seed = newSeed()
  expect(seed).toMatch(/^[0-9a-f]{64}$/)
  expect(newSeed()).not.toBe(seed)
  const checkpoint = { size: 500, root: new Uint8Array(32).fill(4) }
  expect(drawLocally({ checkpoint, seed, count: 20 })).toEqual(
    drawSample({ ...checkpoint, seed: readSeed(seed), count: 20 }),
  )
})
