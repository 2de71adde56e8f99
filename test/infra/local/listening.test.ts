/** Which hosts only programs on the same machine reach. */
import { expect, it } from 'vitest'
import { isLoopback } from '../../../infra/local/listening.ts'

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.0.0.2', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.20', false],
  ['ledger.example.org', false],
])('a server on %s is reached from this machine only: %s', (host, isOnly) => {
  expect(isLoopback(host)).toBe(isOnly)
})
