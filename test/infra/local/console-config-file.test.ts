/** The file that says where people sign in to the console of a ledger on one machine. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConsoleConfig } from '../../../infra/local/console-config-file.ts'
import { snippetsOf } from '../../support/readme-snippets.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileWith(content: string): Promise<string> {
  const path = join(folder, 'console.json')
  await writeFile(path, content)
  return path
}

it('is read as the README shows it', async () => {
  const { controllers } = await readConsoleConfig(
    await fileWith(snippetsOf('infra/local/README.md').get('console') ?? ''),
  )
  expect(controllers).toMatchObject([{ controller: 'acme', issuer: 'https://login.example.com' }])
})

const acme = { controller: 'acme', name: 'Acme AB', issuer: 'https://login.example.com', clientId: 'c', audience: 'a' }
it.each([
  ['text', 'is not JSON'],
  ['{}', '/controllers'],
  [JSON.stringify({ controllers: [{ ...acme, clientId: undefined }] }), '/controllers/0/clientId'],
  [
    JSON.stringify({ controllers: [{ ...acme, tokenEndpoint: 'javascript:alert(1)' }] }),
    '/controllers/0/tokenEndpoint',
  ],
  [JSON.stringify({ controllers: [{ ...acme, clientSecret: 's' }] }), 'clientSecret'],
])('%s is refused', async (content, sentence) => {
  await expect(fileWith(content).then(readConsoleConfig)).rejects.toThrow(sentence)
})

it('a file that is not there is refused', async () => {
  await expect(readConsoleConfig(join(folder, 'none.json'))).rejects.toThrow('cannot be read: ENOENT')
})
