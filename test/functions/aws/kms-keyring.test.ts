/** The keyring on KMS. The double is of the protocol; AWS itself is not here. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createKmsClient } from '../../../functions/aws/kms-client.ts'
import { kmsKeyring } from '../../../functions/aws/kms-keyring.ts'
import { controllerSecretsBytes } from '../../../shared/ledger/derived-keys.ts'
import { type KmsDouble, startKmsDouble, symmetricKey } from '../../support/kms-double.ts'

let double: KmsDouble
let client: ReturnType<typeof createKmsClient>
beforeAll(async () => {
  double = await startKmsDouble()
  client = createKmsClient({ region: 'eu-north-1', endpoint: double.endpoint })
  double.keys.set('keyring', symmetricKey())
  double.keys.set('other', symmetricKey())
})
afterAll(async () => {
  client.destroy()
  await double.stop()
})
beforeEach(() => {
  double.seen.length = 0
  double.decide = () => undefined
})

const secret = randomBytes(controllerSecretsBytes)
const keyring = (key = 'keyring') => kmsKeyring(client, key, { sleep: async () => {} })

it('unwraps what it wrapped, by one call each, with the controller as context', async () => {
  const wrapped = await keyring().wrap('acme', secret)
  expect(Buffer.from(wrapped).includes(secret)).toBe(false)
  expect(Buffer.from(await keyring().unwrap('acme', wrapped))).toEqual(secret)
  expect(double.seen.map(({ operation, body }) => [operation, JSON.parse(String(body)).EncryptionContext])).toEqual([
    ['Encrypt', { controller: 'acme' }],
    ['Decrypt', { controller: 'acme' }],
  ])
})

it('does not unwrap for another controller, nor by another key, nor what was changed', async () => {
  const wrapped = await keyring().wrap('acme', secret)
  const changed = Buffer.from(wrapped).map((byte, i) => (i === wrapped.length - 1 ? byte ^ 1 : byte))
  await expect(keyring().unwrap('other', wrapped)).rejects.toMatchObject({
    code: 'internal',
    message: 'The key service refused the request: InvalidCiphertextException.',
  })
  await expect(keyring('other').unwrap('acme', wrapped)).rejects.toThrow('IncorrectKeyException')
  await expect(keyring().unwrap('acme', changed)).rejects.toThrow('InvalidCiphertextException')
  await expect(keyring().unwrap('acme', Buffer.of(1))).rejects.toThrow('InvalidCiphertextException')
})

it('tries again what passes', async () => {
  double.decide = ({ earlier }) =>
    earlier === 0 ? { fault: 'refuse', status: 400, code: 'ThrottlingException' } : undefined
  const wrapped = await keyring().wrap('acme', secret)
  expect(Buffer.from(await keyring().unwrap('acme', wrapped))).toEqual(secret)
  expect(double.seen).toHaveLength(4)
})
