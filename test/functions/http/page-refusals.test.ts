/** What a person sees while the ledger fails: a page that says so, without what failed. */
import { expect, it } from 'vitest'
import { createHandler } from '../../../functions/http/app.ts'
import { isPagePath } from '../../../functions/http/page-refusals.ts'
import { LedgerError } from '../../../shared/errors.ts'
import { apiEvent } from '../../support/api-event.ts'
import { answerOf, memoryInstance } from '../../support/memory-instance.ts'
import { memoryLedger } from '../../support/memory-ledger.ts'

const secret = 'what failed, which is not for readers'

async function failing(error: unknown, headers: Record<string, string>) {
  const instance = memoryInstance(memoryLedger('2026-11-22T12:00:00.000Z'))
  const handler = createHandler({ showPolicies: async () => Promise.reject(error) }, instance)
  return answerOf(handler, { ...apiEvent('showPolicies', { headers }), rawPath: '/policies/acme' })
}

it.each([
  [new Error(secret), 500, 'internal', 'The page could not be made', undefined],
  [new LedgerError('log-damaged', secret), 500, 'log-damaged', 'The page could not be made', undefined],
  [new LedgerError('unavailable', secret), 503, 'unavailable', 'The ledger cannot answer right now', '1'],
  [new LedgerError('rate-limited', secret, { retryAfterSeconds: 7 }), 429, 'rate-limited', 'Too many requests', '7'],
])('%s is a page with status %i', async (error, status, code, title, retryAfter) => {
  const { statusCode, headers = {}, body = '' } = await failing(error, { accept: 'text/html' })
  expect([statusCode, headers['content-type'], headers['retry-after']]).toEqual([
    status,
    'text/html; charset=utf-8',
    retryAfter,
  ])
  expect(body).toContain(`<h1>${title}</h1>`)
  expect(body).toContain(`<code>${code}</code>`)
  expect(body).not.toContain(secret)
  const forPrograms = await failing(error, { accept: 'application/json' })
  expect([forPrograms.statusCode, forPrograms.headers?.['content-type']]).toEqual([status, 'application/problem+json'])
})

it.each([
  ['/', true],
  ['/policies/acme', true],
  ['/console/x.js', true],
  ['/v1', false],
  ['/v1/events', false],
  ['/v1x', true],
  ['/log/acme/checkpoint', false],
  ['/openapi.json', false],
  ['/healthz', false],
])('%s is an address of pages: %s', (path, isPage) => {
  expect(isPagePath(path)).toBe(isPage)
})
