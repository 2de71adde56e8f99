/** Whatever a built file has of other people's packages has its licence beside it, and a licence that permits this. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { consoleFiles } from '../../../infra/bundle/console.ts'
import { bundledPackages, licencesOf, permittedLicences } from '../../../infra/bundle/package-licences.ts'
import { referenceFiles } from '../../../infra/bundle/reference.ts'

const root = join(import.meta.dirname, '../../..')
const { dependencies, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

/** The head of each part: name and version, licence. */
const headsIn = (text: string) => [...text.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*): (\S+)$/gm)]

describe.each([
  [
    'console',
    consoleFiles,
    ['preact', 'oauth4webapi', 'intl-messageformat', 'chart.js', 'uqr', 'zod', 'mdast-util-from-markdown'],
  ],
  ['reference', referenceFiles, ['swagger-ui-dist']],
])('%s', (_, files, expected) => {
  it('has the licence of each package, with its version, and each is permitted', async () => {
    const heads = headsIn((await files())['licences.txt'] ?? '')
    expect(heads.map(([, name]) => name)).toEqual(expect.arrayContaining(expected))
    for (const [, name = '', version, licence = ''] of heads) {
      expect(permittedLicences).toContain(licence)
      const direct = { ...dependencies, ...devDependencies }[name]
      if (direct !== undefined) expect(version).toBe(direct)
    }
  })

  it('has a text of the licence for each, of a length that a licence has', async () => {
    const parts = ((await files())['licences.txt'] ?? '').split(`\n${'-'.repeat(80)}\n\n`)
    expect(parts.length).toBe(headsIn(parts.join('\n')).length)
    for (const part of parts) expect(part.length, part.slice(0, 100)).toBeGreaterThan(500)
  })
})

/** A bundle of one line, for its metafile. */
async function metafileOf(contents: string) {
  const stdin = { contents, resolveDir: root }
  return (await build({ stdin, bundle: true, write: false, metafile: true, format: 'esm', absWorkingDir: root }))
    .metafile
}

it('counts the packages whose code is there, and not those of which nothing was left', async () => {
  const used = await metafileOf(`import { h } from 'preact'; console.log(h)`)
  expect(bundledPackages([used])).toEqual(['node_modules/preact'])
  expect(bundledPackages([await metafileOf(`import { encode } from 'uqr'`)])).toEqual([])
})

it('ends the build for a package whose licence is not permitted', async () => {
  const metafile = await metafileOf(`import axe from 'axe-core'; console.log(axe)`)
  await expect(licencesOf([metafile])).rejects.toThrow(/^the licence of axe-core .* is MPL-2\.0; bundled may be 0BSD, /)
})
