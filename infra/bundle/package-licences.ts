/**
 * The licences of the packages whose code is in bundles, from esbuild's lists of what it took in. Most licences require that copies contain
 * them, so every build that bundles packages writes them beside its files. A package without a permitted licence ends the build.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')

/** SPDX identifiers (https://spdx.org/licenses/) of licences under which code may be given on in bundles with their text. */
export const permittedLicences: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Unlicense'],
])

const licenceFile = /^(licen[cs]e|notice)([-.]\w+)?(\.(md|txt))?$/i

/** Folders of the packages that bundles have code of, from the root. */
export function bundledPackages(metafiles: readonly Metafile[]): string[] {
  return [...new Set(bundledFiles(metafiles).flatMap((path) => folderOf(path) ?? []))].sort()
}

const folderOf = (path: string): string | undefined => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]

function bundledFiles(metafiles: readonly Metafile[]): string[] {
  return metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput === 0 ? [] : [path])),
    ),
  )
}

/**
 * The name, version and licence of each package, with the text of its licence and notices. A file that is itself a bundle has the licences of
 * what is in it beside it, as `<file>.LICENSE.txt`.
 *
 * @returns one text; empty without packages
 * @throws Error for a package whose licence is not permitted
 */
export async function licencesOf(metafiles: readonly Metafile[]): Promise<string> {
  const files = bundledFiles(metafiles)
  const texts = await Promise.all(
    bundledPackages(metafiles).map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
      if (!permittedLicences.has(license))
        throw new Error(
          `the licence of ${name} ${version} is ${license}; bundled may be ${[...permittedLicences].join(', ')}`,
        )
      const own = (await readdir(join(root, folder))).filter((each) => licenceFile.test(each)).sort()
      const inner = await Promise.all(
        files.filter((path) => folderOf(path) === folder).map((path) => textOf(join(root, `${path}.LICENSE.txt`))),
      )
      const parts = [...(await Promise.all(own.map((each) => textOf(join(root, folder, each))))), ...inner]
      return [`${name} ${version}: ${license}`, ...parts.filter((part) => part !== '')].join('\n\n')
    }),
  )
  return texts.map((text) => `${text}\n`).join(`\n${'-'.repeat(80)}\n\n`)
}

/** Empty for a file that there is not. */
const textOf = async (path: string): Promise<string> => (await readFile(path, 'utf8').catch(() => '')).trim()
