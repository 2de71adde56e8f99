/** Who gets JSON where a browser gets a page. */
import { expect, it } from 'vitest'
import { prefersJson } from '../../../functions/http/media-type.ts'

it.each<[accept: string | undefined, isJson: boolean]>([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', false],
  ['application/json', true],
  ['Application/JSON; q=0.5', true],
  ['application/json, text/plain, */*', true],
  ['application/json, text/html', false],
  ['application/json;q=0.9, text/html', false],
  ['text/html;q=0.1, application/json;q=0.2', true],
  ['text/html, application/*', false],
  ['application/*', true],
  ['application/json;q=0, */*', false],
  ['text/html;q=0, */*', true],
  [`${'text/plain,'.repeat(30)}application/json`, false],
])('%s', (accept, isJson) => {
  expect(prefersJson(accept)).toBe(isJson)
})
