/** Where people sign in to a deployed console: what the construct takes, what the function is given, and what is refused at synthesis. */
import { describe, expect, it } from 'vitest'
import { type ConsoleSignIn, consoleConfigOf } from '../../infra/consent-ledger/console-sign-in.ts'
import { consoleConfig } from '../../shared/api/schemas/console-config.ts'
import { alone } from '../support/synthesised.ts'

const acme: ConsoleSignIn = {
  controller: 'acme',
  name: 'Acme AB',
  issuer: 'https://login.example.com',
  clientId: 'console',
  audience: 'consent-ledger/acme',
}
const endpoints = { authorization: 'https://auth.example.net/authorize', token: 'https://auth.example.net/token' }

it('is what the console reads', () => {
  const { controllers } = consoleConfig.parse(consoleConfigOf([acme, { ...acme, controller: 'grytan', endpoints }]))
  expect(controllers).toEqual([
    acme,
    {
      ...acme,
      controller: 'grytan',
      authorizationEndpoint: endpoints.authorization,
      tokenEndpoint: endpoints.token,
    },
  ])
})

it.each([
  ['nothing', {}, { controllers: [] }],
  ['a controller', { console: [acme] }, { controllers: [acme] }],
])('of %s the one function that serves it is told', (_, props, expected) => {
  const told = alone(() => props)
    .of('AWS::Lambda::Function')
    .map(({ properties }) => properties.Environment?.Variables?.CONSOLE_CONFIG)
    .filter((value) => value !== undefined)
  expect(told.map((text) => JSON.parse(text))).toEqual([expected])
})

it('the same function is told where the console sends files and reads them', () => {
  const origins = alone(() => ({ console: [acme] }))
    .of('AWS::Lambda::Function')
    .flatMap(({ properties }) => properties.Environment?.Variables?.FILES_ORIGIN ?? [])
  expect(origins).toHaveLength(1)
  expect(JSON.stringify(origins[0])).toMatch(/https:\/\/.*RegionalDomainName/)
})

describe('refuses', () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ ...acme, controller: `controller-${i}` }))
  it.each<[string, readonly ConsoleSignIn[], string]>([
    ['an issuer that is no address', [{ ...acme, issuer: 'urn:login' }], 'console: acme has urn:login'],
    [
      'an endpoint without TLS',
      [{ ...acme, endpoints: { ...endpoints, token: 'http://auth.example.net/t' } }],
      'http:',
    ],
    ['an address that would add to the policy', [{ ...acme, issuer: 'https://a.example; script-src *' }], 'script-src'],
    ['a controller twice', [acme, acme], 'acme is there twice'],
    ['more than a variable holds', many, 'console: what it says of 40 controllers takes'],
  ])('%s', (_, signIns, sentence) => {
    expect(() => consoleConfigOf(signIns)).toThrow(sentence)
  })
})
