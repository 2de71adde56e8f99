/** Origins of a site: what an administrator writes becomes what a browser sends, or is refused with the reason. */
import { expect, it } from 'vitest'
import { readOrigin } from '../../../shared/consent/origin.ts'

it.each([
  ['https://www.example.org', 'https://www.example.org'],
  ['https://www.example.org/', 'https://www.example.org'],
  ['HTTPS://WWW.Example.ORG:443', 'https://www.example.org'],
  ['http://localhost:5173/', 'http://localhost:5173'],
  ['https://smörgås.example', 'https://xn--smrgs-pra0j.example'],
  ['https://XN--SMRGS-PRA0J.example/', 'https://xn--smrgs-pra0j.example'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  [' https://example.org ', 'https://example.org'],
  ['capacitor://localhost', 'capacitor://localhost'],
  ['ionic://localhost/', 'ionic://localhost'],
  ['Tauri://Localhost', 'tauri://localhost'],
  ['app://com.example.shop:8080', 'app://com.example.shop:8080'],
])('%j is %s', (text, origin) => {
  expect(readOrigin(text)).toEqual({ origin })
  expect(readOrigin(origin)).toEqual({ origin })
})

it.each([
  ['https://*.example.org', 'no wildcard'],
  ['*', 'no wildcard'],
  ['https://%2a.example.org', 'no wildcard'],
  ['https://＊.example.org', 'no wildcard'],
  ['https://example.org/shop', 'only scheme, host and port'],
  ['https://example.org?x', 'only scheme, host and port'],
  ['https://kim@example.org', 'only scheme, host and port'],
  ['capacitor://localhost/index.html', 'only scheme, host and port'],
  ['capacitor://', 'a scheme and a host'],
  ['capacitor://kim@localhost', 'a scheme and a host'],
  ['file:///index.html', 'a web origin'],
  ['null', 'a web origin'],
  ['www.example.org', 'a web origin'],
  ['https://', 'a web origin'],
  ['javascript://localhost', 'a web origin'],
  [`https://${'a'.repeat(300)}.example`, 'at most 300'],
  ['', 'a web origin'],
])('%j is refused: %s', (text, reason) => {
  expect(readOrigin(text)).toEqual({ refusal: expect.stringContaining(reason) })
})
