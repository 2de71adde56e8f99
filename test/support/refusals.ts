/** What every refusal of the API looks like, whatever was wrong. */
import { expect } from 'vitest'
import type { Reply } from './running-ledger.ts'

export interface Refused {
  readonly code: string
  readonly field?: string
  readonly allowed?: unknown
  /** 400 unless said otherwise. */
  readonly status?: number
}

/** `secrets` were sent, and must not come back. */
export function expectRefusal(reply: Reply, refused: Refused, ...secrets: readonly string[]): void {
  const { status = 400, ...expected } = refused
  expect(reply.json).toMatchObject(expected)
  expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
  expect(reply.headers.get('cache-control')).toBe('no-store')
  for (const secret of secrets) expect(reply.text).not.toContain(secret)
}
