/** What passes for a decision: not refused for what stands beside it, and bounded. */
import { describe, expect, it } from 'vitest'
import { checkQuery, submission } from '../../../functions/c15t/schemas.ts'

const decision = {
  type: 'cookie_banner',
  subjectId: 'sub_111D6fDmTET4TfwFxNqjm63UMG',
  domain: 'www.example.org',
  givenAt: 1_795_331_046_620,
  preferences: { necessary: true },
}
const passes = (body: unknown) => submission.safeParse(body).success

describe('is recorded', () => {
  it.each([
    ['what the client sends', {}],
    ['members of a later client', { frobnication: 1 }],
    ['an action that is none', { consentAction: 'dismiss' }],
    ['a place that is none', { uiSource: 7 }],
    ['a TC string beyond measure', { tcString: 'C'.repeat(10_000) }],
    ['a token beyond measure', { policySnapshotToken: 'e'.repeat(2000) }],
    ['an external id that is empty', { externalSubjectId: '' }],
    ['no domain', { domain: undefined }],
  ])('%s', (_, more) => {
    expect(passes({ ...decision, ...more })).toBe(true)
  })
})

describe('is no decision', () => {
  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['a banner without choices', { ...decision, preferences: undefined }],
    ['choices in a list', { ...decision, preferences: [true] }],
    ['a choice that is neither', { ...decision, preferences: { marketing: 'yes' } }],
    ['a category __proto__', { ...decision, preferences: JSON.parse('{"__proto__":true}') }],
    ['a category without a name', { ...decision, preferences: { '': true } }],
    [
      '3,000 categories',
      { ...decision, preferences: Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`c${i}`, true])) },
    ],
    ['no time', { ...decision, givenAt: '2026-11-22' }],
    ['a subject that can be guessed', { ...decision, subjectId: 'sub_1' }],
    ['a subject that is none', { ...decision, subjectId: `sub_${'O'.repeat(26)}` }],
    ['a subject beyond measure', { ...decision, subjectId: `sub_${'a'.repeat(300)}` }],
    ['no type', { ...decision, type: '' }],
  ])('%s', (_, body) => {
    expect(passes(body)).toBe(false)
  })
})

it('types are listed with commas, each once', () => {
  const { type } = checkQuery.parse({ externalId: 'u', type: 'cookie_banner, privacy_policy,cookie_banner' })
  expect(type).toEqual(['cookie_banner', 'privacy_policy'])
  expect(checkQuery.safeParse({ externalId: 'u', type: '' }).success).toBe(false)
})
