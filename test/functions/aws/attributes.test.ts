import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusedBy } from '../../../functions/aws/attempts.ts'
import { insertStatements, keyText, toItem, toRawKey } from '../../../functions/aws/attributes.ts'
import { isDuplicate, isTransient, isTransientCode } from '../../../functions/aws/dynamodb-errors.ts'
import { LedgerError } from '../../../shared/errors.ts'

const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter((text) => !['pk', 'sk', '__proto__'].includes(text))
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.uint8Array())
const item = fc.record({
  pk: fc.string(),
  sk: fc.string(),
  values: fc.dictionary(name, value, { noNullPrototype: true }),
})

describe('items as DynamoDB has them', () => {
  test('what a statement would store reads back as the item', () => {
    const statementFor = insertStatements('entries')
    fc.assert(
      fc.property(item, (each) => {
        const { Statement, Parameters = [] } = statementFor(each)
        const names = [...Statement.matchAll(/'([\w-]+)': \?/g)].map(([, found]) => found ?? '')
        expect(names).toHaveLength(Parameters.length)
        expect(toItem(Object.fromEntries(names.map((found, n) => [found, Parameters[n] ?? { NULL: true }])))).toEqual(
          each,
        )
      }),
    )
  })

  test('a statement holds names only, and each value is typed', () => {
    const values = { leaf: new Uint8Array([1]), index: 7, text: "'}; --" }
    expect(insertStatements('t-entries')({ pk: 'p', sk: 's', values })).toEqual({
      Statement: `INSERT INTO "t-entries" VALUE {'pk': ?, 'sk': ?, 'leaf': ?, 'index': ?, 'text': ?}`,
      Parameters: [{ S: 'p' }, { S: 's' }, { B: new Uint8Array([1]) }, { N: '7' }, { S: "'}; --" }],
    })
  })

  test.each([["it's"], ['pk'], ['sk'], [''], ['a b'], ['"']])('an attribute cannot be named %j', (bad) => {
    expect(() => insertStatements('entries')({ pk: 'p', sk: 's', values: { [bad]: 1 } })).toThrow(LedgerError)
  })

  test.each([[0.5], [Number.NaN], [2 ** 53], [Number.POSITIVE_INFINITY]])(
    '%d is not a number that is stored',
    (bad) => {
      expect(() => insertStatements('entries')({ pk: 'p', sk: 's', values: { n: bad } })).toThrow(LedgerError)
    },
  )

  test.each([[{ BOOL: true }], [{ NULL: true }], [{ L: [] }], [{ M: {} }], [{ SS: ['a'] }]])(
    'an attribute of a type that the ledger never writes, %o, takes nothing else away',
    (odd) => {
      const key = { pk: 'p', sk: 's' }
      expect(toItem({ ...toRawKey(key), odd: odd as AttributeValue, n: { N: '1' } })).toEqual({
        ...key,
        values: { n: 1 },
      })
    },
  )

  test('different keys never have the same text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
        const texts = [keyText({ pk: a + b, sk: c }), keyText({ pk: a, sk: b + c })]
        expect(texts[0] === texts[1]).toBe(b === '')
      }),
    )
  })
})

describe('what an error means', () => {
  const named = (errorName: string, more: object = {}): Error =>
    Object.assign(new Error('x'), { name: errorName }, more)

  test.each<[string, Error, boolean]>([
    ['throttling', named('ThrottlingException', { $metadata: { httpStatusCode: 400 } }), true],
    ['throughput', named('ProvisionedThroughputExceededException', { $metadata: { httpStatusCode: 400 } }), true],
    ['request limit', named('RequestLimitExceeded', { $metadata: { httpStatusCode: 400 } }), true],
    ['500', named('Unknown', { $metadata: { httpStatusCode: 500 } }), true],
    ['503', named('Unknown', { $metadata: { httpStatusCode: 503 } }), true],
    ['429', named('Unknown', { $metadata: { httpStatusCode: 429 } }), true],
    ['a corrected clock', named('InvalidSignatureException', { $metadata: { clockSkewCorrected: true } }), true],
    ['connection refused', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), true],
    ['connection reset', Object.assign(new Error('x'), { code: 'ECONNRESET' }), true],
    ['timeout', named('TimeoutError'), true],
    ['validation', named('ValidationException', { $metadata: { httpStatusCode: 400 } }), false],
    ['access', named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }), false],
    ['no such table', named('ResourceNotFoundException', { $metadata: { httpStatusCode: 400 } }), false],
    ['a bug', new TypeError('x'), false],
    ['a file', Object.assign(new Error('x'), { code: 'ENOENT' }), false],
  ])('%s', (_, error, expected) => {
    expect(isTransient(error)).toBe(expected)
  })

  test('duplicates by both names, statements by their short codes', () => {
    expect(['DuplicateItem', 'DuplicateItemException', 'ConditionalCheckFailed'].map(isDuplicate)).toEqual([
      true,
      true,
      false,
    ])
    expect(
      ['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded', 'InternalServerError'].map(
        isTransientCode,
      ),
    ).toEqual([true, true, true, true])
    expect(['ValidationError', 'AccessDenied', 'DuplicateItem', 'ResourceNotFound'].map(isTransientCode)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  test('a refusal has a stable code, and keeps the database’s words to its cause', () => {
    const cause = named('ValidationException')
    cause.message = 'pk c1#secret is too long'
    const database = { name: 'The database' }
    expect(refusedBy(database, cause)).toMatchObject({ code: 'internal', cause })
    expect(refusedBy(database, cause).message).not.toContain('secret')
    const known = new LedgerError('unavailable', 'gone')
    expect(refusedBy(database, known)).toBe(known)
  })
})
