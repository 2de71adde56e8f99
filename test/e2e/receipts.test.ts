/** Receipts through the front door, checked as their subject can check them: with the log's key, a JOSE library and C2SP code. */

import { importJWK, jwtVerify } from 'jose'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { runConsentLedger } from '../../infra/command/commands.ts'
import { promisedDelaySeconds } from '../../shared/consent/promised-delay.ts'
import { receiptDigest } from '../../shared/consent/receipt-digest.ts'
import { decodeBase64 } from '../../shared/tlog/encoding.ts'
import { leafHash } from '../../shared/tlog/merkle.ts'
import { parseTlogProof } from '../../shared/tlog/tlog-proof.ts'
import { parseVerifierKey } from '../../shared/tlog/verifier-key.ts'
import { policyOfKey, provenLeaf } from '../shared/tlog/proven-leaf.ts'
import {
  bearer,
  claimsIn,
  decisionEvent,
  device,
  type EventBody,
  lasting,
  moved,
  noon,
  record,
  secondMs,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

const origin = 'ledger.localhost/ljungsten'

function receipts(
  query: Record<string, string>,
  headers: Record<string, string>,
  site = 'ljungsten/web',
): Promise<Reply> {
  return ledger.get(`/v1/me/receipts?${new URLSearchParams({ key: siteKeyOf(ledger, site), ...query })}`, headers)
}

const leafHashOf = ({ leaf }: Reply['json']) => leafHash(Buffer.from(leaf))

async function expectPromise(receipt: Reply['json'], origin: string): Promise<void> {
  const { jws, certificates } = receipt.inclusionPromise
  const logKey = parseVerifierKey(ledger.local.logKeys(receipt.controller)[0]).publicKey
  let key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(logKey).toString('base64url') }
  const options = { algorithms: ['Ed25519'], issuer: origin.split('/')[0], currentDate: new Date(ledger.now()) }
  for (const certificate of certificates) {
    const typ = 'consent-receipt-key+jwt'
    const { payload } = await jwtVerify(certificate, await importJWK(key, 'Ed25519'), { ...options, typ })
    key = Object(payload.cnf).jwk
  }
  const { algorithms, currentDate } = options
  const typ = 'consent-promise+jwt'
  const { payload } = await jwtVerify(jws, await importJWK(key, 'Ed25519'), { algorithms, currentDate, typ })
  expect(payload).toEqual({
    origin,
    leafHash: Buffer.from(leafHashOf(receipt)).toString('base64url'),
    iat: expect.any(Number),
    maxDelay: promisedDelaySeconds,
    content: receiptDigest(receipt),
  })
  expect(Math.abs((payload.iat ?? 0) * secondMs - Date.parse(ledger.now()))).toBeLessThan(30 * secondMs)
}

async function expectLogged(tlogProof: string, receipt: Reply['json']): Promise<void> {
  const policy = policyOfKey(ledger.local.logKeys(receipt.controller)[0])
  const { checkpoint, index } = await provenLeaf(tlogProof, policy, leafHashOf(receipt))
  expect(index).toBeLessThan(checkpoint.size)
  const { leaf, disclosures } = receipt
  const { extra = new Uint8Array() } = parseTlogProof(tlogProof)
  expect(JSON.parse(Buffer.from(extra).toString())).toEqual({ leaf, disclosures })
}

describe('the answer to a recording', () => {
  test('promises, by the key of the log, that the log will have the leaf', async () => {
    const one = await record(ledger, visitorEvent(ledger, aDeviceSecret()))
    await expectPromise(one.json, origin)
    const again = await record(ledger, {
      events: [visitorEvent(ledger, aDeviceSecret()), visitorEvent(ledger, aDeviceSecret())],
    })
    for (const { receipt } of again.json.outcomes) await expectPromise(receipt, origin)
  })

  test('carries the ISO 27560 record, and in it nothing of the context', async () => {
    const event = visitorEvent(ledger, aDeviceSecret(), { page: 'https://www.ljungsten.example/arenden/4711' })
    const { json } = await record(ledger, event)
    const { record: kept, receiptId, leaf } = json
    expect(kept).toMatchObject({
      schemaVersion: 'consent-record-27560@1',
      recordId: receiptId,
      piiPrincipalId: JSON.parse(leaf).sub,
      piiProcessing: [{ language: 'en', purposes: [{ purpose: { purposeId: 'statistics' }, lawfulBasis: 'consent' }] }],
      events: [{ purposes: ['statistics'], eventState: 'Given', entityId: JSON.parse(leaf).sub }],
    })
    const { url, textSha256 } = kept.piiProcessing[0].privacyNotice
    const text = await ledger.get(url)
    expect([text.status, text.headers.get('etag')]).toEqual([200, `"${textSha256}"`])
    expect(JSON.stringify(kept)).not.toMatch(/4711|127\.0\.0/)
  })
})

describe('asked for again', () => {
  test('a receipt says the same, and carries its tlog-proof once the log has it', async () => {
    const secret = aDeviceSecret()
    const first = await record(ledger, visitorEvent(ledger, secret))
    await ledger.local.runner.settle()
    const { json } = await receipts({}, device(secret))
    expect(json.receipts.map(lasting)).toEqual([lasting(first.json)])
    expect(json).not.toHaveProperty('next')
    await expectPromise(json.receipts[0], origin)
    await expectLogged(json.receipts[0].tlogProof, first.json)
  })

  test('one comes by its id, and as a .tlog-proof file', async () => {
    const secret = aDeviceSecret()
    const events = [visitorEvent(ledger, secret), visitorEvent(ledger, secret)]
    const [, second] = [await record(ledger, events[0]), await record(ledger, events[1])]
    await ledger.local.runner.settle()
    const { receiptId } = second.json
    const { json } = await receipts({ receiptId }, device(secret))
    expect(json.receipts.map(lasting)).toEqual([lasting(second.json)])
    const file = await receipts({ receiptId, format: 'tlog-proof' }, device(secret))
    expect(file.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${receiptId}.tlog-proof"`)
    expect(file.headers.get('cache-control')).toBe('no-store')
    await expectLogged(file.text, second.json)
    const { leaf } = JSON.parse(Buffer.from(decodeBase64(file.text.split('\n')[1]?.slice(6) ?? '')).toString())
    expect(leaf).toBe(second.json.leaf)
  })

  test.each([
    [{ format: '27560' }, {}, 'application/json', { schemaVersion: 'consent-record-27560@1' }],
    [{ format: 'jsonld' }, {}, 'application/ld+json', { '@type': 'dpv:ConsentReceipt' }],
    [{}, { accept: 'application/ld+json' }, 'application/ld+json', { '@type': 'dpv:ConsentReceipt' }],
    [{ format: 'kantara' }, {}, 'application/json', { version: 'KI-CR-v1.1.0' }],
  ])('one comes in another form: %j %j', async (form, headers, mediaType, members) => {
    const secret = aDeviceSecret()
    const { receiptId } = (await record(ledger, visitorEvent(ledger, secret))).json
    const answer = await receipts({ receiptId, ...form }, { ...device(secret), ...headers })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, mediaType])
    expect(JSON.parse(answer.text)).toMatchObject(members)
  })

  test('there is none of Kantara’s form of a refusal', async () => {
    const secret = aDeviceSecret()
    const refusal = { decisions: [{ purposeId: 'statistics', verb: 'refused' }] }
    const { receiptId } = (await record(ledger, { ...visitorEvent(ledger, secret), ...refusal })).json
    const { status, json } = await receipts({ receiptId, format: 'kantara' }, device(secret))
    expect([status, json.code]).toEqual([404, 'not-found'])
  })

  test('they come newest first, page by page, whatever is recorded in between', async () => {
    const secret = aDeviceSecret()
    const ids: string[] = []
    for (let i = 0; i < 7; i++) {
      ledger.setClock(moved(noon, (60 + i) * secondMs))
      ids.unshift((await record(ledger, visitorEvent(ledger, secret))).json.receiptId)
    }
    const pages: string[][] = []
    let after: string | undefined
    do {
      const { json }: Reply = await receipts({ limit: '3', ...(after && { after }) }, device(secret))
      pages.push(json.receipts.map((receipt: EventBody) => receipt.receiptId))
      after = json.next
      await record(ledger, visitorEvent(ledger, secret))
    } while (after !== undefined)
    expect(pages).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)])
    const exact = await receipts({ limit: '10' }, device(secret))
    expect([exact.json.receipts.length, exact.json.next]).toEqual([10, undefined])
  })

  test('they are those of an account as well, and of one controller', async () => {
    const token = bearer(await ledger.token('openid', 'ljungsten', 'erik'))
    const key = siteKeyOf(ledger, 'ljungsten/web')
    const { json } = await ledger.post(`/v1/me/events?key=${key}`, decisionEvent(ledger), token)
    const own = await receipts({}, token)
    expect(own.json.receipts.map(lasting)).toEqual([lasting(json)])
    expect(claimsIn(own.json.receipts[0].disclosures).get('field:identity')).toEqual({ type: 'account', id: 'erik' })
    const elsewhere = bearer(await ledger.token('openid', 'tallmo', 'erik'))
    expect((await receipts({}, elsewhere, 'tallmo/web')).json).toEqual({ receipts: [] })
  })
})

describe('refused', () => {
  test('another person’s receipt is answered like one that does not exist', async () => {
    const { json } = await record(ledger, visitorEvent(ledger, aDeviceSecret()))
    const known = aDeviceSecret()
    await record(ledger, visitorEvent(ledger, known))
    for (const secret of [known, aDeviceSecret()]) {
      for (const receiptId of [json.receiptId, 'A'.repeat(22)]) {
        const { status, json: problem } = await receipts({ receiptId }, device(secret))
        expect([status, problem.code, problem.field]).toEqual([404, 'not-found', '/receiptId'])
      }
      const { status, json: problem } = await receipts({ after: json.receiptId }, device(secret))
      expect([status, problem.code, problem.field]).toEqual([400, 'invalid-request', '/after'])
    }
  })

  test.each([
    [{ limit: '0' }, '/limit'],
    [{ limit: '101' }, '/limit'],
    [{ limit: 'all' }, '/limit'],
    [{ receiptId: 'event#x' }, '/receiptId'],
    [{ after: '../x' }, '/after'],
    [{ format: 'pdf' }, '/format'],
    [{ format: 'tlog-proof' }, '/receiptId'],
    [{ format: 'jsonld' }, '/receiptId'],
    [{ subject: 'x' }, '/subject'],
  ])('%j', async (query, field) => {
    const { status, json } = await receipts(query, device(aDeviceSecret()))
    expect([status, json.code, json.field]).toEqual([400, 'invalid-request', field])
  })

  test('without a credential, or with a token of another controller', async () => {
    const stranger = bearer(await ledger.token('openid', 'tallmo', 'erik'))
    for (const headers of [{}, stranger]) expect((await receipts({}, headers)).status).toBe(401)
  })
})

test('while no checkpoint has it, a receipt has its promise only, and there is no file to give', async () => {
  await ledger.local.runner.settle()
  const stalled = vi.spyOn(ledger.local.logWriter.log, 'insert').mockRejectedValue(new Error('no log today'))
  const secret = aDeviceSecret()
  const first = await record(ledger, visitorEvent(ledger, secret))
  const { json } = await receipts({}, device(secret))
  expect(json.receipts[0]).toEqual({ ...first.json, inclusionPromise: json.receipts[0].inclusionPromise })
  await expectPromise(json.receipts[0], origin)
  const { receiptId } = first.json
  const file = await receipts({ receiptId, format: 'tlog-proof' }, device(secret))
  expect([file.status, file.json.code]).toEqual([404, 'not-found'])
  stalled.mockRestore()
  expect(await ledger.local.runner.settle()).toBe(true)
  const later = await receipts({ receiptId, format: 'tlog-proof' }, device(secret))
  await expectLogged(later.text, first.json)
})

test('an answer of the ledger with receipts, saved unchanged, is a file that the command reads', async () => {
  const secret = aDeviceSecret()
  const events = [visitorEvent(ledger, secret), visitorEvent(ledger, secret), { eventId: 'none' }]
  const batch = await record(ledger, { events })
  expect(batch.json.outcomes.map(({ status }: { readonly status: number }) => status)).toEqual([201, 201, 400])
  const single = await record(ledger, visitorEvent(ledger, secret))
  await ledger.local.runner.settle()
  const own = await receipts({}, device(secret))
  expect(own.json.receipts).toHaveLength(3)
  const keys = ledger.local.logKeys('ljungsten').flatMap((vkey) => ['--key', vkey])
  for (const [answer, count] of [
    [batch, 2],
    [single, undefined],
    [own, 3],
  ] as const) {
    let out = ''
    const exit = await runConsentLedger(['verify', '-', ...keys, '--at', ledger.now(), '--json'], {
      env: {},
      isTty: false,
      out: (text) => {
        out += text
      },
      err: () => {},
      stdin: async () => Buffer.from(answer.text),
    })
    const { verdict, receipts: each } = JSON.parse(out)
    expect([exit, verdict, each?.length]).toEqual([0, 'valid', count])
  }
})
