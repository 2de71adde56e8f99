/**
 * Makes `dist/packages`: a folder for each package, ready for `npm pack`, with its code, types, README, LICENSE and the licences of what
 * was bundled. A package has no dependencies, because the repository's would bring the AWS SDK and, on Linux, another `node` command.
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bundle } from './lambda-bundles.ts'
import { bundlePackage, codeFileOf } from './package-code.ts'
import { licencesOf } from './package-licences.ts'
import { typesFileOf, writePackageTypes } from './package-types.ts'
import { type Package, type PackageFolder, packages } from './packages.ts'

const root = join(import.meta.dirname, '..', '..')

/** `lambdas` are in `dist/lambda`; the construct's package gets a copy of them. */
export async function buildPackages(lambdas: readonly Bundle[], dist = join(root, 'dist')): Promise<void> {
  const target = join(dist, 'packages')
  await rm(target, { recursive: true, force: true })
  await writePackageTypes(target)
  await Promise.all(
    (Object.keys(packages) as PackageFolder[]).map(async (name) => {
      const folder = join(target, name)
      const metafiles = [...(await bundlePackage(name, folder))]
      if (name === 'cdk') {
        await cp(join(dist, 'lambda'), join(folder, 'lambda'), { recursive: true })
        metafiles.push(...lambdas.map(({ metafile }) => metafile))
      }
      const licences = await licencesOf(metafiles)
      const readme = await readFile(join(root, packages[name].readme), 'utf8')
      await Promise.all([
        cp(join(root, 'LICENSE'), join(folder, 'LICENSE')),
        writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifestOf(packages[name]), null, 2)}\n`),
        writeFile(join(folder, 'README.md'), withoutRelativeLinks(readme)),
        ...(licences === '' ? [] : [writeFile(join(folder, 'THIRD-PARTY-LICENSES'), licences)]),
      ])
    }),
  )
}

async function manifestOf({
  name,
  description,
  entryPoints,
  commands,
  node,
  peers,
  optionalPeers,
}: Package): Promise<object> {
  const { version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const main = entryPoints['.'] ?? ''
  return {
    ...{ name, version, description, license, type: 'module', sideEffects: false },
    types: `./${typesFileOf(main)}`,
    exports: {
      ...Object.fromEntries(
        Object.entries(entryPoints).map(([key, source]) => [
          key,
          { types: `./${typesFileOf(source)}`, default: `./${codeFileOf(source)}` },
        ]),
      ),
      './package.json': './package.json',
    },
    ...(commands && { bin: Object.fromEntries(Object.keys(commands).map((command) => [command, `./${command}.mjs`])) }),
    ...(node && { engines: { node } }),
    ...(peers && { peerDependencies: peers }),
    ...(optionalPeers && {
      peerDependenciesMeta: Object.fromEntries(optionalPeers.map((peer) => [peer, { optional: true }])),
    }),
    files: ['*.mjs', '*.js', 'types', 'lambda', 'THIRD-PARTY-LICENSES'],
  }
}

/** Replaces links to files of the repository, which a package does not contain, by their text. Links within the README stay. */
function withoutRelativeLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g, '$1')
}
