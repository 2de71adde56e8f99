/** A checkpoint key is replaced on AWS: which keys a function may sign with, and which it may know, in each deployment on the way. */
import { Stack } from 'aws-cdk-lib'
import { expect, it } from 'vitest'
import { statementsOf } from '../../infra/consent-ledger/role-statements.ts'
import { checkpointKeyNames } from '../../infra/consent-ledger/signing-keys.ts'
import { LedgerStores, type LedgerStoresProps } from '../../infra/consent-ledger/stores.ts'
import type { LambdaName } from '../../infra/lambda-names.ts'
import { freshApp } from '../support/fresh-app.ts'

type Keys = NonNullable<LedgerStoresProps['checkpointKeys']>
const [first, second] = ['CheckpointKey', 'CheckpointKey2']
const lost = Buffer.alloc(32, 1).toString('base64')
const key = (id: string, signs = true) => ({ id, signs })

function deployment(checkpointKeys?: Keys) {
  const stack = new Stack(freshApp(), 'Data', { env: { account: '111122223333', region: 'eu-north-1' } })
  const stores = new LedgerStores(stack, 'Stores', checkpointKeys ? { checkpointKeys } : {})
  const named = (value: unknown) =>
    JSON.stringify(stack.resolve(value)).replaceAll(
      /\{"Fn::GetAtt":\["Stores([A-Za-z]+\d?)[0-9A-F]{8}","Arn"\]\}/g,
      '$1',
    )
  const of = (name: LambdaName, action: string) =>
    statementsOf(name, stores).flatMap(({ actions, resources }) =>
      actions.includes(action) ? resources.map((arn) => named(arn)) : [],
    )
  return {
    signs: of('sequence', 'kms:Sign'),
    knows: of('log', 'kms:GetPublicKey'),
    names: named(checkpointKeyNames(stores)),
  }
}

it.each<[string, Keys | undefined, string[], string[], RegExp]>([
  ['one key', undefined, [first], [first], /^CheckpointKey$/],
  ['both', [key(second), key(first)], [second, first], [second, first], /CheckpointKey2.* .*CheckpointKey\b/],
  [
    'the new key',
    [key(second), key(first, false)],
    [second],
    [second, first],
    /CheckpointKey2.* retired:.*CheckpointKey\b/,
  ],
  [
    'the new key, and one that is lost',
    [key(second), { publicKey: lost }],
    [second],
    [second],
    /CheckpointKey2.* public:AQEB/,
  ],
])('%s', (_, keys, signing, known, names) => {
  const found = deployment(keys)
  expect(found.signs).toEqual([...signing, 'WitnessKey'])
  expect(found.knows).toEqual([...known, 'WitnessKey'])
  expect(found.names).toMatch(names)
})

it.each<[string, Keys]>([
  ['is the newest, and signs', []],
  ['is the newest, and signs', [key(second, false), key(first)]],
  ['keep the first key', [key(second)]],
  ['is the newest, and signs', [{ publicKey: lost }]],
  ['a public key has 32 bytes', [key(second), { publicKey: Buffer.alloc(33).toString('base64') }]],
])('is refused: %s', (sentence, keys) => {
  expect(() => deployment(keys)).toThrow(sentence)
})
