/** What is said about a presentation while it is written. */
import { describe, expect, it } from 'vitest'
import { checkPresentation } from '../../../../functions/console/presentations/check-presentation.ts'
import type { PresentationDraft } from '../../../../shared/consent/publication.ts'
import { published } from '../publish/published-versions.ts'

const [, version] = published
const draft: PresentationDraft = {
  policyId: 'cookie-policy',
  presentationId: 'autumn',
  wording: { en: 'May we count visits?' },
  controls: [{ purposeId: 'statistics', label: { en: 'Statistics' }, initially: 'off' }],
  refusal: { label: { en: 'No' }, layer: 1 },
}

const found = (more: Partial<PresentationDraft>) => checkPresentation({ ...draft, ...more }, version, ['spring'])

it('a whole presentation can be published', () => {
  expect(found({})).toEqual([])
})

describe.each([
  ['no id', { presentationId: '' }, '/presentationId', 'missing'],
  ['an id that is none', { presentationId: 'Höst' }, '/presentationId', 'isId'],
  ['an id that is taken', { presentationId: 'spring' }, '/presentationId', 'presentationTaken'],
  ['no wording', { wording: {} }, '/wording', 'missing'],
  [
    'a purpose of another policy',
    { controls: [{ purposeId: 'newsletter', label: { en: 'x' }, initially: 'off' as const }] },
    '/controls/0/purposeId',
    'unknownPurpose',
  ],
  ['no layer', { refusal: { label: { en: 'No' }, layer: Number.NaN } }, '/refusal/layer', 'missing'],
])('%s', (_, more, pointer, rule) => {
  it('is found', () => {
    expect(found(more)).toContainEqual(expect.objectContaining({ pointer, rule }))
  })
})
