/** Which folder may import which, and other rules about the tree, kept by reading the import lines of every source file. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routes, servedRoutes } from '../functions/served-routes.ts'
import { slowFiles } from './support/slowest-first.ts'

const root = join(import.meta.dirname, '..')

interface Source {
  readonly path: string
  readonly lines: number
  /** Paths from the root for relative imports, else the package or `node:` module. */
  readonly imports: readonly string[]
  /** Those of them that are more than types. */
  readonly code: readonly string[]
}

const sources: readonly Source[] = ['shared', 'functions', 'infra', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => read(join(root, folder, name))),
)

function read(file: string): Source {
  const text = readFileSync(file, 'utf8')
  const specifiers = [...text.matchAll(/^(?:import|export)\s(?:[^'"`;]*?from\s)?'([^']+)'|\bimport\('([^']+)'\)/gm)]
  const imports = specifiers.map(([line, plain, dynamic]) => {
    const name = plain ?? dynamic ?? ''
    const path = name.startsWith('.') ? relative(root, join(dirname(file), name)) : name
    return { path, isType: /^(import|export) type /.test(line) }
  })
  return {
    path: relative(root, file),
    lines: text.split('\n').length,
    imports: imports.map(({ path }) => path),
    code: imports.filter(({ isType }) => !isType).map(({ path }) => path),
  }
}

/** Imports of the files below `folder` that are not among what is allowed there. */
function strays(folder: string, allowed: readonly (string | RegExp)[]): string[] {
  return sources
    .filter(({ path }) => path.startsWith(folder))
    .flatMap(({ path, imports }) =>
      imports
        .filter((name) => !allowed.some((rule) => (typeof rule === 'string' ? name.startsWith(rule) : rule.test(name))))
        .map((name) => `${path} imports ${name}`),
    )
}

describe('imports point one way', () => {
  it('reads real imports', () => {
    expect(sources.length).toBeGreaterThan(60)
    expect(sources.find((s) => s.path === 'functions/endpoints/service.ts')?.imports).toContain(
      'functions/http/openapi.ts',
    )
  })

  it.each([
    ['shared/tlog/', ['shared/tlog/', '#sha256']],
    ['shared/consent/', ['shared/consent/', 'shared/errors.ts', '#sha256', 'canonicalize', 'diff', 'zod']],
    [
      'shared/verify/',
      ['shared/verify/', 'shared/tlog/', 'shared/consent/', 'shared/errors.ts', '#sha256', 'zod', 'canonicalize'],
    ],
    ['shared/client/', ['shared/client/', 'shared/consent/', 'react']],
    [
      'shared/ledger/',
      [
        ...['shared/ledger/', 'shared/consent/', 'shared/tlog/', 'shared/errors.ts', 'canonicalize'],
        ...['libphonenumber-js/', /^node:(crypto|url|zlib)$/],
      ],
    ],
    [
      'shared/exports/',
      [
        ...['shared/exports/', 'shared/ledger/', 'shared/consent/', 'shared/api/schemas/exports.ts', 'shared/csv.ts'],
        ...['shared/errors.ts', 'hyparquet-writer', /^node:(crypto|stream|zlib)$/],
      ],
    ],
    [
      'shared/imports/',
      [
        ...['shared/imports/', 'shared/api/schemas/', 'shared/consent/', 'shared/ledger/', 'shared/errors.ts'],
        ...['shared/csv.ts', 'shared/hashed-uuid.ts', 'csv-parse/sync', 'canonicalize', /^node:(crypto|stream|zlib)$/],
      ],
    ],
    [
      'functions/http/',
      [
        'functions/',
        'shared/',
        'zod',
        'zod-openapi',
        'jose',
        '@iabtechlabtcf/core',
        '@middy/core',
        'aws-lambda',
        /^node:(crypto|zlib)$/,
      ],
    ],
    ['functions/c15t/', ['functions/', 'shared/', 'zod', 'canonicalize', 'node:crypto']],
    [
      'functions/aws/',
      [
        ...['functions/aws/', 'functions/telemetry.ts', 'shared/', 'node:crypto', '@aws-lambda-powertools/metrics'],
        /^@aws-sdk\/client-(dynamodb|s3|kms)$/,
        '@smithy/core/serde',
        '@smithy/signature-v4',
      ],
    ],
    ['functions/lambda/', ['functions/', 'shared/']],
    ['functions/delivery/', ['functions/delivery/', 'shared/', 'ipaddr.js', /^node:(dns\/promises|https?|net)$/]],
    [
      'functions/pages/',
      ['functions/pages/', 'functions/markdown/', 'shared/client/', 'shared/consent/', 'shared/errors.ts'],
    ],
    ['functions/markdown/', ['functions/markdown/', 'shared/consent/', /^(mdast|micromark)/]],
    [
      'functions/console/',
      [
        ...[
          'functions/console/',
          'functions/design/',
          'functions/markdown/',
          'functions/pages/',
          'shared/api/',
          'shared/consent/',
          'shared/tlog/',
        ],
        ...[
          'shared/verify/',
          'shared/server/',
          'shared/csv.ts',
          'shared/errors.ts',
          'preact',
          'oauth4webapi',
          'intl-messageformat',
          'chart.js',
          'uqr',
          'zod',
        ],
      ],
    ],
    ['functions/reference/', ['functions/reference/', 'swagger-ui-dist/']],
    [
      'functions/public/',
      [
        'functions/public/',
        'functions/design/',
        'functions/markdown/',
        'functions/http/',
        // What is declared is said in the same words as in the preference centre.
        'functions/pages/known-terms.ts',
        'functions/pages/reader.ts',
        'shared/consent/',
        'shared/ledger/',
        'node:crypto',
      ],
    ],
    [
      'infra/consent-ledger/',
      [
        'infra/consent-ledger/',
        'infra/lambda-',
        'infra/tables.ts',
        'functions/',
        'shared/api/',
        'aws-cdk-lib',
        'constructs',
      ],
    ],
    [
      'infra/command/',
      [
        ...['infra/command/', 'infra/command-line.ts', 'infra/terminal-text.ts', 'infra/text-layout.ts'],
        ...['shared/backoff.ts', 'shared/verify/', 'shared/tlog/', 'node:'],
      ],
    ],
    [
      'functions/endpoints/',
      ['functions/', 'shared/', 'zod', /^node:(crypto|fs\/promises|path|timers\/promises|zlib)$/],
    ],
    ['functions/jobs/', ['functions/', 'shared/', 'aws-lambda']],
    ['infra/stages/', ['infra/stages/', 'infra/consent-ledger/', 'aws-cdk-lib', 'constructs']],
    [
      'infra/bundle/',
      [
        'infra/bundle/',
        'infra/lambda-',
        'infra/command-line.ts',
        'infra/local/arguments.ts',
        'infra/text-layout.ts',
        'functions/',
        'shared/',
        'node:',
        'esbuild',
        'typescript/',
      ],
    ],
    ['infra/demo/', ['infra/', 'functions/', 'shared/', 'node:', 'esbuild', 'zod', 'aws-lambda', 'jose']],
    ['infra/cost/', ['infra/cost/', 'infra/command-line.ts', 'infra/local/arguments.ts', 'infra/text-layout.ts']],
    [
      'infra/administration/',
      ['infra/administration/', 'infra/local/', 'infra/command', 'infra/text-layout.ts', 'shared/', 'node:'],
    ],
    [
      'infra/local/',
      [
        ...['infra/local/', 'infra/command/directory-log.ts', 'infra/command-line.ts', 'infra/tables.ts'],
        ...['infra/terminal-text.ts', 'functions/', 'shared/', 'node:', 'jose', 'undici', 'aws-lambda'],
      ],
    ],
  ])('%s', (folder, allowed) => {
    expect(strays(folder, allowed)).toEqual([])
  })

  it.each([
    ['shared/server', ['shared/server/retries.ts imports shared/backoff.ts']],
    ['shared/client', ['shared/client/adapters/react.ts imports react']],
  ])('%s takes nothing but types from elsewhere', (folder, others) => {
    const own = sources.filter((s) => s.path.startsWith(`${folder}/`))
    expect(own.length).toBeGreaterThan(3)
    const code = own.flatMap(({ path, code }) =>
      code.filter((name) => !name.startsWith(`${folder}/`)).map((name) => `${path} imports ${name}`),
    )
    expect(code).toEqual(others)
  })

  it('only one file of shared/consent knows zod, and no page or background job is built with it', () => {
    const users = sources.filter((s) => s.path.startsWith('shared/consent/') && s.imports.includes('zod'))
    expect(users.map((s) => s.path)).toEqual(['shared/consent/zod-schema.ts'])
    const readers = sources.filter((s) => s.imports.includes('shared/consent/zod-schema.ts')).map((s) => s.path)
    expect(readers.filter((path) => !/^(shared\/(api|verify)|test)\//.test(path))).toEqual([])
  })

  it('only functions/aws knows the SDK, of all that is deployed', () => {
    const users = sources.filter((s) => s.imports.some((name) => name.startsWith('@aws-sdk'))).map((s) => s.path)
    expect(users.filter((path) => !path.startsWith('functions/aws/') && !path.startsWith('test/'))).toEqual([])
  })

  it('only where protocols are composed is c15t known', () => {
    const users = sources.filter((s) => s.imports.some((name) => name.startsWith('functions/c15t/'))).map((s) => s.path)
    const composed = /^(functions\/(c15t\/|lambda\/|protocol|served-routes\.ts)|test\/)/
    expect(users.filter((path) => !composed.test(path))).toEqual([])
  })

  it('CDK code names handlers by path and never imports them', () => {
    const cdk = sources.filter(
      (s) => s.path.startsWith('infra/') && s.imports.some((name) => name.startsWith('aws-cdk-lib')),
    )
    expect(cdk.length).toBeGreaterThan(0)
    const imported = cdk.flatMap((s) => s.imports).filter((name) => /^(functions|shared)\//.test(name))
    // Variables, routes and metrics of the functions are data, each stated in one place.
    const data = [
      'functions/lambda/environment.ts',
      'functions/lambda/roles.ts',
      'functions/served-routes.ts',
      'functions/telemetry.ts',
      'shared/api/route-key.ts',
      'shared/api/routes.ts',
    ]
    expect([...new Set(imported)].sort()).toEqual(data)
    // Everything that these import is types, except an error.
    const tables = [...data, 'functions/c15t/routes.ts']
    const behind = sources.filter((s) => tables.includes(s.path))
    const others = (imports: readonly string[]) => imports.filter((name) => !tables.includes(name))
    expect(others(behind.flatMap((s) => s.imports))).toEqual(['shared/ledger/jobs/job-report.ts', 'shared/errors.ts'])
    expect(others(behind.flatMap((s) => s.code))).toEqual(['shared/errors.ts'])
  })

  it.each([
    ['shared/', ['functions/', 'infra/']],
    ['functions/', ['infra/']],
    ['infra/local/', ['infra/demo/']],
  ])('nothing in %s imports %s', (folder, others) => {
    const own = sources.filter((s) => s.path.startsWith(folder))
    const found = own.flatMap(({ path, imports }) =>
      imports.filter((name) => others.some((other) => name.startsWith(other))).map((name) => `${path} imports ${name}`),
    )
    expect(found).toEqual([])
  })

  it('only tests import from test/', () => {
    const users = sources.filter(
      (s) => !s.path.startsWith('test/') && s.imports.some((name) => name.startsWith('test/')),
    )
    expect(users.map((s) => s.path)).toEqual([])
  })
})

describe('import circles', () => {
  it('finds one', () => {
    const circle = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['b']],
      ['d', []],
    ])
    expect(circlesIn(circle)).toEqual([['b', 'c']])
  })

  it('there is none, type imports included', () => {
    expect(circlesIn(new Map(sources.map(({ path, imports }) => [path, imports])))).toEqual([])
  })
})

/** The groups of files that reach each other by imports (Tarjan's strongly connected components), each sorted. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const lowest = new Map<string, number>()
  const open: string[] = []
  const found: string[][] = []
  const visit = (file: string): number => {
    const index = lowest.size
    lowest.set(file, index)
    open.push(file)
    let low = index
    for (const next of graph.get(file) ?? []) {
      if (!graph.has(next)) continue
      if (!lowest.has(next)) low = Math.min(low, visit(next))
      else if (open.includes(next)) low = Math.min(low, lowest.get(next) ?? index)
    }
    lowest.set(file, low)
    if (low === index) {
      const circle = open.splice(open.indexOf(file))
      if (circle.length > 1) found.push(circle.sort())
    }
    return low
  }
  for (const file of graph.keys()) if (!lowest.has(file)) visit(file)
  return found
}

describe('the route table', () => {
  it('names each route once', () => {
    const names = servedRoutes.map((route) => `${route.method} ${route.path}`)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(routes.map((route) => route.id)).size).toBe(routes.length)
  })

  it('gives every handler a module of its own', () => {
    const modules = new Set(sources.map((s) => s.path))
    for (const { handler } of servedRoutes) expect(modules.has(`functions/lambda/${handler}.ts`)).toBe(true)
  })

  it('stands whole in functions/README.md', () => {
    const readme = readFileSync(join(root, 'functions/README.md'), 'utf8')
    expect(
      routes.filter((route) => !readme.includes(route.path.replace('/v1', ''))).map((route) => route.path),
    ).toEqual([])
  })
})

it('no comment begins with Of, which leaves its subject to be guessed', () => {
  const found = sources.flatMap(({ path }) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => (/^\s*(\/\/|\/\*\*) Of [a-zA-Z]/.test(line) ? [`${path}:${i + 1}`] : [])),
  )
  expect(found).toEqual([])
})

it('keeps source files to one idea', () => {
  const long = sources
    .filter((s) => !s.path.startsWith('test/') && s.lines > 300)
    .map((s) => `${s.path}: ${s.lines} lines`)
  expect(long).toEqual([])
})

it('no test asserts how long something took, or has a limit of its own', () => {
  const measured = ['test/support/lambda-process.ts', 'test/faults/log-on-engine.ts', 'test/support/time-limits.ts']
  const ofTests = sources.filter(({ path }) => /^test\/(?!bench\/|aws\/)/.test(path) && !measured.includes(path))
  const telltale = /performance\.now\(\)|hrtime|\btimeout\b *[:}]|^\s*\}, [\d_]{4,}\)$|vi\.waitFor\(/m
  const found = ofTests.filter(({ path }) => telltale.test(readFileSync(join(root, path), 'utf8')))
  expect(found.map(({ path }) => path).filter((path) => path !== 'test/architecture.test.ts')).toEqual([])
})

it('the slow test files that start first are there', () => {
  expect(slowFiles.filter((path) => !sources.some((source) => source.path === path))).toEqual([])
})
