/** How long a client may take to send a body: by default 30 s, by `endLate`; streamed files have no such limit. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { endLate } from '../../../../infra/local/gateway/request-body.ts'
import { raw } from '../../../support/raw-gateway.ts'

it('is called when a body is not whole in time, and not for one that is', async () => {
  const late: string[] = []
  const server = createServer((request, response) => {
    endLate(request, response, () => response.writeHead(408).end(late.push(request.url ?? '').toString()), 30)
    request.resume().once('end', () => setTimeout(() => response.end('whole'), 60))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const whole = await fetch(`http://127.0.0.1:${port}/whole`, { method: 'POST', body: 'abc' })
  expect([whole.status, await whole.text()]).toEqual([200, 'whole'])
  const { until } = await raw({ port }, 'POST /late HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc')
  expect(await until('\r\n\r\n')).toMatch(/^HTTP\/1.1 408 /)
  expect(late).toEqual(['/late'])
  server.closeAllConnections()
  server.close()
})
