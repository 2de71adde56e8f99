/** The embedded metric format by its specification: what CloudWatch makes metrics of, and what it must not find. */
import { describe, expect, it, vi } from 'vitest'
import { lambdaTelemetry } from '../../../functions/aws/telemetry.ts'
import { type MetricName, metrics, plainTelemetry } from '../../../functions/telemetry.ts'

function recording() {
  const lines: string[] = []
  const telemetry = lambdaTelemetry('test', (line) => lines.push(line))
  return { telemetry, lines, parsed: () => lines.map((line) => JSON.parse(line)) }
}

describe('a line', () => {
  it('without metrics is the line', () => {
    const { telemetry, lines } = recording()
    telemetry.log({ level: 'info', event: 'swept', count: 3 })
    expect(lines).toEqual(['{"level":"info","event":"swept","count":3}'])
  })

  it('with metrics is one root object whose _aws says which members are metrics', () => {
    const { telemetry, parsed } = recording()
    telemetry.add('EntriesStored', 1)
    telemetry.add('CheckpointAge', 0)
    const before = Date.now()
    telemetry.log({ level: 'info', event: 'request', status: 201, durationMs: 12 })
    const [line] = parsed()
    expect(line).toEqual({
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'ConsentLedger',
            Dimensions: [['service']],
            Metrics: [
              { Name: 'EntriesStored', Unit: 'Count' },
              { Name: 'CheckpointAge', Unit: 'Seconds' },
            ],
          },
        ],
      },
      service: 'test',
      EntriesStored: 1,
      CheckpointAge: 0,
      ...{ level: 'info', event: 'request', status: 201, durationMs: 12 },
    })
    expect(line._aws.Timestamp).toBeGreaterThanOrEqual(before)
    expect(line._aws.Timestamp).toBeLessThanOrEqual(Date.now())
  })

  it('is one line, whatever is in it', () => {
    const { telemetry, lines } = recording()
    telemetry.log({ level: 'error', event: 'request', code: 'a\nb\u2028c' })
    expect(lines[0]).not.toContain('\n')
  })
})

describe('sums', () => {
  it('are over what was added since the last line, and of that line alone', () => {
    const { telemetry, parsed } = recording()
    for (const n of [1, 2, 3]) telemetry.add('EntriesSequenced', n)
    telemetry.add('Refusals', 1)
    telemetry.log({ level: 'info', event: 'sequenced' })
    telemetry.log({ level: 'info', event: 'sequenced' })
    telemetry.add('Refusals', 2)
    telemetry.log({ level: 'info', event: 'request' })
    const [first, second, third] = parsed()
    expect([first.EntriesSequenced, first.Refusals]).toEqual([6, 1])
    expect(second).toEqual({ level: 'info', event: 'sequenced' })
    expect([third.Refusals, third.EntriesSequenced]).toEqual([2, undefined])
    expect(third._aws.CloudWatchMetrics[0].Metrics).toEqual([{ Name: 'Refusals', Unit: 'Count' }])
  })

  it('of every metric fit one line, each with its unit, as a number', () => {
    const { telemetry, parsed } = recording()
    const names = Object.keys(metrics) as MetricName[]
    for (const name of names) telemetry.add(name, 7)
    telemetry.log({ level: 'info', event: 'request' })
    const [line] = parsed()
    const units = names.map((name) => ({ Name: name, Unit: metrics[name] }))
    expect(line._aws.CloudWatchMetrics[0].Metrics).toEqual(units)
    for (const name of names) expect(line[name]).toBe(7)
  })

  it('of one telemetry are not those of another', () => {
    const [one, other] = [recording(), recording()]
    one.telemetry.add('Failures', 1)
    other.telemetry.log({ level: 'info', event: 'request' })
    expect(other.parsed()).toEqual([{ level: 'info', event: 'request' }])
  })
})

it('on one machine errors go to standard error, and nothing else is written there', () => {
  const written = vi.spyOn(console, 'error').mockImplementation(() => {})
  plainTelemetry.add('Failures', 1)
  plainTelemetry.log({ level: 'info', event: 'request' })
  plainTelemetry.log({ level: 'error', event: 'not-published', count: 1 })
  expect(written.mock.calls).toEqual([['{"level":"error","event":"not-published","count":1}']])
  written.mockRestore()
})
