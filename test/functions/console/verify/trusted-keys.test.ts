/** The keys that a reader gives: plain keys one a line, or a policy, as the command takes them with --key and --policy. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTrustedKeys } from '../../../../functions/console/verify/trusted-keys.ts'
import { say } from '../../../../shared/verify/say.ts'
import { parsePolicy, policyOfKeys } from '../../../../shared/verify/verify.ts'
import { logVkey, ownVkey } from '../../../shared/verify/maker.ts'

function vectors(name: string): { accepted: string[]; refused: { given: string; reason: string }[] } {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../../vectors/tlog', `${name}.json`), 'utf8'))
}

it('reads keys one a line, with empty lines, comments and CRLF', () => {
  const keys = policyOfKeys([logVkey, ownVkey])
  expect(readTrustedKeys(`${logVkey}\n${ownVkey}`)).toEqual(keys)
  expect(readTrustedKeys(`# from the contract\r\n\r\n  ${logVkey}  \r\n${ownVkey}\r\n`)).toEqual(keys)
})

it('reads a policy as the verifier does, and gives back a final newline that was lost', () => {
  const policy = `log ${logVkey}\nwitness w ${ownVkey}\nquorum w\n`
  expect(readTrustedKeys(policy)).toEqual(parsePolicy(policy))
  expect(readTrustedKeys(policy.trimEnd())).toEqual(parsePolicy(policy))
})

it('says what is wrong with anything else', () => {
  expect(readTrustedKeys(' \n')).toEqual({ refused: say('no-key') })
  for (const given of ['no key', `${logVkey}x`, `log ${logVkey}\n`, '<img src=x onerror=alert(1)>'])
    expect(readTrustedKeys(given)).toMatchObject({ refused: { code: expect.stringMatching(/^tlog-malformed-/) } })
})

describe('vectors', () => {
  const { accepted, refused } = vectors('keys')
  it.each(accepted)('takes %s', (key) => {
    expect(readTrustedKeys(key)).toEqual(policyOfKeys([key]))
  })
  // White space around a key, and a second line of one, are no part of the key here.
  it.each(refused.filter(({ given }) => !/\s/.test(given)))('refuses a key: $reason', ({ given }) => {
    expect(readTrustedKeys(given)).toHaveProperty('refused')
  })
  it.each(vectors('policies').accepted)('takes policy %#', (policy) => {
    expect(readTrustedKeys(policy)).toEqual(parsePolicy(policy))
  })
})
