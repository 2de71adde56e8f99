/** Which requests the development issuer takes for those of a program on this machine. */
import { expect, it } from 'vitest'
import { localOrigin } from '../../../../infra/local/sign-in/local-request.ts'
import { apiEvent } from '../../../support/api-event.ts'

const event = (host: string, sourceIp: string, headers: Readonly<Record<string, string>> = {}) =>
  apiEvent('getHealth', { sourceIp, headers: { host, ...headers } })

it.each([
  ['localhost:8787', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['127.0.0.1:21000', '127.0.0.1'],
  ['[::1]:8787', '::1'],
  ['localhost:8787', '127.0.1.1'],
])('%s from %s', (host, address) => {
  expect(localOrigin(event(host, address))).toBe(`http://${host}`)
})

it.each<[why: string, host: string, sourceIp: string, headers?: Readonly<Record<string, string>>]>([
  ['the network', 'localhost:8787', '192.168.1.20'],
  ['a name that was made to lead here', 'rebound.example:8787', '127.0.0.1'],
  ['a name that only begins like this machine’s', 'localhost.example', '127.0.0.1'],
  ['a name that only ends like it', 'evil-localhost', '127.0.0.1'],
  ['a user in front of it', 'a@localhost:8787', '127.0.0.1'],
  ['two names', 'localhost,evil.example', '127.0.0.1'],
  ['a line break', 'localhost:8787\nevil.example', '127.0.0.1'],
  ['no name', '', '127.0.0.1'],
  ['a proxy that says for whom', 'localhost:8787', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' }],
  ['a proxy by RFC 7239', 'localhost:8787', '127.0.0.1', { forwarded: 'for=203.0.113.9' }],
  ['a proxy that names itself', 'localhost:8787', '127.0.0.1', { via: '1.1 proxy' }],
  ['a proxy that says for which name', 'localhost:8787', '127.0.0.1', { 'x-forwarded-host': 'demo.example' }],
])('nothing from %s', (_, host, sourceIp, headers) => {
  expect(localOrigin(event(host, sourceIp, headers))).toBeUndefined()
})
