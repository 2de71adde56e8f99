/** Problem documents: RFC 9457 members, a status for each code, and nothing of what must stay inside. */
import { describe, expect, it, test } from 'vitest'
import { problemOf, problemStatuses } from '../../../functions/http/problem.ts'
import { type ErrorCode, type ErrorFacts, LedgerError } from '../../../shared/errors.ts'

const instance = '/v1/events'

function documentOf(error: unknown): Record<string, unknown> {
  return JSON.parse(problemOf(error, instance).body)
}

function given(value: unknown, code: ErrorCode = 'invalid-request'): unknown {
  return documentOf(new LedgerError(code, 'Wrong.', { given: value })).given
}

test('a whole document', () => {
  const facts: ErrorFacts = {
    field: '/decisions/0/verb',
    given: 'allow',
    allowed: ['given', 'refused'],
    members: { a: 1 },
  }
  const problem = problemOf(new LedgerError('invalid-request', 'There is no such verb.', facts), instance)
  expect(problem.statusCode).toBe(400)
  expect(problem.headers).toEqual({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  expect(JSON.parse(problem.body)).toEqual({
    type: 'urn:consent-ledger:problem:invalid-request',
    title: 'The request does not fit its schema',
    status: 400,
    detail: 'There is no such verb.',
    instance,
    code: 'invalid-request',
    field: '/decisions/0/verb',
    given: 'allow',
    allowed: ['given', 'refused'],
    a: 1,
  })
})

test('members that are not there are left out', () => {
  expect(Object.keys(documentOf(new LedgerError('not-found', 'No.')))).toEqual(
    expect.not.arrayContaining(['field', 'given', 'allowed']),
  )
})

describe('statuses', () => {
  const expected: Record<ErrorCode, number> = {
    'malformed-json': 400,
    'invalid-request': 400,
    'unknown-purpose': 400,
    'unknown-policy': 400,
    'verb-not-allowed': 403,
    'leaf-too-large': 400,
    'body-too-large': 413,
    'unsupported-media-type': 415,
    'rate-limited': 429,
    unauthenticated: 401,
    'token-expired': 401,
    forbidden: 403,
    'grant-needed': 403,
    'origin-not-allowed': 403,
    'not-found': 404,
    'method-not-allowed': 405,
    'event-conflict': 409,
    'event-unreadable': 409,
    'keys-unreadable': 500,
    'already-exists': 409,
    'version-conflict': 409,
    'undeclared-change': 400,
    'invalid-policy': 400,
    'too-late-to-retract': 409,
    'limit-reached': 409,
    'log-forked': 500,
    'log-damaged': 500,
    unavailable: 503,
    internal: 500,
  }
  test('are the published ones', () => {
    expect(problemStatuses).toEqual(expected)
  })
  test.each(Object.entries(expected))('%s is %i', (name, status) => {
    const code = name as ErrorCode
    const problem = problemOf(new LedgerError(code, 'Message.'), instance)
    expect(problem.statusCode).toBe(status)
    expect(JSON.parse(problem.body)).toMatchObject({
      type: `urn:consent-ledger:problem:${code}`,
      status,
      code,
    })
    expect(problem.headers['content-type']).toBe('application/problem+json')
    expect(problem.headers['retry-after']).toBe(status === 503 || status === 429 ? '1' : undefined)
    if (status === 401) expect(problem.headers['www-authenticate']).toMatch(/^Bearer/)
    else expect(problem.headers).not.toHaveProperty('www-authenticate')
  })
  test('every title is its own', () => {
    const codes = Object.keys(expected) as ErrorCode[]
    const titles = codes.map((code) => documentOf(new LedgerError(code, 'Message.')).title)
    expect(new Set(titles).size).toBe(codes.length)
    expect(titles.filter((title) => typeof title !== 'string' || title === '')).toEqual([])
  })
})

describe('reveals nothing', () => {
  const secrets: [string, unknown][] = [
    ['an Error', new Error('s3cr3t', { cause: 's3cr3t' })],
    ['a TypeError', new TypeError('s3cr3t')],
    ['a string', 's3cr3t'],
    ['an object that looks like one', { name: 'LedgerError', code: 'not-found', message: 's3cr3t', facts: {} }],
    ['undefined', undefined],
    ['null', null],
  ]
  test.each(secrets)('of %s', (_name, error) => {
    const problem = problemOf(error, instance)
    expect(problem.statusCode).toBe(500)
    expect(JSON.parse(problem.body)).toEqual({
      type: 'urn:consent-ledger:problem:internal',
      title: 'The ledger failed',
      status: 500,
      instance,
      code: 'internal',
    })
  })
  test('of a cause', () => {
    const error = new LedgerError('invalid-request', 'Wrong.', {}, new Error('s3cr3t'))
    expect(problemOf(error, instance).body).not.toContain('s3cr3t')
  })
  test.each(['internal', 'unavailable'] as const)('of what was given, when it is %s', (code) => {
    const error = new LedgerError(code, 'Down.', { given: 's3cr3t', members: { given: 's3cr3t' } })
    expect(problemOf(error, instance).body).not.toContain('s3cr3t')
    expect(documentOf(error).detail).toBe('Down.')
  })
})

describe('given', () => {
  it('is the value while its JSON is short', () => {
    for (const value of ['', 0, false, null, 'allow', { a: [1] }, 'x'.repeat(198)]) expect(given(value)).toEqual(value)
  })
  it('is the beginning of its JSON when it is long', () => {
    expect(given('x'.repeat(199))).toBe(`"${'x'.repeat(198)}…`)
    const cut = given({ list: new Array(1000).fill('é😀') })
    expect(cut).toHaveLength(200)
    expect(cut).toMatch(/^\{"list":\["é😀",.*…$/)
  })
  it('never ends in half a character', () => {
    for (const pad of ['', 'x']) expect(String(given(pad + '😀'.repeat(200))).isWellFormed()).toBe(true)
  })
  it('is left out when JSON cannot hold it', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    for (const value of [1n, loop, () => 1, Symbol('s')]) expect(given(value)).toBeUndefined()
  })
})

describe('members', () => {
  it('never replace the standard ones', () => {
    const members = { type: 'x', title: 'x', status: 200, detail: 'x', instance: 'x', code: 'x' }
    const error = new LedgerError('event-conflict', 'Other content.', { members: { ...members, digests: ['a', 'b'] } })
    expect(documentOf(error)).toEqual({
      type: 'urn:consent-ledger:problem:event-conflict',
      title: 'Another event has this eventId',
      status: 409,
      detail: 'Other content.',
      instance,
      code: 'event-conflict',
      digests: ['a', 'b'],
    })
  })
  it('are left out when JSON cannot hold them', () => {
    const error = new LedgerError('event-conflict', 'Other content.', { members: { n: 1n } })
    expect(documentOf(error)).toMatchObject({ status: 409, detail: 'Other content.' })
  })
})
