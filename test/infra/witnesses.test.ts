/** Outside witnesses in the construct: the function and its rights are always there, and a schedule starts it only where witnesses are named. */
import { expect, it } from 'vitest'
import type { OutsideWitness } from '../../infra/consent-ledger/witnesses.ts'
import { parseWitnesses } from '../../shared/ledger/log/ask-witnesses.ts'
import { formatVerifierKey, signatureTypes } from '../../shared/tlog/verifier-key.ts'
import { signer, witness } from '../shared/tlog/signing.ts'
import { alone } from '../support/synthesised.ts'

const north: OutsideWitness = {
  vkey: formatVerifierKey(witness('witness.example/north').key),
  url: 'https://witness.example/north',
}
const rulesOf = (witnesses?: readonly OutsideWitness[]) => alone(() => (witnesses ? { witnesses } : {}))

it('are asked by a function of its own every 15 minutes, which reads what the construct wrote', () => {
  const stage = rulesOf([north])
  const schedules = stage.of('AWS::Events::Rule').filter(({ id }) => id.includes('Witness'))
  expect(schedules.map(({ properties }) => properties.ScheduleExpression)).toEqual(['rate(15 minutes)'])
  const asking = stage
    .of('AWS::Lambda::Function')
    .find(({ properties }) => properties.Description === 'Consent ledger: witness')?.properties
  expect(parseWitnesses(JSON.parse(asking?.Environment.Variables.WITNESSES))).toEqual([
    { key: witness('witness.example/north').key, url: north.url },
  ])
  // No network of its own, so it reaches witnesses as Lambda does the internet.
  expect(asking).not.toHaveProperty('VpcConfig')
})

it('are asked by nobody where none is named', () => {
  expect(
    rulesOf()
      .of('AWS::Events::Rule')
      .filter(({ id }) => id.includes('Witness')),
  ).toEqual([])
})

it.each<[string, readonly OutsideWitness[], string]>([
  ['an address in clear', [{ ...north, url: 'http://witness.example' }], 'no address like'],
  ['an address with a password', [{ ...north, url: 'https://a:b@witness.example' }], 'no address like'],
  ['no address', [{ ...north, url: 'witness.example' }], 'no address like'],
  [
    'the key of a log',
    [{ ...north, vkey: formatVerifierKey(signer('ledger.example/acme', signatureTypes.ed25519).key) }],
    'verifier key of type 4',
  ],
  ['one key twice', [north, { ...north, url: 'https://other.example' }], 'twice'],
  ['seventeen', Array.from({ length: 17 }, () => north), '16 allowed'],
])('are refused at synthesis with %s', (_, witnesses, message) => {
  expect(() => rulesOf(witnesses)).toThrow(message)
})
