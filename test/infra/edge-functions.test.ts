/** The functions that CloudFront runs, run here as it runs them: on an event, without modules. */
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { echoOrigin, nameViewer, toConsolePage, toObject } from '../../infra/consent-ledger/edge-functions.ts'
import type { Json } from '../support/synthesised.ts'

describe('functions at the edge', () => {
  const run = (code: string, event: object): Json =>
    JSON.parse(JSON.stringify(runInNewContext(`${code}; handler(event)`, { event })))
  const request = (uri: string, headers: object = {}, querystring: object = {}) => ({
    viewer: { ip: '192.0.2.7' },
    request: { method: 'GET', uri, headers, querystring },
  })

  it.each([
    ['nothing', {}],
    ['another address', { 'x-viewer-address': { value: '203.0.113.9' } }],
    [
      'several addresses',
      { 'x-viewer-address': { value: '1.1.1.1', multiValue: [{ value: '1.1.1.1' }, { value: '2.2.2.2' }] } },
    ],
  ])('name the viewer over %s that a request claimed', (_, headers) => {
    const { headers: named } = run(nameViewer, request('/v1/events', headers))
    expect(named['x-viewer-address']).toEqual({ value: '192.0.2.7' })
  })

  const text = 'a'.repeat(64)
  it.each([
    ['/log/acme/checkpoint', '/served/acme/checkpoint'],
    [`/v1/texts/${text}`, `/texts/${text}`],
    ['/log/acme/tile/0/000', '/log/acme/tile/0/000'],
    ['/log/acme/tile/8/x001/000', '/log/acme/tile/8/x001/000'],
  ])('lead %s to %s, without its query', (path, object) => {
    expect(run(toObject, request(path, {}, { a: { value: 'b' } }))).toMatchObject({ uri: object, querystring: {} })
  })

  it.each([
    '/log/../served/acme/checkpoint',
    '/log/acme/../checkpoint',
    '/log/%2e%2e/checkpoint',
    '/log/acme%2f../checkpoint',
    '/log/ACME/checkpoint',
    `/log/${'a'.repeat(41)}/checkpoint`,
    '/log//checkpoint',
    '/log/acme/checkpoint/',
    '/log/acme\n/checkpoint',
    `/v1/texts/${text}/..`,
    '/v1/texts/../log/acme/tile/entries/000',
    `/v1/texts/${text.toUpperCase()}`,
    `/v1/texts/${text}0`,
  ])('lead %s to nothing that is public', (path) => {
    const { uri } = run(toObject, request(path))
    expect(uri).toBe(path)
    expect(uri).not.toMatch(/^\/(served|texts)\//)
  })

  it.each([
    ['/console/', '/console/index.html'],
    ['/console/banner.js', '/console/banner.js'],
    ['/console/x/', '/console/x/'],
  ])('lead %s to %s', (path, file) => {
    expect(run(toConsolePage, request(path)).uri).toBe(file)
  })

  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['null', 'null'],
    [undefined, undefined],
  ])('echo the origin %s, and never *', (origin, echoed) => {
    const event = {
      ...request('/log/acme/checkpoint', origin === undefined ? {} : { origin: { value: origin } }),
      response: { headers: { vary: { value: 'accept-encoding' } } },
    }
    const { headers } = run(echoOrigin, event)
    expect(headers['access-control-allow-origin']?.value).toBe(echoed)
    expect(headers.vary.value.toLowerCase().split(/, */)).toEqual(['accept-encoding', 'origin'])
    expect(headers).not.toHaveProperty('access-control-allow-credentials')
  })

  it.each([
    ['origin, accept-encoding', 'origin, accept-encoding'],
    ['Accept-Encoding,Origin', 'Accept-Encoding,Origin'],
    ['x-origin', 'x-origin, origin'],
    [undefined, 'origin'],
  ])('say once that an answer varies by origin: %s becomes %s', (vary, expected) => {
    const response = { headers: vary === undefined ? {} : { vary: { value: vary } } }
    expect(run(echoOrigin, { ...request('/console/banner.js'), response }).headers.vary.value).toBe(expected)
  })
})
