/**
 * The checkpoint key and the receipt key of a ledger on one machine are replaced, as the runbook says. What was handed out in each state
 * verifies with the policy of that state and of every later one; the log goes on; and whoever keeps the first policy is served until
 * the first key is retired.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { httpLog } from '../../infra/command/http-log.ts'
import { openDemoWorld } from '../../infra/demo/world.ts'
import { addCheckpointKey, retireCheckpointKeys } from '../../infra/local/data/checkpoint-keys.ts'
import { audienceOf, ledgerAudience } from '../../infra/local/development-issuer.ts'
import { auditLedger } from '../../infra/local/fsck/audit-report.ts'
import { openStoppedLedger } from '../../infra/local/fsck/stopped-ledger.ts'
import { openLocalLedger } from '../../infra/local/local-ledger.ts'
import { serve } from '../../infra/local/serve.ts'
import { checkLog } from '../../shared/verify/log-check.ts'
import { type LogPolicy, parsePolicy, verifyFile } from '../../shared/verify/verify.ts'
import { letAudit } from '../support/let-audit.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replaced-keys-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const secret = aDeviceSecret()
let state: unknown

/** The ledger is started, records an event, hands out its proof, receipt and policy, and stops. */
async function run(kept?: LogPolicy, told?: object) {
  const local = await openLocalLedger({ dataFolder: folder, log: { cycleMs: 20 } })
  const gateway = await serve(local, { host: '127.0.0.1', port: 0 })
  try {
    const site = (await openDemoWorld(local)).get('ljungsten/web')
    await letAudit(local.ledger, 'ljungsten', 'auditor')
    const token = await local.issuer.token({
      ...{ audience: audienceOf('ljungsten'), subject: 'auditor', scope: 'consent.audit', lifetimeSeconds: 600 },
    })
    const call = async (path: string, init: RequestInit = {}) => {
      const reply = await fetch(gateway.url + path, init)
      expect([path, reply.status]).toEqual([path, expect.toSatisfy((status) => status === 200 || status === 201)])
      return reply.text()
    }
    const post = (path: string, body: object, headers = {}) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    const receipt = await post(`/v1/events?key=${site?.key}`, {
      ...{ eventId: randomUUID(), occurredAt: new Date().toISOString(), subject: { deviceSecret: secret } },
      ...{ decisions: [{ purposeId: 'statistics', verb: 'given' }], act: 'button', control: 'save-choices' },
    })
    await local.runner.settle()
    const question = { controller: 'ljungsten', subject: deviceIdentity(secret), purposeId: 'statistics' }
    const proof = await post('/v1/audit/proofs', question, { authorization: `Bearer ${token}` })
    const policyText = await call('/log/ljungsten/policy')
    const policy = parsePolicy(policyText)
    if (told) {
      const operator = { audience: ledgerAudience, subject: 'operator', scope: 'ledger.admin', lifetimeSeconds: 600 }
      const vkey = policyText.split(' ')[1]
      const authorization = `Bearer ${await local.issuer.token(operator)}`
      const draft = { ...told, vkey, stolen: false, ground: 'the drill' }
      await post('/v1/controllers/ljungsten/keys', draft, { authorization })
      await local.runner.settle()
    }
    const source = httpLog(`${gateway.url}/log/ljungsten`, { token })
    const before = state !== undefined && { state }
    const byKept = await checkLog(source, kept ?? policy, { ...before, tilesOnly: true })
    const { verdict, kinds } = await checkLog(source, policy, {
      ...before,
      onState: (found) => {
        state = found
      },
    })
    return {
      receipt,
      proof,
      policy,
      checked: verdict,
      kinds,
      byKept,
      signatures: (await call('/log/ljungsten/checkpoint')).split('\n— ').length - 1,
    }
  } finally {
    await gateway.close()
    await local.close()
  }
}

const verdicts = async ({ receipt, proof }: { receipt: string; proof: string }, policy: LogPolicy) =>
  Promise.all([receipt, proof].map(async (file) => (await verifyFile(file, policy)).verdict))

test('each state verifies with its own policy and with each later one', async () => {
  const keys = join(folder, 'keys')
  const first = await run()
  expect(await addCheckpointKey(keys)).toBe(2)
  expect(await addCheckpointKey(keys)).toBe(2)
  await rm(join(keys, 'receipt.key'))
  const both = await run(first.policy, { change: 1, keys: ['checkpoint', 'receipt'] })
  expect(await retireCheckpointKeys(keys)).toBe(1)
  expect(await retireCheckpointKeys(keys)).toBe(0)
  const after = await run(first.policy)

  expect([first, both, after].map(({ signatures }) => signatures)).toEqual([2, 3, 2])
  expect([first, both, after].map(({ policy }) => policy.logs.length)).toEqual([1, 2, 2])
  expect([first, both, after].map(({ checked }) => checked)).toEqual(['valid', 'valid', 'valid'])
  for (const [i, given] of [first, both, after].entries())
    for (const { policy } of [first, both, after].slice(i))
      expect(await verdicts(given, policy)).toEqual(['valid', 'valid'])
  expect(both.kinds).toMatchObject({ 'key-change': 1 })
  // Whoever keeps the first policy is warned while both keys sign, and refused afterwards.
  const isWarned = expect.arrayContaining([expect.stringContaining('by a key that your policy lacks')])
  expect(both.byKept).toMatchObject({ verdict: 'valid', notes: isWarned })
  expect(after.byKept).toMatchObject({ verdict: 'invalid', failed: { what: 'checkpoint' } })
  // After a theft proofs are verified with the new key alone. The receipt key then needs another certificate.
  const newAlone = { ...both.policy, logs: both.policy.logs.slice(0, 1) }
  expect(await verdicts(after, newAlone)).toEqual(['invalid', 'valid'])
  // A promise is by the receipt key, whose certificate the first key signed while it could.
  expect(await verdicts(both, first.policy)).toEqual(['valid', 'valid'])
  expect(await verdicts(after, first.policy)).toEqual(['valid', 'invalid'])
  expect(await readdir(join(folder, 'objects', 'certificates'))).toHaveLength(2)
  expect((await readdir(keys)).filter((name) => name.startsWith('checkpoint')).sort()).toEqual([
    'checkpoint-2.key',
    'checkpoint.pub',
  ])
  const audited = await auditLedger(await openStoppedLedger(folder, Date.now), { redrive: false, progress: () => {} })
  expect(audited.counts).toEqual({})
})
