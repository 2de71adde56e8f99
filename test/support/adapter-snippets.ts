/**
 * The snippets of the adapters' README as programs, so that the tests run the code that readers copy. A block's name stands after
 * its language; `../consent.ts` is the block `consent`, and `./...` is in the page's folder of test/browser/pages,
 * if it has one.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { adapters } from '../../infra/bundle/packages.ts'

const root = join(import.meta.dirname, '../..')
export const pages = join(root, 'test/browser/pages')

export interface Snippet {
  readonly name: string
  readonly language: 'ts' | 'tsx'
  readonly text: string
}

const readme = readFileSync(join(root, 'shared/client/adapters/README.md'), 'utf8')
export const snippets: readonly Snippet[] = [...readme.matchAll(/^```(tsx?) (\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, language, name = '', text = '']) => ({ name, language: language === 'tsx' ? 'tsx' : 'ts', text }),
)

export function snippetOf(name: string): Snippet {
  const found = snippets.find((snippet) => snippet.name === name)
  if (!found) throw new Error(`the README has no snippet ${name}`)
  return found
}

export interface SnippetBundle {
  readonly url: string
  readonly key: string
  /** What a test has around the snippet. */
  readonly before?: string
  readonly after?: string
  /** Source by name, for modules that only an app has. */
  readonly modules?: Readonly<Record<string, string>>
  readonly format?: 'esm' | 'iife'
}

/** A snippet with all that it imports, for this ledger. What an iife exports is in the global `snippet`. */
export async function bundleSnippet(name: string, options: SnippetBundle): Promise<string> {
  const { url, key, before = '', after = '', modules = {}, format = 'esm' } = options
  const aimed = (text: string) => text.replace('https://consent.example.org', url).replace("'site-key'", `'${key}'`)
  const others: Plugin = {
    name: 'modules',
    setup(bundler) {
      bundler.onResolve({ filter: /./ }, ({ path }) => {
        if (path === '../consent.ts') return { path: 'consent', namespace: 'other' }
        return path in modules ? { path, namespace: 'other' } : undefined
      })
      bundler.onLoad({ filter: /./, namespace: 'other' }, ({ path }) => ({
        contents: modules[path] ?? aimed(snippetOf(path).text),
        loader: 'ts',
        resolveDir: root,
      }))
    },
  }
  const adapterOf = (adapter: string) => [`@consent-ledger/client/${adapter}`, `./shared/client/adapters/${adapter}.ts`]
  const { language, text } = snippetOf(name)
  const own = join(pages, name)
  const bundled = await build({
    absWorkingDir: root,
    stdin: {
      contents: [before, aimed(text), after].join('\n'),
      loader: language,
      resolveDir: existsSync(own) ? own : pages,
    },
    alias: {
      ...Object.fromEntries(adapters.map(adapterOf)),
      '@consent-ledger/client': './shared/client/client.ts',
    },
    bundle: true,
    write: false,
    format,
    globalName: format === 'iife' ? 'snippet' : undefined,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    platform: 'browser',
    target: 'es2022',
    plugins: [others],
    logLevel: 'warning',
  })
  return bundled.outputFiles[0]?.text ?? ''
}
