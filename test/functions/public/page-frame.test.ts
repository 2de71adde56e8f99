/** What every public page has around it, and that no value of a page becomes markup. */
import { expect, it } from 'vitest'
import { html } from '../../../functions/public/html.ts'
import { pageFrame } from '../../../functions/public/page-frame.ts'

const hostile = `"'><script>alert(1)</script>&`
const escaped = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;'

it('states language, title, other languages and other forms, and leads back to the front page', () => {
  const page = pageFrame({
    language: 'sv',
    title: 'Kakor',
    description: 'Om kakor.',
    translations: [{ language: 'en', href: '/policies/acme?lang=en', label: 'English' }],
    alternates: [{ type: 'application/atom+xml', href: '/policies/acme?format=atom', label: 'Ändringar' }],
    main: html`<h1>Kakor</h1>`,
  }).text
  expect(page).toMatch(/^<!doctype html>\n<html lang="sv">\n/)
  expect(page).toContain('<title>Kakor</title>')
  expect(page).toContain('<link rel="alternate" hreflang="en" href="/policies/acme?lang=en">')
  expect(page).toContain('<a href="/policies/acme?lang=en" lang="en" hreflang="en">English</a>')
  expect(page).toContain('title="Ändringar" href="/policies/acme?format=atom"')
  expect(page).toContain('href="/?lang=sv"')
  expect(page).toContain('<h1>Kakor</h1>')
})

it('has no value as markup', () => {
  const link = { href: hostile, label: hostile }
  const page = pageFrame({
    language: 'en',
    title: hostile,
    description: hostile,
    owner: link,
    translations: [{ ...link, language: hostile }],
    alternates: [{ ...link, type: hostile }],
    main: html`<h1>${hostile}</h1>`,
  }).text
  expect(page).not.toContain('<script')
  // title, description, owner twice, translation thrice in the head's and the header's links, alternate thrice, main
  expect(page.split(escaped)).toHaveLength(1 + 1 + 1 + 2 + 2 + 4 + 3 + 1)
})
