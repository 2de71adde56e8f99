import { expect, test } from 'vitest'
import { world } from '../../../infra/demo/world/world.ts'
import { continuedUseIn } from '../../../shared/consent/continued-use.ts'

const found = (text: string) => continuedUseIn([{ locale: 'en', text }]).map(({ quote }) => quote)

test.each([
  'By continuing to use this site you agree to our cookies',
  'If you continue to browse, you consent to them',
  'Continued use of the app is considered consent',
  'Genom att fortsätta använda webbplatsen godkänner du våra cookies',
  'Om du fortsätter räknas det som ditt samtycke',
])('takes use for consent: %s', (sentence) => {
  expect(found(`Welcome. ${sentence}. Thank you.`)).toEqual([sentence])
})

test.each([
  'Continuing to use the website is not consent',
  'By using the site you never agree to anything',
  'Att fortsätta använda webbplatsen är inte ett samtycke',
  'När du använder Kom ihåg mig ber vi om ditt samtycke',
  'You consent by pressing the button',
])('does not: %s', (sentence) => {
  expect(found(`${sentence}.`)).toEqual([])
})

test('no text of the demo does', () => {
  const texts = Object.values(world).flatMap(({ publications }) => publications.flatMap(({ draft }) => draft.texts))
  expect(continuedUseIn(texts)).toEqual([])
})

test('is bounded for a text of a single long sentence', () => {
  const long = 'by using you agree and '.repeat(20_000)
  expect(found(long).map((quote) => quote.length)).toEqual([300])
})
