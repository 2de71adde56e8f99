/**
 * What only an account can show: IAM and the policies of the tables and the bucket refuse what the templates say they refuse, and the
 * deployed functions, the stream and the schedules work together as a ledger. See `vitest.config.ts`: this ran against stand-ins only.
 *
 * Not here: Object Lock and the Deny of deletes in the bucket are of stages that stay, and could not be destroyed; the edge wants a
 * domain. Both are tests of the templates only.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DevelopmentIssuer, ledgerAudience, openDevelopmentIssuer } from '../../infra/local/development-issuer.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { accountOfCaller, type Clients, clientsOf, measured, ownClients, region } from './account.ts'
import { type Deployed, deploy, destroy } from './deployment.ts'
import { playStory, until } from './front-door.ts'
import {
  batchInsertion,
  deleteObject,
  insertion,
  mutations,
  partitionsOfOthers,
  putObject,
  refusalOf,
} from './probes.ts'
import { type EphemeralStage, ledgerName } from './stage.ts'

let stage: EphemeralStage | undefined
let deployed: Deployed
let issuer: DevelopmentIssuer
let keyFolder: string
/** Who deployed, with every right that the account's own policies leave; and a session with ingest's. */
let owner: Clients
let ingest: Clients

const controller = `probe-${randomBytes(4).toString('hex')}`
const key: Key = { pk: `${controller}#subject`, sk: 'event#probe' }

beforeAll(async () => {
  const account = await accountOfCaller()
  keyFolder = await mkdtemp(join(tmpdir(), 'ledger-test-issuer-'))
  issuer = await openDevelopmentIssuer(keyFolder)
  const name = `t${randomBytes(3).toString('hex')}`
  stage = { name, account, region, administrators: issuer.provider(ledgerAudience) }
  deployed = await deploy(stage)
  owner = ownClients()
  ingest = await clientsOf(deployed.twinRole)
})

afterAll(async () => {
  for (const clients of [owner, ingest]) {
    clients?.dynamoDb.destroy()
    clients?.s3.destroy()
  }
  if (stage) await destroy(stage)
  if (keyFolder) await rm(keyFolder, { recursive: true, force: true })
})

describe('the role of ingest', () => {
  it('inserts an entry, and the same key no second time', async () => {
    const probe = insertion(deployed.entries, key)
    // Policies of a new role take some seconds to be known.
    await until(60_000, 'the right to insert', async () =>
      (await refusalOf(probe, ingest.dynamoDb)) === 'AccessDeniedException' ? undefined : true,
    )
    expect(await refusalOf(probe, ingest.dynamoDb)).toBe('DuplicateItemException')
    expect(await refusalOf(batchInsertion(deployed.entries, key), ingest.dynamoDb)).toBe('DuplicateItem')
  })

  it('neither replaces nor deletes, in any table', async () => {
    for (const table of [deployed.entries, deployed.log, deployed.vault]) {
      for (const probe of mutations(table, key)) {
        expect([table, probe.what, await refusalOf(probe, ingest.dynamoDb)]).toEqual([
          table,
          probe.what,
          'AccessDeniedException',
        ])
      }
    }
  })

  it('inserts into no partition that is another function’s, and not into the log', async () => {
    for (const pk of partitionsOfOthers(controller)) {
      const there = { pk, sk: 'probe' }
      expect([pk, await refusalOf(insertion(deployed.entries, there), ingest.dynamoDb)]).toEqual([
        pk,
        'AccessDeniedException',
      ])
      expect([pk, await refusalOf(batchInsertion(deployed.entries, there), ingest.dynamoDb)]).toEqual([
        pk,
        'AccessDenied',
      ])
    }
    expect(await refusalOf(insertion(deployed.log, key), ingest.dynamoDb)).toBe('AccessDeniedException')
  })

  it('writes and deletes no object', async () => {
    const put = putObject(deployed.objects, 'log/probe/of-ingest', { IfNoneMatch: '*' })
    expect(await refusalOf(put, ingest.s3)).toBe('AccessDenied')
    expect(await refusalOf(deleteObject(deployed.objects, 'log/probe/of-ingest'), ingest.s3)).toBe('AccessDenied')
  })
})

describe('the owner of the account, as long as the policies of tables and bucket stand', () => {
  it('neither replaces nor deletes entries and the log', async () => {
    for (const table of [deployed.entries, deployed.log]) {
      for (const probe of mutations(table, key)) {
        expect([table, probe.what, await refusalOf(probe, owner.dynamoDb)]).toEqual([
          table,
          probe.what,
          'AccessDeniedException',
        ])
      }
    }
  })

  it('lets no time pass that deletes', async () => {
    const probe = {
      what: 'UpdateTimeToLive',
      send: (db: Clients['dynamoDb']) =>
        db.send(
          new UpdateTimeToLiveCommand({
            TableName: deployed.entries,
            TimeToLiveSpecification: { Enabled: true, AttributeName: 'probe' },
          }),
        ),
    }
    expect(await refusalOf(probe, owner.dynamoDb)).toBe('AccessDeniedException')
  })

  it('puts an object once, and never without saying that it replaces nothing', async () => {
    const { objects, served } = deployed
    const once = putObject(objects, 'log/probe/object', { IfNoneMatch: '*' })
    expect(await refusalOf(putObject(objects, 'log/probe/object'), owner.s3)).toBe('AccessDenied')
    expect(await refusalOf(once, owner.s3)).toBeUndefined()
    expect(await refusalOf(once, owner.s3)).toBe('PreconditionFailed')
    expect(await refusalOf(putObject(objects, 'log/probe/object'), owner.s3)).toBe('AccessDenied')
    expect(await refusalOf(putObject(objects, 'log/probe/object', { IfMatch: '"0"' }), owner.s3)).toBe('AccessDenied')
    expect(await refusalOf(putObject(objects, 'served/probe/checkpoint', { IfNoneMatch: '*' }), owner.s3)).toBe(
      'AccessDenied',
    )
    expect(await refusalOf(putObject(served, 'served/probe/checkpoint'), owner.s3)).toBe('AccessDenied')
    expect(await refusalOf(putObject(objects, 'elsewhere', { IfNoneMatch: '*' }), owner.s3)).toBe('AccessDenied')
  })
})

describe('the front door', () => {
  it('records, answers and proves through the front door', async () => {
    const result = await playStory({ url: deployed.url, issuer, patienceMs: 5 * 60_000 })
    expect(result).toMatchObject({ withoutToken: 401, altered: 409, repeated: { status: 200, isFirst: true } })
    expect(result.receipt.failed).toBeUndefined()
    expect(result.receipt.verdict).toBe('valid')
    expect(result.proof.failed).toBeUndefined()
    expect(result.proof).toMatchObject({ verdict: 'valid', answer: { status: { status: 'Given' } } })
  })

  it('is measured by what the functions write', async () => {
    if (stage === undefined) throw new Error('nothing was deployed')
    const ledger = ledgerName(stage)
    expect(await measured(ledger, 'EntriesStored', 'Sum')).toBeGreaterThan(0)
    expect(await measured(ledger, 'EntriesSequenced', 'Sum')).toBeGreaterThan(0)
    expect(await measured(ledger, 'CheckpointAge', 'Maximum')).toBeGreaterThanOrEqual(0)
  })
})
