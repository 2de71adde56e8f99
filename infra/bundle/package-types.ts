/**
 * Writes the declarations (`.d.ts`) of the packages: what `tsc` emits for each entry point and the files that it imports. No
 * package has zod as a peer, so in declarations that import zod each exported type is written out.
 */
import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { SyntaxKind } from 'typescript/unstable/ast'
import { isTypeAliasDeclaration } from 'typescript/unstable/ast/is'
import { API, NodeBuilderFlags, type Project } from 'typescript/unstable/sync'
import { type Package, packages } from './packages.ts'

const root = join(import.meta.dirname, '..', '..')
/** Inside the repository, so that imports of zod resolve. */
const emitted = join(root, 'dist', 'declarations')
/** The compiler writes `.js` in the imports that it makes when it writes a type out. */
const relativeImport = /((?:from|import\() ?)(['"])(\.{1,2}\/[^'"]+)\.[jt]s\2/g

/** Writes `types/<path of the source>.d.ts` into each folder of `dist`, laid out as the sources are. */
export async function writePackageTypes(dist: string): Promise<void> {
  const all: readonly Package[] = Object.values(packages)
  await emit(all.flatMap(({ entryPoints }) => Object.values(entryPoints)))
  const zodFree = await withoutZod(await reachable(all.flatMap(entryDeclarations)))
  await Promise.all(
    all.map(async (each) => {
      const files = await reachable(entryDeclarations(each), zodFree)
      await Promise.all(
        [...files].map(([path, text]) => write(join(dist, each.folder, 'types', relative(emitted, path)), text)),
      )
    }),
  )
  await rm(emitted, { recursive: true })
}

/** File of the declarations of a source, below the package's folder. */
export function typesFileOf(source: string): string {
  return `types/${source.replace(/\.ts$/, '.d.ts')}`
}

function entryDeclarations({ entryPoints }: Package): string[] {
  return Object.values(entryPoints).map((source) => join(emitted, source.replace(/\.ts$/, '.d.ts')))
}

async function emit(sources: readonly string[]): Promise<void> {
  await rm(emitted, { recursive: true, force: true })
  const config = join(emitted, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: root,
    outDir: emitted,
  }
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions,
    files: sources.map((each) => join(root, each)),
    include: [],
  }
  await write(config, JSON.stringify(settings))
  await promisify(execFile)(join(root, 'node_modules', '.bin', 'tsc'), ['-p', config], { cwd: root })
}

/** The declarations that `entries` reach by relative imports: text by path. Texts in `replaced` take precedence over emitted ones. */
async function reachable(
  entries: readonly string[],
  replaced: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const open = async (path: string): Promise<void> => {
    if (found.has(path)) return
    found.set(path, '')
    const text = replaced.get(path) ?? (await readFile(path, 'utf8'))
    found.set(path, text)
    for (const [, , , to] of text.matchAll(relativeImport)) await open(join(dirname(path), `${to}.d.ts`))
  }
  for (const entry of entries) await open(entry)
  return found
}

/** New texts of the declarations that import zod. */
async function withoutZod(declarations: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const paths = [...declarations].filter(([, text]) => importsZod.test(text)).map(([path]) => path)
  if (paths.length === 0) return new Map()
  const config = join(emitted, 'flat.tsconfig.json')
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2025',
    strict: true,
    noEmit: true,
    types: [],
    skipLibCheck: true,
  }
  await write(config, JSON.stringify({ compilerOptions, files: paths }))
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    if (project === undefined) throw new Error('TypeScript did not open the project of the declarations')
    return new Map(paths.map((path) => [path, flattened(project, path)]))
  } finally {
    api.close()
  }
}

const importsZod = /\bfrom ['"]zod['"]/

/** The file with its exported types written out, without the schemas that they were inferred from. */
function flattened({ program, checker }: Project, path: string): string {
  const file = program.getSourceFile(path)
  if (file === undefined) throw new Error(`${path} was not read`)
  const flags =
    NodeBuilderFlags.NoTruncation |
    NodeBuilderFlags.InTypeAlias |
    NodeBuilderFlags.MultilineObjectLiterals |
    NodeBuilderFlags.UseSingleQuotesForStringLiteralType
  const statements = file.statements.map((statement) => {
    const text = file.text.slice(statement.pos, statement.end)
    const isExported = /^(?:\s|\/\*.*?\*\/|\/\/.*?\n)*export\b/s.test(text)
    if (!isTypeAliasDeclaration(statement) || statement.typeParameters !== undefined || !isExported)
      return { text, isExported: isExported && statement.kind !== SyntaxKind.VariableStatement }
    const symbol = checker.getSymbolAtLocation(statement.name)
    if (symbol === undefined) throw new Error(`${path}: ${statement.name.text} has no symbol`)
    const type = checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), file, flags)
    return { text: `${file.text.slice(statement.pos, statement.type.pos)} ${type};`, isExported }
  })
  return usedOnly(statements)
}

/** Leaves out statements that no exported statement uses, directly or through others. */
function usedOnly(statements: readonly { readonly text: string; readonly isExported: boolean }[]): string {
  const kept = new Set(statements.filter(({ isExported }) => isExported))
  for (let count = -1; count !== kept.size; ) {
    count = kept.size
    const code = [...kept].map(({ text }) => text.replace(/\/\*.*?\*\/|'[^'\n]*'|"[^"\n]*"/gs, '')).join('\n')
    // A property of the same name does not count as a use.
    const isUsed = (name: string) => new RegExp(`(?<![\\w.])${name}\\b(?!\\??:)`).test(code)
    for (const each of statements) if (namesIn(each.text).some(isUsed)) kept.add(each)
  }
  const texts = statements.filter((each) => kept.has(each)).map(({ text }) => text)
  return `${texts.join('')}\n`
}

/** Names that a statement declares or imports. */
function namesIn(statement: string): string[] {
  const declared = /\b(?:type|interface|const|function|class) (\w+)/.exec(statement)?.[1]
  const imported = /import (?:type )?(?:\* as (\w+)|\{([^}]*)\})/.exec(statement)
  if (imported === null) return declared === undefined ? [] : [declared]
  return (imported[1] ?? imported[2] ?? '')
    .split(',')
    .map((each) => each.trim().split(' ').at(-1) ?? '')
    .filter((name) => name !== '')
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text.replace(relativeImport, '$1$2$3.js$2'))
}
