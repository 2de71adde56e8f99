/** The npm packages that `npm run build` makes in `dist/packages`, one for each kind of reader. */

export interface Package {
  readonly name: string
  /** Below `dist/packages`. */
  readonly folder: string
  readonly description: string
  /** The README and, for every entry point by its key in `exports`, the source file: paths from the root of the repository. */
  readonly readme: string
  readonly entryPoints: Readonly<Record<string, string>>
  /** Commands, with the source file of each. */
  readonly commands?: Readonly<Record<string, string>>
  /** Oldest Node that the package runs on; absent for code that runs in browsers only. */
  readonly node?: string
  /** Packages that its user installs as well. All other dependencies are bundled. */
  readonly peers?: Readonly<Record<string, string>>
  /** Peers that only some entry points need. */
  readonly optionalPeers?: readonly string[]
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

export const packages = {
  client: {
    name: '@consent-ledger/client',
    folder: 'client',
    description: 'Records consent decisions from a page or an app, and keeps them until the ledger has answered',
    readme: 'shared/client/README.md',
    entryPoints: {
      '.': 'shared/client/client.ts',
      './promise': 'shared/client/promise.ts',
      './link': 'shared/client/link.ts',
      './own-record': 'shared/client/own-record.ts',
      ...Object.fromEntries(adapters.map((name) => [`./${name}`, `shared/client/adapters/${name}.ts`])),
    },
    peers: { react: '>=18' },
    optionalPeers: ['react'],
  },
  server: {
    name: '@consent-ledger/server',
    folder: 'server',
    description: 'Client of the consent ledger for servers, without dependencies',
    readme: 'shared/server/README.md',
    entryPoints: { '.': 'shared/server/server.ts' },
    node: '>=20',
  },
  verify: {
    name: '@consent-ledger/verify',
    folder: 'verify',
    description: 'Verifies proofs and receipts of a consent ledger offline: a library and a command',
    readme: 'infra/command/README.md',
    entryPoints: { '.': 'shared/verify/verify.ts' },
    commands: { 'consent-ledger': 'infra/command/main.ts' },
    node: '>=20',
  },
  cdk: {
    name: '@consent-ledger/cdk',
    folder: 'cdk',
    description: 'CDK construct of the consent ledger, with its Lambda functions bundled',
    readme: 'infra/consent-ledger/README.md',
    entryPoints: { '.': 'infra/cdk.ts' },
    node: '>=22',
    peers: { 'aws-cdk-lib': '^2.276.0', constructs: '^10.5.1' },
  },
} as const satisfies Record<string, Package>

export type PackageFolder = keyof typeof packages
