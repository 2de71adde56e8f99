/**
 * What a bundle consists of, from esbuild's metafile: every output lists the files it was made of and how many of their bytes remain.
 * Loaded at start are the entry and all chunks that it imports, directly or through others; a chunk that is imported by `import()` is
 * loaded when it is needed.
 */
import type { Metafile } from 'esbuild'
import type { Bundle } from './lambda-bundles.ts'

export interface Contents {
  readonly name: string
  readonly bytesAtStart: number
  readonly bytesInAll: number
  /** Bytes of what is loaded at start, by package or by top folder of this repository, largest first. */
  readonly atStart: ReadonlyMap<string, number>
  /** Files of which bytes remain in what is loaded at start, and anywhere in the bundle. */
  readonly filesAtStart: ReadonlySet<string>
  readonly files: ReadonlySet<string>
  /** Modules of Node, anywhere in the bundle. */
  readonly builtins: ReadonlySet<string>
}

type Output = Metafile['outputs'][string]

export function contentsOf({ name, entryPoint, metafile }: Bundle): Contents {
  const outputs = new Map(Object.entries(metafile.outputs).filter(([path]) => !path.endsWith('.map')))
  const [entry = ''] = [...outputs].find(([, output]) => output.entryPoint === entryPoint) ?? []
  const started = loadedAtStart(outputs, entry)
  const all = [...outputs.values()]
  return {
    name,
    bytesAtStart: bytesOf(started),
    bytesInAll: bytesOf(all),
    atStart: byOrigin(started),
    filesAtStart: filesIn(started),
    files: filesIn(all),
    builtins: new Set(all.flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))),
  }
}

function loadedAtStart(outputs: ReadonlyMap<string, Output>, entry: string): readonly Output[] {
  const loaded = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path) || !outputs.has(path)) return
    loaded.add(path)
    for (const { path: next, kind } of outputs.get(path)?.imports ?? []) if (kind !== 'dynamic-import') load(next)
  }
  load(entry)
  return [...loaded].map((path) => outputs.get(path)).filter((output) => output !== undefined)
}

function bytesOf(outputs: readonly Output[]): number {
  return outputs.reduce((sum, { bytes }) => sum + bytes, 0)
}

function filesIn(outputs: readonly Output[]): ReadonlySet<string> {
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs))
  return new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path))
}

function byOrigin(outputs: readonly Output[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const { inputs } of outputs) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const origin = originOf(path)
      sums.set(origin, (sums.get(origin) ?? 0) + bytesInOutput)
    }
  }
  return new Map([...sums].filter(([, bytes]) => bytes > 0).sort(([, a], [, b]) => b - a))
}

/** The SDK's twenty or so packages count as one origin. */
function originOf(path: string): string {
  const packageName = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]
  if (packageName === undefined) return path.startsWith('sdk-diet:') ? 'AWS SDK' : (path.split('/')[0] ?? path)
  return /^@(aws-sdk|smithy|aws)\//.test(packageName) || packageName === 'mnemonist' ? 'AWS SDK' : packageName
}
