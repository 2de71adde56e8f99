/** What a refused request is told: which part, what is wrong with it, what may stand there. */
import { expect, it } from 'vitest'
import * as z from 'zod'
import { parseWith } from '../../../functions/http/call.ts'
import { LedgerError } from '../../../shared/errors.ts'

const schema = z.strictObject({
  name: z.string(),
  verb: z.enum(['given', 'refused']),
  at: z.string('an instant'),
  items: z.array(z.string()).min(1).max(2),
  id: z.uuid().optional(),
})
const good = { name: 'a', verb: 'given', at: 'now', items: ['a'] }

function refusal(given: unknown): { detail: string; field: unknown; allowed: unknown } {
  try {
    parseWith(schema, given)
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
  ['another type', { ...good, items: 'a' }, '/items', 'must be of type array'],
  ['another word', { ...good, verb: 'yes' }, '/verb', 'not one of the allowed values'],
  ['too few', { ...good, items: [] }, '/items', 'must have at least 1 item'],
  ['too many', { ...good, items: ['a', 'b', 'c'] }, '/items', 'must have at most 2 items'],
  ['no UUID', { ...good, id: 'a' }, '/id', 'must be a UUID'],
  ['a field too many', { ...good, colour: 'red' }, '/colour', 'no such field'],
])('%s is named in plain words', (_, given, field, detail) => {
  expect(refusal(given)).toMatchObject({ field, detail })
})
