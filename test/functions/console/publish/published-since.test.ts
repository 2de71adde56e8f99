/** A draft that was begun without somebody else's newer version is noticed before it undoes what is in it. */
import { expect, it } from 'vitest'
import { publishedSince } from '../../../../functions/console/publish/published-since.ts'
import type { PolicyHistory } from '../../../../shared/consent/policy.ts'
import { at, policyVersion } from '../../../shared/verify/maker.ts'

const history = (...names: string[]): PolicyHistory => ({
  policyId: 'privacy',
  versions: names.map((version, i) => ({ ...policyVersion('1', at(i)), version })),
  retractions: [],
  presentations: [],
})

it.each([
  ['nothing new', ['1', '2'], []],
  ['a version of somebody else', ['1', '2', 'autumn'], ['autumn']],
  ['the draft itself, published by an attempt without an answer', ['1', '2', '3'], []],
  ['both', ['1', '2', '3', 'autumn'], ['autumn']],
])('%s', (_, now, found) => {
  expect(publishedSince(history('1', '2'), history(...now), { version: '3' })).toEqual(found)
})
