/**
 * The whole story of `npm run test:aws`, word for word, in an account that is stood in for: only the endpoint differs. Afterwards: no
 * function was refused anything, so its role suffices for what the story asks of it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openAccount, type StandInAccount } from './account.ts'

const tools = inject('pythonTools')

if (tools === '') it.skip('the story of test:aws in a stand-in account')
else {
  let account: StandInAccount
  let bundles: string
  beforeAll(async () => {
    bundles = await mkdtemp(join(tmpdir(), 'stand-in-bundles-'))
    account = await openAccount(tools, bundles)
  })
  afterAll(async () => {
    await account?.close()
    await rm(bundles, { recursive: true, force: true })
  })

  await import('../aws/account.suite.ts')

  describe('after the story', () => {
    it('no function was refused a right, and none failed', () => {
      const byFunctions = account.front.refused.filter((line) => !/^(owner|IngestTwin): /.test(line))
      expect([...byFunctions, ...account.failures]).toEqual([])
    })

    it('each function of the story was asked for rights by name', () => {
      const who = new Set([...account.front.allowed].map((line) => line.split(':')[0]))
      for (const name of ['ingest', 'log', 'audit', 'administer', 'sequence', 'sweep']) expect(who).toContain(name)
      expect(account.front.allowed).toContain('ingest: kms:Sign')
      expect(account.front.allowed).toContain('sweep: s3:PutObject')
    })
  })
}
