/**
 * Leaves and disclosures in other people's hands: a stock SD-JWT library opens a receipt, and a proof opens what the question
 * needs and nothing more.
 */
import { hash } from 'node:crypto'
import { decodeSdJwtSync, getClaimsSync } from '@sd-jwt/decode'
import { beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { audit, claimsIn, decodeDisclosure, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

interface Receipt {
  readonly leaf: string
  readonly disclosures: readonly string[]
}

const ledger = sharedLedger()
let covering: Receipt
let other: Receipt
const secret = aDeviceSecret()
beforeAll(async () => {
  ledger.setClock(noon)
  const decisions = [
    { purposeId: 'statistics', verb: 'given' },
    { purposeId: 'marketing-cookies', verb: 'refused' },
    { policyId: 'cookie-policy', verb: 'acknowledged' },
  ]
  covering = (await record(ledger, visitorEvent(ledger, secret, { decisions, page: 'https://www.ljungsten.example/' })))
    .json
  other = (await record(ledger, visitorEvent(ledger, secret, { decisions: decisions.slice(1) }))).json
})

const sha256 = (data: string | ArrayBuffer) =>
  new Uint8Array(hash('sha256', typeof data === 'string' ? data : Buffer.from(data), 'buffer'))

/** The leaf as the payload of a compact SD-JWT; whoever reads claims does not look at the signature. */
function openedByOthers({ leaf, disclosures }: Receipt): Record<string, unknown> {
  const header = Buffer.from('{"alg":"none","typ":"dc+sd-jwt"}').toString('base64url')
  const compact = [`${header}.${Buffer.from(leaf).toString('base64url')}.c2ln`, ...disclosures, ''].join('~')
  const decoded = decodeSdJwtSync(compact, sha256)
  return getClaimsSync(decoded.jwt.payload, decoded.disclosures, sha256)
}

describe('a stock SD-JWT library', () => {
  test('opens every claim of a receipt', () => {
    const { kind, sub, v, ...claims } = openedByOthers(covering)
    expect([kind, v, sub]).toEqual(['event', 1, JSON.parse(covering.leaf).sub])
    expect(claims).toEqual(Object.fromEntries(claimsIn(covering.disclosures)))
    expect(Object.keys(claims)).toHaveLength(3 + 7)
  })

  test('opens no claim of which one bit is flipped, and all the others', () => {
    for (const [i, disclosure] of covering.disclosures.entries()) {
      const { name } = decodeDisclosure(disclosure)
      const json = Buffer.from(disclosure, 'base64url')
      // The third byte is the salt's first character; another bit in it leaves the JSON readable.
      json[2] = (json[2] ?? 0) ^ 1
      const disclosures = covering.disclosures.with(i, json.toString('base64url'))
      const names = Object.keys(openedByOthers({ ...covering, disclosures }))
      expect(names).not.toContain(name)
      expect(names).toHaveLength(3 + 2 + 7)
    }
  })

  test('opens nothing of another leaf', () => {
    expect(Object.keys(openedByOthers({ ...other, disclosures: covering.disclosures })).sort()).toEqual([
      'kind',
      'sub',
      'v',
    ])
  })
})

describe('a proof', () => {
  const groups = (...names: string[]) => names.map((name) => `field:${name}`)
  test.each([
    [{ purposeId: 'statistics' }, 'decision:statistics', [true, false]],
    [{ purposeId: 'marketing-cookies' }, 'decision:marketing-cookies', [true, true]],
    [{ policyId: 'cookie-policy' }, 'decision:policy/cookie-policy', [true, true]],
    [{ purposeId: 'newsletter' }, 'decision:newsletter', [false, false]],
  ])('on %j opens what that takes, and no context', async (topic, decision, covers) => {
    const { json, text } = await audit(ledger, 'proofs', { subject: deviceIdentity(secret), ...topic })
    const opened = json.events.map(({ disclosures }: Receipt) =>
      disclosures.map((d) => decodeDisclosure(d).name).sort(),
    )
    const always = groups('covers', 'times', 'who')
    const whenCovered = [...always, ...groups('link', 'how', 'identity'), decision].sort()
    expect(opened).toEqual(covers.map((covered) => (covered ? whenCovered : always.toSorted())))
    expect(json.events.map(({ leaf }: Receipt) => leaf)).toEqual([covering.leaf, other.leaf])
    for (const { disclosures } of [covering, other]) {
      for (const closed of disclosures.filter((d) => !json.events.some((e: Receipt) => e.disclosures.includes(d)))) {
        expect(text).not.toContain(closed)
        expect(text).not.toContain(decodeDisclosure(closed).salt)
      }
    }
  })
})
