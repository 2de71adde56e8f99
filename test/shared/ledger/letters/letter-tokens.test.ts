/** Tokens of links in letters: opened by their controller for their kind only, opaque, and without a second spelling. */
import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  controllerOfToken,
  letterEventId,
  maxLetterPurposes,
  maxLetterTokenLength,
  openLetterToken,
  sealLetterToken,
} from '../../../../shared/ledger/letters/letter-tokens.ts'

const scopeOf = (controller: string, byte = 7) => ({
  controller,
  secrets: { dataKey: createSecretKey(Buffer.alloc(32, byte)) },
})
const acme = scopeOf('acme')
const grant = { site: 'shop', subject: { type: 'email', id: 'kim@example.org' }, purposes: ['newsletter'] }
const token = sealLetterToken(acme, 'unsubscribe', grant, randomBytes)

describe('a token', () => {
  it('opens for its controller, and shows nothing of what it grants', () => {
    expect(openLetterToken(acme, 'unsubscribe', token)).toEqual(grant)
    expect(controllerOfToken(token)).toBe('acme')
    expect(token).toMatch(/^acme\.[\w-]{100,400}$/)
    expect(Buffer.from(token.slice(5), 'base64url').toString('latin1')).not.toMatch(/kim|example|newsletter|shop/)
    expect(sealLetterToken(acme, 'unsubscribe', grant, randomBytes)).not.toBe(token)
  })

  it.each<[string, ReturnType<typeof scopeOf>, string]>([
    ['of another controller', scopeOf('other'), token],
    ['under another key', scopeOf('acme', 8), token],
    ['whose controller was changed', scopeOf('acmf'), token.replace('acme.', 'acmf.')],
    ['cut short', acme, token.slice(0, -4)],
    ['made longer', acme, `${token}AAAA`],
    ['with padding', acme, `${token}=`],
    ['without its text', acme, 'acme.'],
    ['of another form', acme, 'acme'],
    ['empty', acme, ''],
  ])('%s does not open', (_, scope, given) => {
    expect(openLetterToken(scope, 'unsubscribe', given)).toBeUndefined()
  })

  it('with any character changed does not open', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (let i = 'acme.'.length; i < token.length; i++) {
      const next = alphabet.charAt((alphabet.indexOf(token.charAt(i)) + 1) % 64)
      expect(openLetterToken(acme, 'unsubscribe', token.slice(0, i) + next + token.slice(i + 1))).toBeUndefined()
    }
  })

  it('of the longest grant is within the bound, and a longer one is not looked at', () => {
    const longest = {
      site: 's'.repeat(40),
      subject: { type: 't'.repeat(40), id: '\u{1F98A}'.repeat(128) },
      purposes: Array.from({ length: maxLetterPurposes }, () => 'p'.repeat(40)),
    }
    const sealed = sealLetterToken(scopeOf('c'.repeat(40)), 'unsubscribe', longest, randomBytes)
    expect(sealed.length).toBeLessThan(maxLetterTokenLength)
    expect(controllerOfToken('a.'.padEnd(maxLetterTokenLength + 1, 'A'))).toBeUndefined()
  })
})

it('the id of an event is a UUID that depends on every fact and on the controller', () => {
  const ids = [
    letterEventId(acme, ['unsubscribe', 'a']),
    letterEventId(acme, ['unsubscribe', 'b']),
    letterEventId(acme, ['unsubscribe', 'a', null]),
    letterEventId(scopeOf('other'), ['unsubscribe', 'a']),
  ]
  expect(letterEventId(acme, ['unsubscribe', 'a'])).toBe(ids[0])
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
