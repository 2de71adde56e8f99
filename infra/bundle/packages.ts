/** The npm packages that `npm run build` makes in `dist/packages`, and the source file behind each of their entry points. */

export interface Package {
  /** Name in the registry, and `dist/packages/<folder>`. */
  readonly name: string
  readonly folder: string
  /** Source file of each entry point, by its key in `exports` of package.json. Paths are from the root of the repository. */
  readonly entryPoints: Readonly<Record<string, string>>
}

/** Adapters of the browser client: each is `@consent-ledger/client/<name>`. */
export const adapters = [
  'async-storage',
  'google-consent-mode',
  'gpp',
  'klaro',
  'react',
  'tcf',
  'vanilla-cookieconsent',
] as const

export const packages: readonly Package[] = [
  {
    name: '@consent-ledger/client',
    folder: 'client',
    entryPoints: {
      '.': 'shared/client/client.ts',
      './promise': 'shared/client/promise.ts',
      ...Object.fromEntries(adapters.map((name) => [`./${name}`, `shared/client/adapters/${name}.ts`])),
    },
  },
  { name: '@consent-ledger/server', folder: 'server', entryPoints: { '.': 'shared/server/server.ts' } },
  { name: '@consent-ledger/verify', folder: 'verify', entryPoints: { '.': 'shared/verify/verify.ts' } },
  { name: '@consent-ledger/cdk', folder: 'cdk', entryPoints: { '.': 'infra/cdk.ts' } },
]
