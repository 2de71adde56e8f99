/**
 * The whole story of `npm run test:aws`, word for word, in an account that is stood in for: only the endpoint differs. Afterwards: no
 * function was refused anything, so its role suffices for what the story asks of it.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openAccount, type StandInAccount } from './account.ts'

const tools = inject('pythonTools')

if (tools === '') it.skip('the story of test:aws in a stand-in account')
else {
  let account: StandInAccount
  beforeAll(async () => {
    account = await openAccount(tools)
  })
  afterAll(() => account?.close())

  await import('../aws/account.suite.ts')

  describe('what nobody calls', () => {
    const jobs = [
      'sweep',
      'import',
      'export',
      'deliver',
      'statistics',
      'expiry',
      'release',
      'retain',
      'self-audit',
    ] as const

    it('what the stream gave up came to redrive by the notice of its bucket, and so into the log', async () => {
      const reports = (await account.lines()).map(({ report }) => report)
      expect(reports).toContainEqual(
        expect.objectContaining({
          ...{ job: 'redrive', startedBy: 'failure', outcome: 'done' },
          changes: expect.arrayContaining([expect.objectContaining({ change: 'entries-sequenced' })]),
        }),
      )
    })

    it.each(jobs)('%s does its work when its schedule starts it', async (job) => {
      const { schedules, start } = account.background()
      expect([...schedules.keys()].sort()).toEqual([...jobs].sort())
      const { error, result } = await start(job, schedules.get(job))
      expect(error).toBeUndefined()
      expect(result).toMatchObject({ job, startedBy: 'schedule', outcome: 'done' })
    })

    it('a redrive that Lambda gives up is a dead letter, and succeeds when it is started again from it', async () => {
      const { start, deadLetters, countDeadLetters } = account.background()
      const event = { keys: [{ pk: 'probe#nobody', sk: 'event#none' }] }
      const [refusedBefore, failedBefore] = [account.front.refused.length, account.failures.length]
      const { error } = await account.whileDenied('redrive', '{StoresLog.Arn}', () => start('redrive', event))
      expect(error?.code ?? error?.name).toBeDefined()
      expect(account.front.refused.splice(refusedBefore).every((line) => line.startsWith('redrive: dynamodb:'))).toBe(
        true,
      )
      expect(account.failures.splice(failedBefore)).toHaveLength(3)
      const [letter, ...others] = await deadLetters()
      expect(others).toEqual([])
      expect(letter?.record).toMatchObject({ requestContext: { approximateInvokeCount: 3 }, requestPayload: event })
      expect((await start('redrive', letter?.record.requestPayload)).error).toBeUndefined()
      expect(await countDeadLetters()).toBe(1)
      await letter?.delete()
      expect(await countDeadLetters()).toBe(0)
    })
  })

  describe('after the story', () => {
    it('no function was refused a right, and none failed', () => {
      const byFunctions = account.front.refused.filter((line) => !/^(owner|IngestTwin): /.test(line))
      expect([...byFunctions, ...account.failures]).toEqual([])
    })

    it('each function of the story was asked for rights by name', () => {
      const who = new Set([...account.front.allowed].map((line) => line.split(':')[0]))
      for (const name of [
        'ingest',
        'log',
        'audit',
        'administer',
        'sequence',
        'sweep',
        'release',
        'retain',
        'self-audit',
      ])
        expect(who).toContain(name)
      expect(account.front.allowed).toContain('ingest: kms:Sign')
      expect(account.front.allowed).toContain('sweep: s3:PutObject')
      expect(account.front.allowed).toContain('sequence: s3:PutObject')
      expect(account.front.allowed).toContain('redrive: sqs:SendMessage')
    })
  })
}
