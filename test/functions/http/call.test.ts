/** The answer to a refused request names the faulty part, what is wrong with it and what is allowed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { submission } from '../../../functions/c15t/schemas.ts'
import { parseWith } from '../../../functions/http/call.ts'
import * as controllers from '../../../shared/api/schemas/controllers.ts'
import { erasureRequest } from '../../../shared/api/schemas/erasures.ts'
import * as events from '../../../shared/api/schemas/events.ts'
import * as policies from '../../../shared/api/schemas/policies.ts'
import * as questions from '../../../shared/api/schemas/questions.ts'
import * as sites from '../../../shared/api/schemas/sites.ts'
import { LedgerError } from '../../../shared/errors.ts'

const schema = z.strictObject({
  name: z.string(),
  verb: z.enum(['given', 'refused']),
  at: z.string('an instant'),
  items: z.array(z.string()).min(1).max(2),
  id: z.uuid().optional(),
})
const good = { name: 'a', verb: 'given', at: 'now', items: ['a'] }

function refusal(given: unknown, by: z.ZodType = schema): { detail: string; field: unknown; allowed: unknown } {
  try {
    parseWith(by, given)
  } catch (error) {
    if (error instanceof LedgerError)
      return { detail: error.message, field: error.facts.field, allowed: error.facts.allowed }
  }
  throw new Error('not refused')
}

it.each([
  ['nothing at all', undefined, '', 'a JSON body is needed'],
  ['a field missing', { ...good, name: undefined }, '/name', 'this field is missing'],
  ['a choice missing', { ...good, verb: undefined }, '/verb', 'this field is missing'],
  ['a field missing that has words of its own', { ...good, at: undefined }, '/at', 'this field is missing: an instant'],
  [
    'a field misspelt',
    { ...good, name: undefined, nmae: 'a' },
    '/name',
    'this field is missing; there is no field "nmae"',
  ],
  ['another type', { ...good, items: 'a' }, '/items', 'must be an array, not a string'],
  ['another word', { ...good, verb: 'yes' }, '/verb', 'not one of the allowed values'],
  ['too few', { ...good, items: [] }, '/items', 'must have at least 1 item'],
  ['too many', { ...good, items: ['a', 'b', 'c'] }, '/items', 'must have at most 2 items'],
  ['no UUID', { ...good, id: 'a' }, '/id', 'must be a UUID'],
  ['a field too many', { ...good, colour: 'red' }, '/colour', 'no such field'],
])('%s is named in plain words', (_, given, field, detail) => {
  expect(refusal(given)).toMatchObject({ field, detail })
})

describe('each issue code of zod', () => {
  const record = z.record(z.string().max(3), z.number())
  const kinds = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('a'), a: z.string() }),
    z.object({ kind: z.literal('b') }),
  ])
  const forms = z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.number() })])
  it.each<[string, z.ZodType, unknown, string, string, unknown?]>([
    ['invalid_type', z.string(), 7, '', 'must be a string, not a number', 'string'],
    ['invalid_type', z.int(), 1.5, '', 'must be a whole number, not a number with a fraction', 'int'],
    ['invalid_type', z.boolean(), null, '', 'must be true or false, not null', 'boolean'],
    ['invalid_type', z.object({ a: z.never() }), { a: 1 }, '/a', 'this field is not allowed here'],
    ['a missing key', z.object({ a: z.object({ b: z.int() }) }), { a: {} }, '/a/b', 'this field is missing'],
    ['too_big', z.string().max(2), 'abc', '', 'must have at most 2 characters', 'at most 2'],
    ['too_big', z.number().lt(2), 2, '', 'must be less than 2', 'less than 2'],
    ['too_small', z.array(z.int()).min(1), [], '', 'must have at least 1 item', 'at least 1'],
    ['too_small', z.number().gt(2), 2, '', 'must be more than 2', 'more than 2'],
    ['too_small', z.string().length(2), 'a', '', 'must have exactly 2 characters', 'exactly 2'],
    ['invalid_format', z.iso.datetime(), 'a', '', 'must be an RFC 3339 time such as 2026-01-31T12:00:00Z'],
    ['invalid_format', z.url(), 'a', '', 'must be a URL'],
    ['invalid_format', z.string().regex(/^b$/), 'a', '', 'must match the pattern /^b$/'],
    ['invalid_format', z.string().startsWith('b'), 'a', '', 'must begin with "b"'],
    ['invalid_format', z.nanoid(), 'a b', '', 'must match the pattern /^[a-zA-Z0-9_-]{21}$/'],
    ['not_multiple_of', z.number().multipleOf(5), 7, '', 'must be a multiple of 5', 'a multiple of 5'],
    ['unrecognized_keys', z.strictObject({}), { a: 1 }, '/a', 'no such field'],
    ['invalid_union', forms, { b: 'x' }, '/b', 'must be a number, not a string', 'number'],
    ['invalid_union', z.union([]), 1, '', 'fits none of the allowed forms'],
    ['invalid_union', kinds, { kind: 'c' }, '/kind', 'fits none of the allowed forms', ['a', 'b']],
    ['invalid_union', kinds, {}, '/kind', 'this field is missing', ['a', 'b']],
    [
      'invalid_key',
      record,
      { long: 1 },
      '/long',
      'this name is not allowed: must have at most 3 characters',
      'at most 3',
    ],
    ['invalid_element', z.map(z.array(z.int()), z.string()), new Map([[[1], 2]]), '', 'must be a string, not a number'],
    ['invalid_value', z.literal(['a', 'b']), 'c', '', 'not one of the allowed values', ['a', 'b']],
    ['custom', z.string().refine(() => false), 'a', '', 'this value is not allowed'],
    ['custom with words of its own', z.string().refine(() => false, 'an even one'), 'a', '', 'an even one'],
  ])('%s', (_, by, given, field, detail, allowed) => {
    expect(refusal(given, by)).toMatchObject({ field, detail, ...(allowed !== undefined && { allowed }) })
  })
})

describe('no schema of the API answers in the words of zod', () => {
  const published = Object.entries<unknown>({
    ...controllers,
    ...events,
    ...policies,
    ...questions,
    ...sites,
    erasureRequest,
    submission,
  }).filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType)
  const members = [...new Set(published.flatMap(([, each]) => Object.keys((each as z.ZodObject).shape ?? {})))]
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 1.5, -1, 'a', '', 'x'.repeat(300), '2026-01-31T12:00:00Z'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...members), tie('value'), { maxKeys: 6 }),
    ),
  })).value

  it.each(published)('%s', (_name, by) => {
    fc.assert(
      fc.property(value, (given) => {
        const parsed = by.safeParse(given)
        if (parsed.success) return
        expect(refusal(given, by).detail).not.toMatch(/Invalid |^Too |Unrecognized|expected .* received/)
      }),
      { numRuns: 60 },
    )
  })
})
