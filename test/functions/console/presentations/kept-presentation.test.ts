/** What the tab keeps of a presentation is offered again only where the form can edit it. */
import { afterEach, expect, it, vi } from 'vitest'
import { keptPresentation } from '../../../../functions/console/presentations/kept-presentation.ts'

afterEach(() => vi.unstubAllGlobals())

const draft = { policyId: 'cookie-policy', presentationId: 'banner', wording: {}, controls: [], refusal: {} }
const keptAs = (text: string | null) => {
  vi.stubGlobal('sessionStorage', { getItem: () => text })
  return keptPresentation('ljungsten', 'cookie-policy')
}

it('is what was written', () => {
  expect(keptAs(JSON.stringify(draft))).toEqual(draft)
})

it.each([
  ['nothing is kept', null],
  ['it was cut', '{"policyId":'],
  ['it is of another policy', JSON.stringify({ ...draft, policyId: 'privacy-policy' })],
  ['it has another form', JSON.stringify({ ...draft, controls: {} })],
])('is nothing where %s', (_, text) => {
  expect(keptAs(text)).toBeUndefined()
})
