/** Promises as somebody checks them who has only the log's key and a JOSE library; and what the issuer does with time and trouble. */
import { hash } from 'node:crypto'
import fc from 'fast-check'
import { compactVerify, decodeJwt, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { LedgerError } from '../../../../shared/errors.ts'
import type { InclusionPromise, LogWriter } from '../../../../shared/ledger/ledger.ts'
import {
  type CertificateClaims,
  certifyReceiptKey,
  promiseIssuer,
  receiptCertificateName,
  storedCertificate,
} from '../../../../shared/ledger/recording/inclusion-promises.ts'
import type { Signer } from '../../../../shared/ledger/store.ts'
import { leafHash } from '../../../../shared/tlog/merkle.ts'
import { parseNote } from '../../../../shared/tlog/note.ts'
import { memoryLedger, memoryObjects } from '../../../support/memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, testSigner } from '../../../support/memory-log-writer.ts'
import { signedNote, signer } from '../../tlog/signing.ts'

const start = Date.parse('2026-11-22T12:00:00.400Z')
const startSeconds = Math.floor(start / 1000)
const host = 'ledger.example'
const origin = `${host}/acme`
const leaf = leafHash(Buffer.from('{"kind":"event"}'))
const receipts = testSigner(3)
const [minute, hour, year] = [60, 3600, 365 * 86_400]

/** A log writer and an issuer whose clock is moved by hand, and whose receipt key can fail. */
function stage() {
  let seconds = 0
  let isDown = false
  let signatures = 0
  const clock = () => start + seconds * 1000
  const logWriter: LogWriter = { ...memoryLogWriter(memoryLedger(new Date(start).toISOString())), clock }
  const receiptSigner: Signer = {
    publicKey: receipts.publicKey,
    async sign(message) {
      signatures++
      await null
      if (isDown) throw new LedgerError('unavailable', 'the key service is away')
      return receipts.sign(message)
    },
  }
  const certificate = () => certifyReceiptKey(logWriter, receipts.publicKey)
  return {
    logWriter,
    certificate,
    issuer: promiseIssuer({ receiptSigner, host, certificate, clock }),
    at(moved: number) {
      seconds = moved
    },
    down(state: boolean) {
      isDown = state
    },
    signatures: () => signatures,
  }
}

async function verified(jws: string, publicKey: string): Promise<{ header: unknown; payload: CertificateClaims }> {
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'Ed25519')
  const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: ['Ed25519'] })
  return { header: protectedHeader, payload: JSON.parse(Buffer.from(payload).toString()) }
}

/** From the log's key to the promise; throws unless each link holds. */
async function followed({ jws, certificates }: InclusionPromise) {
  const first = await verified(certificates[0], Buffer.from(checkpointSigner.publicKey).toString('base64url'))
  const second = await verified(certificates[1], first.payload.cnf.jwk.x)
  const promise = await verified(jws, second.payload.cnf.jwk.x)
  return { first, second, promise: { ...promise, payload: promise.payload as unknown } }
}

/** Times are as the contract says: each within the one before. */
function expectNested({ certificates, jws }: InclusionPromise): void {
  const [first, second, promise] = [certificates[0], certificates[1], jws].map((part) => decodeJwt(part))
  const [from = 0, until = 0] = [first?.iat, first?.exp]
  const [since = 0, end = 0] = [second?.iat, second?.exp]
  expect(until - from).toBeLessThanOrEqual(3653 * 86_400)
  expect(since).toBeGreaterThanOrEqual(from)
  expect(since).toBeLessThanOrEqual(until)
  expect(end - since).toBeLessThanOrEqual(86_400)
  expect(promise?.iat).toBeGreaterThanOrEqual(since)
  expect(promise?.iat).toBeLessThanOrEqual(end)
}

describe('a promise', () => {
  it('is what the contract says, from the key of the log down', async () => {
    const promise = await stage().issuer.issue(origin, leaf)
    const { first, second, promise: said } = await followed(promise)
    const certificateHeader = { alg: 'Ed25519', typ: 'consent-receipt-key+jwt' }
    expect(first).toEqual({
      header: certificateHeader,
      payload: {
        iss: host,
        iat: startSeconds,
        exp: startSeconds + 10 * year,
        cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(receipts.publicKey).toString('base64url') } },
      },
    })
    expect(second).toMatchObject({
      header: certificateHeader,
      payload: { iss: host, iat: startSeconds, exp: startSeconds + 24 * hour },
    })
    expect(second.payload.cnf.jwk.x).not.toBe(first.payload.cnf.jwk.x)
    expect(said).toEqual({
      header: { alg: 'Ed25519', typ: 'consent-promise+jwt' },
      payload: { origin, leafHash: Buffer.from(leaf).toString('base64url'), iat: startSeconds, maxDelay: 120 },
    })
  })

  it('of another key, or of another leaf, does not verify', async () => {
    const [one, other] = await Promise.all([stage(), stage()].map(({ issuer }) => issuer.issue(origin, leaf)))
    if (one === undefined || other === undefined) throw new Error('no promise')
    await expect(followed({ ...one, certificates: other.certificates })).rejects.toThrow()
    const [header, , signature] = one.jws.split('.')
    const payload = Buffer.from(JSON.stringify({ ...decodeJwt(one.jws), leafHash: '' })).toString('base64url')
    await expect(followed({ ...one, jws: `${header}.${payload}.${signature}` })).rejects.toThrow()
  })
})

describe('the instance’s key', () => {
  it('is certified once for all who ask at once, and for the hours after', async () => {
    const { issuer, signatures, at } = stage()
    const promises = await Promise.all(Array.from({ length: 50 }, () => issuer.issue(origin, leaf)))
    at(11 * hour)
    promises.push(await issuer.issue(origin, leaf))
    expect(signatures()).toBe(1)
    expect(new Set(promises.map(({ certificates }) => certificates[1])).size).toBe(1)
  })

  it('is renewed from half of its life on, while it still serves', async () => {
    const { issuer, signatures, at } = stage()
    const first = await issuer.issue(origin, leaf)
    at(12 * hour)
    const meanwhile = await Promise.all([1, 2, 3].map(() => issuer.issue(origin, leaf)))
    expect(meanwhile.map(({ certificates }) => certificates)).toEqual([1, 2, 3].map(() => first.certificates))
    await new Promise(setImmediate)
    const next = await issuer.issue(origin, leaf)
    expect(signatures()).toBe(2)
    expect(next.certificates[0]).toBe(first.certificates[0])
    expect(next.certificates[1]).not.toBe(first.certificates[1])
    await followed(next)
    expectNested(next)
  })

  it('serves to its end while it cannot be renewed, is tried seldom, and then says so', async () => {
    const { issuer, signatures, at, down } = stage()
    await issuer.issue(origin, leaf)
    down(true)
    for (let later = 0; later < 10 * minute; later += 5) {
      at(13 * hour + later)
      await issuer.issue(origin, leaf)
      await new Promise(setImmediate)
    }
    expect(signatures()).toBeLessThanOrEqual(1 + 20)
    expect(signatures()).toBeGreaterThan(10)
    at(24 * hour - 1)
    expectNested(await issuer.issue(origin, leaf))
    at(24 * hour)
    await expect(issuer.issue(origin, leaf)).rejects.toMatchObject({ code: 'unavailable' })
    down(false)
    expectNested(await issuer.issue(origin, leaf))
  })

  it.each([-3, -5 * minute, -6 * hour, -30 * 86_400])(
    'holds its times together after the clock moved by %i s',
    async (by) => {
      const { issuer, at } = stage()
      for (const moved of [0, by, 0, 2 * year, 2 * year + by, 0]) {
        at(moved)
        const promise = await issuer.issue(origin, leaf)
        await followed(promise)
        expectNested(promise)
        const { iat } = decodeJwt(promise.jws)
        expect(iat).toBeGreaterThanOrEqual(startSeconds + moved)
        expect(iat).toBeLessThanOrEqual(startSeconds + Math.max(0, moved) + 12 * hour)
      }
    },
  )

  it('ends with the certificate of the receipt key', async () => {
    const { issuer, at } = stage()
    await issuer.issue(origin, leaf)
    at(10 * year - hour)
    expectNested(await issuer.issue(origin, leaf))
    at(10 * year)
    await expect(issuer.issue(origin, leaf)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('asks again for the certificate of the receipt key when it could not be read', async () => {
    let reads = 0
    const { certificate, logWriter } = stage()
    const failing = async () => {
      if (reads++ === 0) throw new LedgerError('unavailable', 'storage is away')
      return certificate()
    }
    const issuer = promiseIssuer({ receiptSigner: receipts, host, certificate: failing, clock: logWriter.clock })
    await expect(issuer.issue(origin, leaf)).rejects.toMatchObject({ code: 'unavailable' })
    await followed(await issuer.issue(origin, leaf))
    await issuer.issue(origin, leaf)
    expect(reads).toBe(2)
  })
})

describe('the certificate of the receipt key', () => {
  it('is made once in a year and kept under the hash of the key', async () => {
    const { logWriter, at } = stage()
    const made = await certifyReceiptKey(logWriter, receipts.publicKey)
    expect(await certifyReceiptKey(logWriter, receipts.publicKey)).toBe(made)
    const name = `certificates/${hash('sha256', receipts.publicKey, 'base64url')}-2026`
    expect(receiptCertificateName(receipts.publicKey, logWriter.clock)).toBe(name)
    expect(Buffer.from((await logWriter.objects.get(name)) ?? []).toString()).toBe(made)
    at(year)
    expect(await certifyReceiptKey(logWriter, receipts.publicKey)).not.toBe(made)
  })

  it('is one for all, however many make it at once', async () => {
    const { logWriter } = stage()
    let now = start
    // Each maker sees its own second, so that no two make the same bytes; and none sees that there is one already.
    const racing = { ...logWriter, clock: () => (now += 1000) }
    const all = await Promise.all([1, 2, 3, 4].map(() => certifyReceiptKey(racing, receipts.publicKey)))
    expect(new Set(all).size).toBe(1)
  })

  it.each<[string, (logWriter: LogWriter) => LogWriter]>([
    ['another host', (logWriter) => ({ ...logWriter, host: 'other.example' })],
    ['another checkpoint key', (logWriter) => ({ ...logWriter, checkpointSigner: testSigner(9) })],
  ])('is not taken for %s', async (_what, changed) => {
    const { logWriter } = stage()
    await certifyReceiptKey(logWriter, receipts.publicKey)
    const found = certifyReceiptKey(changed(logWriter), receipts.publicKey)
    await expect(found).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('certificate') })
  })

  it('that cannot be stored is not handed out', async () => {
    const { logWriter } = stage()
    const full = async () => {
      throw new LedgerError('unavailable', 'the disk is full')
    }
    const objects = { ...memoryObjects(), put: full }
    await expect(certifyReceiptKey({ ...logWriter, objects }, receipts.publicKey)).rejects.toThrow('the disk is full')
  })
})

describe('the certificate that the log’s logWriter made, for who cannot make one', () => {
  const newYear = Date.parse('2027-01-01T00:00:00.000Z')
  const certifiedAt = async (...instants: readonly string[]) => {
    const { logWriter } = stage()
    const made: string[] = []
    for (const at of instants)
      made.push(await certifyReceiptKey({ ...logWriter, clock: () => Date.parse(at) }, receipts.publicKey))
    return { objects: logWriter.objects, made }
  }

  it('is this year’s; at the turn of a year last year’s, until this one’s is there', async () => {
    const { objects, made } = await certifiedAt('2026-11-22T12:00:00.000Z')
    for (const at of [newYear - 1, newYear, newYear + year * 500])
      expect(await storedCertificate(objects, receipts.publicKey, () => at)).toBe(made[0])
    const both = await certifiedAt('2026-11-22T12:00:00.000Z', '2027-01-01T00:00:00.000Z')
    expect(await storedCertificate(both.objects, receipts.publicKey, () => newYear - 1)).toBe(both.made[0])
    expect(await storedCertificate(both.objects, receipts.publicKey, () => newYear)).toBe(both.made[1])
  })

  it('is one whose promises verify over the turn of the year', async () => {
    const { objects } = await certifiedAt('2026-12-31T23:00:00.000Z')
    const clock = () => newYear + minute * 1000
    const certificate = () => storedCertificate(objects, receipts.publicKey, clock)
    const issuer = promiseIssuer({ receiptSigner: receipts, host, certificate, clock })
    const promise = await issuer.issue(origin, leaf)
    expectNested(promise)
    await followed(promise)
  })

  it.each([
    ['none was made', []],
    ['those made are of years before', ['2025-06-01T00:00:00.000Z']],
  ])('is not there yet when %s: unavailable, and nothing is guessed', async (_what, instants) => {
    const { objects } = await certifiedAt(...instants)
    const asked = storedCertificate(objects, receipts.publicKey, () => newYear)
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('of another receipt key is not taken', async () => {
    const { objects } = await certifiedAt('2026-11-22T12:00:00.000Z')
    const asked = storedCertificate(objects, testSigner(7).publicKey, () => start)
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('what one key signs is never taken for the other', () => {
  it('a promise or a certificate is no signed note, whatever is in it', async () => {
    const { logWriter } = stage()
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.string(),
        fc.uint8Array({ maxLength: 40 }),
        async (anyHost, controller, bytes) => {
          const kept = { ...logWriter, host: anyHost, objects: memoryObjects() }
          const certificate = () => certifyReceiptKey(kept, receipts.publicKey)
          const issuer = promiseIssuer({ receiptSigner: receipts, host: anyHost, certificate, clock: logWriter.clock })
          const { jws, certificates } = await issuer.issue(`${anyHost}/${controller}`, bytes)
          for (const text of [jws, ...certificates]) {
            expect(text).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/)
            expect(() => parseNote(text)).toThrow()
            expect(() => parseNote(`${text}\n`)).toThrow()
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('the text that a note’s signature is over ends in a newline, which no JWS signing input has', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]+$/), { minLength: 1 }), (lines) => {
        const note = signedNote(`${lines.join('\n')}\n`, [signer(origin)])
        const { text } = parseNote(note)
        expect(text.endsWith('\n')).toBe(true)
        expect(note).not.toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
      }),
      { numRuns: 50 },
    )
  })
})
