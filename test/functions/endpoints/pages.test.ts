import { expect, it } from 'vitest'
import { pageEndpoints } from '../../../functions/endpoints/pages.ts'
import type { Call } from '../../../functions/http/call.ts'
import { apiEvent } from '../../support/api-event.ts'

it('the console may call its providers and the origin of files, and the other pages neither', async () => {
  const provider = { controller: 'acme', name: 'Acme', issuer: 'https://login.example', clientId: 'c', audience: 'a' }
  const { getConsoleFile } = pageEndpoints(async () => ({ controllers: [provider] }), ['https://files.example'])
  const policyOf = async (file: string) => {
    // The endpoint reads the event only.
    const call = { event: apiEvent('getConsoleFile', { path: { file } }) } as unknown as Call
    call.event.pathParameters = { file }
    return (await getConsoleFile(call)).headers?.['content-security-policy']
  }
  expect(await policyOf('index.html')).toContain("connect-src 'self' https://login.example https://files.example;")
  expect(await policyOf('banner.js')).toContain("connect-src 'self';")
})
