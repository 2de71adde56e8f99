import { afterAll, beforeAll } from 'vitest'
import { type RunningLedger, type StartOptions, startLedger } from './running-ledger.ts'

/** A ledger for all tests of a file: started before them, closed after them. Usable inside tests and hooks only. */
export function sharedLedger(options: StartOptions = {}): RunningLedger {
  let running: RunningLedger | undefined
  beforeAll(async () => {
    running = await startLedger(options)
  })
  afterAll(() => running?.close())
  const started = () => {
    if (running === undefined)
      throw new Error('the ledger is started before the first test, and not while tests are collected')
    return running
  }
  return new Proxy({} as RunningLedger, { get: (_, name) => Reflect.get(started(), name) })
}
