/** Refusals leave a trace: one line a minute and kind, with counts and nothing of who was refused. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { LogLine } from '../../../../functions/telemetry.ts'
import { refusalLines } from '../../../../infra/local/gateway/refusal-lines.ts'
import { recordedTelemetry } from '../../../support/recorded-telemetry.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const request = (status: number, code?: string): LogLine => ({
  level: 'info',
  event: 'request',
  requestId: 'id-1',
  route: 'recordEvents',
  durationMs: 3,
  status,
  code,
})

function counting() {
  const written: LogLine[] = []
  const lines = refusalLines((line) => written.push(line))
  return { written, lines, telemetry: lines.counting(recordedTelemetry()) }
}

it('counts the refusals of one kind in a minute in one line', () => {
  const { written, lines, telemetry } = counting()
  for (let i = 0; i < 3407; i++) telemetry.log(request(401, 'unauthenticated'))
  telemetry.log(request(429, 'rate-limited'))
  telemetry.log(request(201))
  telemetry.log(request(500, 'TypeError'))
  lines.ofGateway(413)
  lines.ofGateway('connection')
  lines.ofGateway('connection')
  vi.advanceTimersByTime(59_999)
  expect(written).toEqual([])
  vi.advanceTimersByTime(1)
  const line = { level: 'info', event: 'refused' }
  expect(written).toEqual([
    { ...line, status: 401, code: 'unauthenticated', count: 3407 },
    { ...line, status: 429, code: 'rate-limited', count: 1 },
    { ...line, status: 413, code: 'gateway', count: 1 },
    { ...line, status: undefined, code: 'too-many-connections', count: 2 },
  ])
})

it('counts from zero in the next minute, and is silent in one without refusals', () => {
  const { written, telemetry } = counting()
  telemetry.log(request(403, 'forbidden'))
  vi.advanceTimersByTime(60_000)
  telemetry.log(request(403, 'forbidden'))
  vi.advanceTimersByTime(600_000)
  expect(written.map(({ count }) => count)).toEqual([1, 1])
})

it('writes the remaining counts when the server ends', () => {
  const { written, lines, telemetry } = counting()
  telemetry.log(request(415, 'unsupported-media-type'))
  lines.close()
  expect(written).toMatchObject([{ status: 415, count: 1 }])
})

it('passes every line and metric on', () => {
  const recorded = recordedTelemetry()
  const telemetry = refusalLines(() => {}).counting(recorded)
  telemetry.add('Refusals', 1)
  telemetry.log(request(401, 'unauthenticated'))
  expect(recorded.logged).toEqual([{ line: request(401, 'unauthenticated'), sums: { Refusals: 1 } }])
})
