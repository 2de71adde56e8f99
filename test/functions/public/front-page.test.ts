/** The front page names the controllers that it is given, and no others; their names are text. */
import { expect, it } from 'vitest'
import { frontPage } from '../../../functions/public/front-page.ts'

it('leads to the policies and the log of each controller', () => {
  const page = frontPage('sv', [{ controller: 'acme', name: 'Acme AB' }]).text
  expect(page).toContain('<a href="/policies/acme?lang=sv">Acme AB</a>')
  expect(page).toContain('<a href="/log/acme/checkpoint">Senaste kontrollpunkten</a>')
  expect(page).toContain('<a href="/log/acme/policy">Loggens nycklar</a>')
  expect(page).not.toContain('{controller}')
  expect(page).not.toContain('ingen lista')
})

it('says how to find a policy where no controller is named', () => {
  const page = frontPage('en', []).text
  expect(page).toContain('<code>/policies/{controller}</code>')
  expect(page).toContain('does not list its controllers')
})

it('has no name as markup', () => {
  const page = frontPage('en', [{ controller: 'acme', name: '<script>"&' }]).text
  expect(page).toContain('&lt;script&gt;&quot;&amp;')
  expect(page).not.toContain('<script')
})
