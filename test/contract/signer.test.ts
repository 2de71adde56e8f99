import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKmsClient } from '../../functions/aws/kms-client.ts'
import { kmsSigner } from '../../functions/aws/kms-signer.ts'
import { keyFileSigner } from '../../infra/local/data/key-files.ts'
import { ed25519Key, type KmsDouble, startKmsDouble } from '../support/kms-double.ts'
import { signerContract, verifies } from './signer.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signer-'))
})
afterAll(() => rm(folder, { recursive: true }))

signerContract('a key file', () => keyFileSigner(join(folder, 'keys', 'checkpoint.pem')))

describe('KMS', () => {
  let double: KmsDouble
  let client: ReturnType<typeof createKmsClient>
  beforeAll(async () => {
    double = await startKmsDouble()
    double.keys.set('checkpoint', ed25519Key())
    client = createKmsClient({ region: 'eu-north-1', endpoint: double.endpoint })
  })
  afterAll(async () => {
    client.destroy()
    await double.stop()
  })

  signerContract('KMS, by a double of its protocol', () => kmsSigner(client, 'checkpoint'))
})

describe('a key file', () => {
  it('is created once by concurrent starts, and only its owner can read it', async () => {
    const path = join(folder, 'race', 'a.pem')
    const made = await Promise.all(Array.from({ length: 5 }, () => keyFileSigner(path)))
    expect(new Set(made.map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))).size).toBe(1)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
  })

  it('is made from the randomness that it is given', async () => {
    // RFC 8032, 7.1, test 1.
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    const publicKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
    const made = await keyFileSigner(join(folder, 'seeded.pem'), (count) => seed.subarray(0, count))
    expect(Buffer.from(made.publicKey).toString('hex')).toBe(publicKey)
    await writeFile(join(folder, 'bare.seed'), seed)
    const read = await keyFileSigner(join(folder, 'bare.seed'))
    expect(Buffer.from(read.publicKey).toString('hex')).toBe(publicKey)
    expect(Buffer.from(await read.sign(Buffer.of())).toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    )
  })

  it('may be made by another program', async () => {
    const path = join(folder, 'foreign.pem')
    await writeFile(path, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
    await chmod(path, 0o600)
    const signer = await keyFileSigner(path)
    expect(verifies(signer.publicKey, Buffer.from('m'), await signer.sign(Buffer.from('m')))).toBe(true)
  })

  it.each([
    ['empty', ''],
    ['31 bytes', 'x'.repeat(31)],
    ['no key', 'not a key at all, although it is long enough to be one'],
    ['another kind', generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['a public key', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })],
  ])('that holds something else is refused, and left as it is: %s', async (what, content) => {
    const path = join(folder, `bad-${what}`)
    await writeFile(path, content)
    const refusal = keyFileSigner(path)
    await expect(refusal).rejects.toMatchObject({ code: 'internal' })
    await expect(refusal).rejects.toThrow('no Ed25519 private key')
    expect(await readFile(path, 'utf8')).toBe(content)
  })
})
