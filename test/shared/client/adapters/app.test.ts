/**
 * The client in an app: in a realm without document, location, navigator, localStorage and random source, as the README has it, over a
 * storage that answers later. The ledger is real; the network comes and goes.
 */
import { randomBytes } from 'node:crypto'
import { createContext, runInContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type AsyncStorage, loadAsyncStorage } from '../../../../shared/client/adapters/async-storage.ts'
import type { Consent } from '../../../../shared/client/client.ts'
import { bundleSnippet } from '../../../support/adapter-snippets.ts'
import { statusOfVisitor } from '../../../support/demo-calls.ts'
import { eventually } from '../../../support/eventually.ts'
import { type RunningLedger, siteKeyOf, startLedger } from '../../../support/running-ledger.ts'

let ledger: RunningLedger
let code: string
beforeAll(async () => {
  ledger = await startLedger()
  code = await bundleSnippet('app', {
    url: ledger.url,
    key: siteKeyOf(ledger, 'ljungsten/ios-app'),
    format: 'iife',
    modules: {
      '@react-native-async-storage/async-storage': 'export default globalThis.device.storage',
      'expo-crypto': 'export const getRandomBytes = globalThis.device.randomBytes',
    },
  })
})
afterAll(() => ledger?.close())

let device: { items: Map<string, string>; storage: AsyncStorage; randomBytes: typeof randomBytes; isOnline: boolean }
beforeEach(() => {
  const items = new Map([['somebody-elses', 'item']])
  const later = () => new Promise((done) => setTimeout(done, 1))
  device = {
    items,
    randomBytes,
    isOnline: true,
    storage: {
      getAllKeys: async () => [...items.keys()],
      getItem: async (key) => items.get(key) ?? null,
      setItem: (key, value) => later().then(() => items.set(key, value)),
      removeItem: (key) => later().then(() => items.delete(key)),
    },
  }
})

/** What React Native gives an app, and no more. */
async function startApp(): Promise<Consent> {
  const reach: typeof fetch = (...call) => (device.isOnline ? fetch(...call) : Promise.reject(new TypeError('offline')))
  const realm = createContext({ device, fetch: reach, setTimeout, clearTimeout, AbortController, btoa, atob })
  return runInContext(`${code}; snippet.openAppConsent()`, realm)
}

const kept = (name: string) => [...device.items].filter(([key]) => key.includes(`:${name}`))
const secret = () => JSON.parse(kept('device')[0]?.[1] ?? '""')

it('records, and is the same person when it starts again', async () => {
  const app = await startApp()
  const receipt = await app.record({ statistics: true }, { act: 'toggle' }).receipt
  expect(receipt?.decisions).toMatchObject([{ purposeId: 'statistics', verb: 'given' }])
  await eventually(() => expect(kept('event:')).toEqual([]))

  const again = await startApp()
  expect(again.permits('statistics')).toBe(true)
  expect((await again.state())?.consents.find((c) => c.purposeId === 'statistics')?.status).toBe('Given')
  expect(device.items.get('somebody-elses')).toBe('item')
})

it('keeps a decision that was made offline, also when the app ends, and sends it when it is back', async () => {
  device.isOnline = false
  const app = await startApp()
  expect(await app.record({ statistics: false }).receipt).toBeUndefined()
  expect([app.permits('statistics'), app.pending()]).toEqual([false, 1])
  await eventually(() => expect([kept('event:').length, kept('choice:').length]).toEqual([1, 1]))
  app.close()

  const again = await startApp()
  expect([again.permits('statistics'), again.pending()]).toEqual([false, 1])
  device.isOnline = true
  await again.flush()
  expect(again.pending()).toBe(0)
  expect((await statusOfVisitor(ledger, secret(), { purposeId: 'statistics' })).status).toBe('Refused')
  await eventually(() => expect(kept('event:')).toEqual([]))
  again.close()
})

it('writes in order, goes on after a write that fails, and does not start on what it cannot read', async () => {
  const { items, storage } = device
  const delays = [9, 6, 3]
  const slower = (key: string, value: string) =>
    new Promise((done) => setTimeout(done, delays.shift())).then(() => storage.setItem(key, value))
  const failing = { ...storage, setItem: vi.fn(slower).mockRejectedValueOnce(new Error('full')) }
  const opened = await loadAsyncStorage(failing)
  for (const value of ['1', '2', '3']) opened.setItem('consent-ledger:a', value)
  opened.setItem('consent-ledger:b', '1')
  opened.removeItem('consent-ledger:b')
  expect([opened.getItem('consent-ledger:a'), opened.getItem('consent-ledger:b'), opened.keys?.()]).toEqual([
    ...['3', null, ['consent-ledger:a']],
  ])
  await eventually(() => expect(items.get('consent-ledger:a')).toBe('3'))
  await eventually(() => expect(failing.setItem).toHaveBeenCalledTimes(4))
  await eventually(() => expect(items.has('consent-ledger:b')).toBe(false))
  await expect(
    loadAsyncStorage({ ...storage, getAllKeys: () => Promise.reject(new Error('locked')) }),
  ).rejects.toThrow()
})
