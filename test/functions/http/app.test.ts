/** One line for each call, however it ends, and nothing in it that a caller sent or a service said. */
import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { createHandler } from '../../../functions/http/app.ts'
import type { Answer, Endpoint } from '../../../functions/http/call.ts'
import type { UnreadableCode } from '../../../functions/http/unreadable-answer.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { damagedLogError } from '../../../shared/ledger/log/damage.ts'
import { apiEvent, userAgent, viewerAddress } from '../../support/api-event.ts'
import { answerOf, memoryInstance, requestId } from '../../support/memory-instance.ts'
import { memoryLedger } from '../../support/memory-ledger.ts'

let instance: ReturnType<typeof memoryInstance>
beforeEach(() => {
  instance = memoryInstance(memoryLedger('2026-11-22T12:00:00.000Z'))
})

const secret = 'ssh-a-secret-of-the-caller'
const event = apiEvent('recordEvents', {
  query: { key: secret },
  headers: { authorization: `Device ${secret}`, cookie: secret },
  body: { secret },
})

async function called(endpoint: Endpoint, given = event) {
  const answer = await answerOf(createHandler({ recordEvents: endpoint }, instance), given)
  const [logged, ...more] = instance.telemetry.logged
  expect(more).toEqual([])
  const text = JSON.stringify(instance.telemetry.logged)
  for (const word of [secret, viewerAddress, userAgent]) expect(text).not.toContain(word)
  return { answer, line: logged?.line, sums: logged?.sums }
}

const failing = (error: unknown) => called(async () => Promise.reject(error))
const line = { event: 'request', requestId, route: 'recordEvents', durationMs: expect.any(Number), coldStart: true }

describe('a call', () => {
  it('that is answered', async () => {
    const { line: logged, sums } = await called(async () => ({ statusCode: 201, body: { secret } }))
    expect(logged).toEqual({ ...line, level: 'info', status: 201 })
    expect(sums).toEqual({})
    expect(logged?.durationMs).toBeGreaterThanOrEqual(0)
  })

  it('is marked on the first line of an instance only', async () => {
    const handler = createHandler({ recordEvents: async () => ({ statusCode: 201, body: {} }) }, instance)
    for (let n = 0; n < 3; n++) await answerOf(handler, event)
    expect(instance.telemetry.logged.map(({ line }) => line.coldStart)).toEqual([true, undefined, undefined])
  })

  it('is logged with what its endpoint counted', async () => {
    const { sums } = await called(async ({ instance }) => {
      instance.telemetry.add('EntriesStored', 2)
      return { statusCode: 201, body: {} }
    })
    expect(sums).toEqual({ EntriesStored: 2 })
  })

  it.each([
    ['invalid-request', 400, 'Refusals'],
    ['unauthenticated', 401, 'Refusals'],
    ['not-found', 404, 'Refusals'],
    ['event-conflict', 409, 'Conflicts'],
  ] as const)('that is refused as %s, %i, is counted among %s', async (code, status, metric) => {
    const { answer, line: logged, sums } = await failing(new LedgerError(code, secret, { given: secret }))
    expect(answer.statusCode).toBe(status)
    expect(logged).toEqual({ ...line, level: 'info', status, code })
    expect(sums).toEqual({ [metric]: 1 })
  })

  const statusCode = 200
  it.each<[string, Answer, UnreadableCode]>([
    [
      'an event',
      { statusCode, body: { consents: [], unreadable: [{ code: 'event-unreadable', receiptId: secret }] } },
      'event-unreadable',
    ],
    ['keys', { statusCode, body: { receipts: [], unreadable: [{ code: 'keys-unreadable' }] } }, 'keys-unreadable'],
    ['a version', { statusCode, body: { versions: [], unreadable: ['version#2'] } }, 'publication-unreadable'],
    [
      'a publication, in a text',
      { statusCode, body: '{}', unreadable: [{ code: 'publication-unreadable', policyId: secret, name: 'version#2' }] },
      'publication-unreadable',
    ],
    [
      'an event of a batch',
      { statusCode, body: { outcomes: [{ status: 201 }, { status: 409, problem: { code: 'event-unreadable' } }] } },
      'event-unreadable',
    ],
  ])('that leaves out %s is logged once, with the code alone', async (_, answer, code) => {
    const { line: logged, sums } = await called(async () => answer)
    expect(logged).toEqual({ ...line, level: 'error', status: 200, code })
    expect(sums).toEqual({ UnreadableAnswers: 1 })
  })

  it.each([
    ['event-unreadable', 409, 'Conflicts'],
    ['keys-unreadable', 500, 'Failures'],
  ] as const)('that is refused for a row as %s is logged as an error', async (code, status, metric) => {
    const { line: logged, sums } = await failing(new LedgerError(code, secret, { given: secret }))
    expect(logged).toEqual({ ...line, level: 'error', status, code })
    expect(sums).toEqual({ [metric]: 1, UnreadableAnswers: 1 })
  })

  it.each([
    ['event-conflict', undefined],
    ['event-unreadable', undefined],
    ['verb-not-allowed', undefined],
    ['forbidden', undefined],
    ['invalid-request', undefined],
    ['not-found', undefined],
    ['log-damaged', undefined],
    ['unauthenticated', 'https://evil.example'],
    ['origin-not-allowed', 'https://evil.example'],
    ['unavailable', 'https://evil.example'],
  ] as const)('that is refused as %s before its origin is known may be read by %s', async (code, reader) => {
    const given = { ...event, headers: { ...event.headers, origin: 'https://evil.example' } }
    const { answer } = await called(async () => Promise.reject(new LedgerError(code, 'refused')), given)
    expect(answer.headers?.['access-control-allow-origin']).toBe(reader)
  })

  it('that finds a service away says which of its errors it was', async () => {
    const behind = Object.assign(new Error(secret), { name: 'ProvisionedThroughputExceededException' })
    const { line: logged, sums } = await failing(new LedgerError('unavailable', secret, {}, behind))
    expect(logged).toEqual({
      ...line,
      ...{ level: 'error', status: 503, code: 'unavailable', cause: 'ProvisionedThroughputExceededException' },
    })
    expect(sums).toEqual({ Failures: 1 })
  })

  it.each([
    [damagedLogError('inclusion', 'not what the log has'), 'inclusion'],
    [new LedgerError('log-forked', 'two trees'), undefined],
  ])('that finds the log contradicted calls a person, and names the check: $code', async (error, check) => {
    const { answer, line: logged, sums } = await failing(error)
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ status: 500, code: error.code, ...(check && { check }) })
    expect(logged).toEqual({ ...line, ...{ level: 'error', status: 500, code: error.code }, ...(check && { check }) })
    expect(sums).toEqual({ Failures: 1, LogFaults: 1 })
  })

  it('that fails in a way nobody thought of says where, and not with what words', async () => {
    const { answer, line: logged, sums } = await failing(new TypeError(`${secret}\n    at ${secret}\n${secret}`))
    expect(answer.statusCode).toBe(500)
    expect(logged).toEqual({
      ...line,
      ...{ level: 'error', status: 500, code: 'TypeError', at: expect.stringMatching(/app\.test\.ts:\d+:\d+\)?$/) },
    })
    expect(sums).toEqual({ Failures: 1 })
    expect(answer.body).not.toContain(secret)
  })

  it.each([
    ['without a stack', () => Object.assign(new Error(secret), { stack: undefined })],
    ['whose words were changed since', () => Object.assign(new Error(secret), { message: 'other words' })],
    ['whose words are a place', () => new Error(`    at ${secret} (file:///${secret}:1:1)`)],
  ])('that fails with an error %s is logged', async (_what, make) => {
    const { line: logged } = await failing(make())
    expect(logged).toMatchObject({ level: 'error', status: 500, code: 'Error', at: expect.any(String) })
  })

  it('of no route is logged without a route', async () => {
    const { answer, line: logged } = await called(async () => ({ statusCode: 200, body: {} }), {
      ...event,
      routeKey: 'POST /no/such/route',
    })
    expect(answer.statusCode).toBe(404)
    const { route: _none, ...rest } = line
    expect(logged).toEqual({ ...rest, level: 'info', status: 404, code: 'not-found' })
  })

  it('whose body cannot be read is logged like any refusal', async () => {
    const malformed = { ...event, body: `{"secret":"${secret}"` }
    const { line: logged } = await called(async ({ body }) => ({ statusCode: 200, body }), malformed)
    expect(logged).toEqual({ ...line, level: 'info', status: 400, code: 'malformed-json' })
  })
})

describe('a long text', () => {
  const body = { text: 'as long as a receipt '.repeat(100) }
  const accepting = (encodings: string | undefined, answered: unknown = body) =>
    called(async () => ({ statusCode: 201, body: answered }), {
      ...event,
      headers: { ...event.headers, ...(encodings !== undefined && { 'accept-encoding': encodings }) },
    })

  it.each(['gzip', 'gzip, deflate, br', 'br;q=1.0, gzip;q=0.8'])(
    'is compressed for who accepts %s',
    async (encodings) => {
      const { answer } = await accepting(encodings)
      expect(answer).toMatchObject({
        isBase64Encoded: true,
        headers: { 'content-encoding': 'gzip', vary: 'origin, accept-encoding' },
      })
      const bytes = Buffer.from(answer.body ?? '', 'base64')
      expect(bytes.length).toBeLessThan(JSON.stringify(body).length / 3)
      expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(body)
    },
  )

  it.each([undefined, 'identity', 'br', 'notgzip', 'gzip;q=0', 'br, gzip; q=0.0'])(
    'is not for who accepts %s',
    async (encodings) => {
      const { answer } = await accepting(encodings)
      expect(JSON.parse(answer.body ?? '')).toEqual(body)
      expect(answer.headers).not.toHaveProperty('content-encoding')
    },
  )

  it('a short one is never, nor are bytes', async () => {
    expect((await accepting('gzip', { short: true })).answer.isBase64Encoded).toBeUndefined()
  })
})
