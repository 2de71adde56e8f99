/** What `__gpp` says, where the browser suite does not go. */
import { afterEach, expect, it, vi } from 'vitest'
import { withGppString } from '../../../../shared/client/adapters/gpp.ts'
import type { Consent, How } from '../../../../shared/client/client.ts'

afterEach(() => vi.unstubAllGlobals())

function signalled(gpp?: unknown) {
  vi.stubGlobal('__gpp', gpp)
  const heard: (How | undefined)[] = []
  const recording = (_what: unknown, how?: How) => heard.push(how)
  const consent = withGppString({ record: recording, withdraw: recording } as unknown as Consent)
  consent.record({ a: true }, { act: 'button', signals: { tcString: 'CQ1' } })
  consent.withdraw(['a'])
  return heard
}

const saying = (pingData: unknown) => (_command: string, callback: (event: unknown) => void) => callback({ pingData })

it('goes along with withdrawals too, and beside other signals', () => {
  expect(signalled(saying({ signalStatus: 'ready', gppString: 'DBABLA~1' }))).toEqual([
    { act: 'button', signals: { tcString: 'CQ1', gppString: 'DBABLA~1' } },
    { signals: { gppString: 'DBABLA~1' } },
  ])
})

it('reports a string that was left out to the client', () => {
  vi.stubGlobal('__gpp', saying({ signalStatus: 'ready', gppString: 'D'.repeat(8193) }))
  const onError = vi.fn()
  withGppString({ onError } as unknown as Consent)
  expect(onError.mock.calls).toEqual([[{ code: 'signal-too-long', detail: '8193 characters, at most 8192' }]])
})

it.each([
  ['a page without it', undefined],
  ['a CMP that is asking', saying({ signalStatus: 'not ready', gppString: 'DBABLA~1' })],
  ['a CMP with nothing to say', saying(undefined)],
  ['a string that the ledger would not take', saying({ signalStatus: 'ready', gppString: 'D'.repeat(8193) })],
  ['a CMP that throws', () => JSON.parse('')],
])('has no string of %s', (_what, gpp) => {
  expect(signalled(gpp)).toEqual([{ act: 'button', signals: { tcString: 'CQ1' } }, {}])
})
