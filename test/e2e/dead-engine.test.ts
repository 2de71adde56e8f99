/**
 * A database that is dead, full or hangs, through the front door: 503 within its time, a health route that says so, and an engine
 * that is back by itself with everything that was acknowledged.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEngine } from '../../infra/local/engine/engine.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import { device } from '../support/demo-calls.ts'
import { eventually } from '../support/eventually.ts'
import { type Fault, type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { aDeviceSecret, anEvent, type RunningLedger, startLedger } from '../support/running-ledger.ts'
import { processesFrom } from '../support/started-program.ts'

let ledger: RunningLedger

const post = (deviceSecret = aDeviceSecret()) =>
  ledger.post(`/v1/events?key=${ledger.key('ljungsten/web')}`, anEvent(deviceSecret))
const health = () => ledger.get('/healthz')
const ownConsents = (deviceSecret: string) =>
  ledger.get(`/v1/me/consents?key=${ledger.key('ljungsten/web')}`, device(deviceSecret))

describe('a database that fails', () => {
  let engine: Engine
  let proxy: FaultProxy
  beforeAll(async () => {
    engine = await startEngine()
    proxy = await startFaultProxy(engine.endpoint)
    ledger = await startLedger({ endpoint: proxy.endpoint })
  })
  afterAll(async () => {
    proxy.decide = () => undefined
    await ledger.close()
    await proxy.stop()
    await engine.stop()
  })

  it.each<[string, Fault]>([
    ['dead', { fault: 'drop' }],
    ['full', { fault: 'status', status: 500 }],
  ])('and is %s: 503 once it was tried again for 1.5 s', async (_name, fault) => {
    const secret = aDeviceSecret()
    expect((await post(secret)).status).toBe(201)
    proxy.decide = () => fault
    for (const answer of await Promise.all([post(), ownConsents(secret)])) {
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.json.detail).toBe('The database gave no answer within 1500 ms.')
    }
    expect((await health()).status).toBe(503)
    proxy.decide = () => undefined
    expect((await health()).json).toEqual({ status: 'ok' })
    expect((await post(secret)).status).toBe(201)
  })

  it('and hangs: the health route still answers', async () => {
    proxy.decide = () => ({ fault: 'hang' })
    expect((await health()).status).toBe(503)
    proxy.decide = () => undefined
    // Calls that hang have their places until their own deadline.
    await eventually(async () => expect((await health()).status).toBe(200))
  })
})

describe('an engine that is killed', () => {
  beforeAll(async () => {
    ledger = await startLedger()
  })
  afterAll(() => ledger.close())

  it('is started again, with everything that was acknowledged', async () => {
    const secret = aDeviceSecret()
    const first = await post(secret)
    expect(first.status).toBe(201)
    const engines = (await processesFrom(process.pid)).filter(({ name }) => /dynoxide|java/.test(name))
    expect(engines).toHaveLength(2)
    for (const { pid } of engines) process.kill(pid, 'SIGKILL')
    const answer = await post(secret)
    expect([201, 503]).toContain(answer.status)
    await eventually(async () => expect((await health()).status).toBe(200))
    await eventually(async () => expect((await post(secret)).status).toBe(201))
    const { json } = await ledger.get(`/v1/me/receipts?key=${ledger.key('ljungsten/web')}`, device(secret))
    expect(json.receipts.map(({ receiptId }: { receiptId: string }) => receiptId)).toContain(first.json.receiptId)
  })
})
