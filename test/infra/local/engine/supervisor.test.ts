/** An engine that ends unasked is started again, at the same address and a bounded number of times. */
import { expect, it } from 'vitest'
import type { EngineAddress } from '../../../../infra/local/engine/address.ts'
import type { Engine } from '../../../../infra/local/engine/process.ts'
import { restartDelaysMs, superviseEngine } from '../../../../infra/local/engine/supervisor.ts'

const chosen: EngineAddress = { host: '127.1.2.3', port: 6667 }

/** Engines that die when the test says so; time passes while one is waited for, and when the test says so. */
async function supervised() {
  const events: string[] = []
  const waits: number[] = []
  const asked: (EngineAddress | undefined)[] = []
  let now = 0
  let isBroken = false
  let die = () => {}
  let stopped = 0
  const engine = await superviseEngine(
    async ({ address, onLost }) => {
      asked.push(address)
      if (isBroken) throw new Error('it does not start')
      die = onLost
      const pid = asked.length
      return {
        name: 'Fake',
        address: chosen,
        endpoint: 'http://x',
        pid,
        stop: async () => void stopped++,
      } satisfies Engine
    },
    {
      onEvent: (event, name) => events.push(`${name} ${event}`),
      clock: () => now,
      sleep: async (ms) => {
        waits.push(ms)
        now += ms
      },
    },
  )
  return {
    engine,
    events,
    waits,
    asked,
    isStopped: () => stopped > 0,
    wait: (ms: number) => (now += ms),
    break: () => (isBroken = true),
    async die() {
      die()
      await new Promise((settled) => setTimeout(settled))
    },
  }
}

it('restarts it at the same address', async () => {
  const it = await supervised()
  await it.die()
  expect(it.asked).toEqual([undefined, chosen])
  expect(it.events).toEqual(['Fake lost', 'Fake restarted'])
  expect(it.engine.pid).toBe(2)
})

it('gives up after the last try, whether it ends or does not start', async () => {
  const ending = await supervised()
  for (let i = 0; i < restartDelaysMs.length + 1; i++) await ending.die()
  expect(ending.waits).toEqual(restartDelaysMs)
  expect(ending.events.at(-1)).toBe('Fake given-up')

  const broken = await supervised()
  broken.break()
  await broken.die()
  expect(broken.waits).toEqual(restartDelaysMs)
  expect(broken.events).toEqual(['Fake lost', 'Fake given-up'])
  await broken.engine.stop()
})

it('has all its tries again after a minute without failure', async () => {
  const it = await supervised()
  for (let i = 0; i < 3 * restartDelaysMs.length; i++) {
    it.wait(60_000)
    await it.die()
  }
  expect(new Set(it.waits)).toEqual(new Set([restartDelaysMs[0]]))
  expect(it.events).not.toContain('Fake given-up')
})

it('does not restart it when it was stopped', async () => {
  const it = await supervised()
  await it.engine.stop()
  await it.die()
  expect(it.isStopped()).toBe(true)
  expect(it.events).toEqual([])
  expect(it.asked).toEqual([undefined])
})
