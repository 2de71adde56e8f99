/** The signer on KMS when keys are wrong and KMS fails. The double is of the protocol; AWS itself is not here. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AttemptOptions } from '../../../functions/aws/attempts.ts'
import { kmsCheckpointKeys } from '../../../functions/aws/checkpoint-keys.ts'
import { createKmsClient } from '../../../functions/aws/kms-client.ts'
import { kmsSigner } from '../../../functions/aws/kms-signer.ts'
import type { Fault } from '../../support/http-double.ts'
import { ed25519Key, type KmsDouble, p256Key, startKmsDouble, symmetricKey } from '../../support/kms-double.ts'

let double: KmsDouble
let client: ReturnType<typeof createKmsClient>
/** Gives up on an answer early, which a busy machine can make it do at any request. */
let hastyClient: typeof client
beforeAll(async () => {
  double = await startKmsDouble()
  const { endpoint } = double
  client = createKmsClient({ region: 'eu-north-1', endpoint })
  hastyClient = createKmsClient({ region: 'eu-north-1', endpoint, requestTimeoutMs: 250 })
})
afterAll(async () => {
  client.destroy()
  hastyClient.destroy()
  await double.stop()
})
beforeEach(() => {
  double.keys.clear()
  double.keys.set('checkpoint', ed25519Key())
  double.seen.length = 0
  double.decide = () => undefined
  double.forge = undefined
})

const quick: AttemptOptions = { sleep: async () => {} }
const message = Buffer.from('ledger.example/acme\n1\n')
const operations = () => double.seen.map(({ operation }) => operation)

describe('what is asked of KMS', () => {
  it('the public key once, and one signature a message: RAW, never pre-hashed', async () => {
    const signer = await kmsSigner(client, 'checkpoint', quick)
    await signer.sign(message)
    await signer.sign(message)
    expect(operations()).toEqual(['GetPublicKey', 'Sign', 'Sign'])
    expect(JSON.parse(String(double.seen[1]?.body))).toEqual({
      KeyId: 'checkpoint',
      Message: message.toString('base64'),
      MessageType: 'RAW',
      SigningAlgorithm: 'ED25519_SHA_512',
    })
  })

  it('nothing for a message that KMS would not take', async () => {
    const signer = await kmsSigner(client, 'checkpoint', quick)
    const maxMessageBytes = 4_096
    await signer.sign(new Uint8Array(maxMessageBytes))
    const refusal = { code: 'internal', facts: { given: maxMessageBytes + 1, allowed: maxMessageBytes } }
    await expect(signer.sign(new Uint8Array(maxMessageBytes + 1))).rejects.toMatchObject(refusal)
    expect(operations()).toEqual(['GetPublicKey', 'Sign'])
  })
})

describe('of several checkpoint keys', () => {
  it('the newest signs, and the earlier ones beside it until they are retired', async () => {
    double.keys.set('second', ed25519Key())
    double.keys.set('third', ed25519Key())
    const keys = await kmsCheckpointKeys(client, 'third second retired:checkpoint', quick)
    const [second, first] = keys.earlierCheckpointKeys ?? []
    expect(operations()).toEqual(['GetPublicKey', 'GetPublicKey', 'GetPublicKey'])
    const alone = await Promise.all(['third', 'second', 'checkpoint'].map((name) => kmsSigner(client, name, quick)))
    expect([keys.checkpointSigner, second, first].map((key) => key?.publicKey)).toEqual(
      alone.map(({ publicKey }) => publicKey),
    )
    expect(await keys.checkpointSigner.sign(message)).toEqual(await alone[0]?.sign(message))
    expect(await second?.sign?.(message)).toEqual(await alone[1]?.sign(message))
    expect(first).not.toHaveProperty('sign')
    expect(await kmsCheckpointKeys(client, 'checkpoint', quick)).not.toHaveProperty('earlierCheckpointKeys')
    const lost = `public:${Buffer.from(first?.publicKey ?? []).toString('base64')}`
    double.keys.delete('checkpoint')
    expect((await kmsCheckpointKeys(client, `third ${lost}`, quick)).earlierCheckpointKeys).toEqual([first])
  })

  it('each must make Ed25519 signatures', async () => {
    double.keys.set('other', p256Key())
    for (const names of ['other checkpoint', 'checkpoint other', 'checkpoint retired:other'])
      await expect(kmsCheckpointKeys(client, names, quick)).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('a key that does not make Ed25519 signatures is refused at the start', () => {
  it.each([
    ['another curve', p256Key, 'does not make Ed25519 signatures'],
    [
      'P-521 under the name of Ed25519, as an emulator had it',
      mislabelled('P-521'),
      'does not make Ed25519 signatures',
    ],
    ['a symmetric key', symmetricKey, 'UnsupportedOperationException'],
  ])('%s', async (_what, key, message) => {
    double.keys.set('checkpoint', key())
    const refusal = kmsSigner(client, 'checkpoint', quick)
    await expect(refusal).rejects.toMatchObject({ code: 'internal' })
    await expect(refusal).rejects.toThrow(message)
  })

  it('none at all', async () => {
    await expect(kmsSigner(client, 'none', quick)).rejects.toThrow('NotFoundException')
  })

  function mislabelled(namedCurve: string) {
    return () => ed25519Key(generateKeyPairSync('ec', { namedCurve }).privateKey)
  }
})

describe('a signature that is not right never leaves', () => {
  it.each([
    ['a bit changed', (signature: Buffer) => signature.map((byte, i) => (i === 40 ? byte ^ 4 : byte))],
    ['one byte less', (signature: Buffer) => signature.subarray(1)],
    ['of another message', () => sign(null, Buffer.from('other'), privateKeyOf())],
    ['pre-hashed by somebody', () => sign(null, Buffer.from('ph'), privateKeyOf())],
    ['nothing', () => Buffer.of()],
  ])('%s', async (_what, forge) => {
    const signer = await kmsSigner(client, 'checkpoint', quick)
    double.forge = (signature) => Buffer.from(forge(signature))
    await expect(signer.sign(message)).rejects.toMatchObject({ code: 'internal' })
    double.forge = undefined
    expect(await signer.sign(message)).toHaveLength(64)
  })

  it('of a key that took the name of the one it was', async () => {
    const signer = await kmsSigner(client, 'checkpoint', quick)
    double.keys.set('checkpoint', ed25519Key())
    await expect(signer.sign(message)).rejects.toThrow('does not verify')
  })

  function privateKeyOf() {
    const key = double.keys.get('checkpoint')
    if (key?.use !== 'sign') throw new Error('no such key')
    return key.privateKey
  }
})

describe('failures', () => {
  const passing: readonly Fault[] = [
    { fault: 'refuse', status: 400, code: 'ThrottlingException' },
    { fault: 'refuse', status: 500, code: 'KMSInternalException' },
    { fault: 'refuse', status: 503, code: 'DependencyTimeoutException' },
    { fault: 'refuse', status: 500, code: 'KeyUnavailableException' },
    { fault: 'drop' },
    { fault: 'hang' },
    { fault: 'lose-answer' },
    { fault: 'cut' },
  ]
  it.each(passing)('%o passes', async (fault) => {
    double.decide = ({ earlier }) => (earlier < 2 ? fault : undefined)
    const signer = await kmsSigner(hastyClient, 'checkpoint', quick)
    expect(await signer.sign(message)).toHaveLength(64)
  })

  it('throttled for ten seconds, the signer is unavailable', async () => {
    let now = 0
    const options = {
      clock: () => now,
      sleep: async (ms: number) => {
        now += ms
      },
    }
    const signer = await kmsSigner(client, 'checkpoint', options)
    double.decide = () => ({ fault: 'refuse', status: 400, code: 'ThrottlingException' })
    await expect(signer.sign(message)).rejects.toMatchObject({ code: 'unavailable' })
    expect(now).toBeGreaterThan(5_000)
    expect(now).toBeLessThan(10_000)
  })

  it.each(['Disabled', 'PendingDeletion'] as const)('a key that is %s is unavailable, at once', async (state) => {
    const signer = await kmsSigner(client, 'checkpoint', quick)
    const key = double.keys.get('checkpoint')
    if (key) key.state = state
    await expect(signer.sign(message)).rejects.toMatchObject({ code: 'unavailable' })
    expect(operations()).toEqual(['GetPublicKey', 'Sign'])
  })

  it('a role that may not sign gets an error that says so, without the words of KMS', async () => {
    const signer = await kmsSigner(client, 'checkpoint', quick)
    double.decide = () => ({ fault: 'refuse', status: 400, code: 'AccessDeniedException' })
    await expect(signer.sign(message)).rejects.toMatchObject({
      code: 'internal',
      message: 'The key service refused the request: AccessDeniedException.',
    })
  })
})

describe('the double is as strict as KMS', () => {
  const ask = (body: object) =>
    fetch(double.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Sign' },
      body: JSON.stringify({ KeyId: 'checkpoint', Message: 'aGVq', ...body }),
    }).then(async (answer) => {
      const { __type }: { __type?: string } = JSON.parse(await answer.text())
      return __type
    })

  it.each([
    ['ED25519_SHA_512', 'RAW', undefined],
    ['ED25519_SHA_512', 'DIGEST', 'ValidationException'],
    ['ED25519_PH_SHA_512', 'RAW', 'ValidationException'],
    ['ED25519_PH_SHA_512', 'DIGEST', undefined],
    ['ECDSA_SHA_256', 'RAW', 'InvalidKeyUsageException'],
  ])('%s %s: %s', async (SigningAlgorithm, MessageType, refusal) => {
    expect(await ask({ SigningAlgorithm, MessageType })).toBe(refusal)
  })

  it('takes 4,096 bytes and no more', async () => {
    const raw = { SigningAlgorithm: 'ED25519_SHA_512', MessageType: 'RAW' }
    expect(await ask({ ...raw, Message: Buffer.alloc(4_096).toString('base64') })).toBeUndefined()
    expect(await ask({ ...raw, Message: Buffer.alloc(4_097).toString('base64') })).toBe('ValidationException')
  })
})
