/** What the README says to write compiles as it stands, against the types that people get; that it works, its pages' tests show. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { adapters } from '../../../../infra/bundle/packages.ts'
import { pages, snippets } from '../../../support/adapter-snippets.ts'

const root = join(import.meta.dirname, '../../../..')

/** What only an app has. */
const appModules = `
declare module '@react-native-async-storage/async-storage' {
  const storage: import('@consent-ledger/client/async-storage').AsyncStorage
  export default storage
}
declare module 'expo-crypto' {
  export function getRandomBytes(count: number): Uint8Array
}`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-snippets-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const { name, language, text } of snippets) {
    // `consent` stands beside the pages.
    const path = name === 'consent' ? 'consent.ts' : join(name, `page.${language}`)
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await writeFile(join(folder, 'modules.d.ts'), appModules)
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2022', lib: ['es2025', 'dom'], jsx: 'react-jsx', strict: true, noEmit: true },
    ...{ types: ['react'], skipLibCheck: true, allowImportingTsExtensions: true, rootDirs: [folder, pages] },
    paths: {
      '@consent-ledger/client': [join(root, 'shared/client/client.ts')],
      '@consent-ledger/client/*': [join(root, 'shared/client/adapters/*.ts')],
    },
  }
  const include = ['**/*.ts', '**/*.tsx', join(pages, 'klaro/klaro.d.ts')]
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('has a snippet for each adapter', () => {
  const imported = snippets.flatMap(({ text }) =>
    [...text.matchAll(/'@consent-ledger\/client\/(.+)'/g)].map(([, name]) => name),
  )
  expect(imported.sort()).toEqual([...adapters].sort())
})

it('compiles', async () => {
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  const { stdout } = await promisify(execFile)(tsc, ['-p', folder]).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})
