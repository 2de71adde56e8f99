/** What a page loads: its README promises the size, and it needs nothing else. */
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'
import { clientBuild } from '../../../infra/bundle/package-code.ts'

const maxGzippedBytes = 4_096

it.each([
  ['the module', 'shared/client/client.ts', 'esm'],
  ['the script', 'shared/client/script.ts', 'iife'],
] as const)('%s is at most 4 KB gzipped and imports nothing', async (_what, entry, format) => {
  const built = await build({ ...clientBuild, format, entryPoints: [entry], write: false, metafile: true })
  const [file] = built.outputFiles
  expect(gzipSync(file?.contents ?? '', { level: 9 }).length).toBeLessThanOrEqual(maxGzippedBytes)
  const inputs = Object.keys(built.metafile.inputs)
  expect(inputs.filter((path) => !path.startsWith('shared/client/'))).toEqual([])
  expect(Object.values(built.metafile.outputs).flatMap((output) => output.imports)).toEqual([])
})
