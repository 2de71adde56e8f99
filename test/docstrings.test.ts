/**
 * Everything that a package exports has a docstring. The packages and their entry points are those of infra/bundle/packages.ts; the
 * TypeScript compiler lists what these export. Required of
 *
 *   each symbol                        a sentence
 *   each member of an interface, of a class, or of an object type    a sentence
 *   each function                      `@param` for every parameter if it has several; `@returns` unless it returns nothing;
 *                                      `@throws` if its body throws
 *
 * A function with one parameter may leave out `@param`: its sentence is about that parameter. Members that a type takes from elsewhere
 * (`extends`, or a zod schema) are not listed.
 */
import { join } from 'node:path'
import { type Node, SyntaxKind } from 'typescript/unstable/ast'
import { API, type Checker, type Project, SymbolFlags, type Symbol as TsSymbol } from 'typescript/unstable/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packages } from '../infra/bundle/packages.ts'

const root = join(import.meta.dirname, '..')
const api = new API({ cwd: root })
let project: Project
let checker: Checker

beforeAll(() => {
  const found = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] }).getProjects()[0]
  if (found === undefined) throw new Error('tsconfig.json was not loaded')
  project = found
  checker = found.checker
})
afterAll(() => api.close())

const entryPoints = Object.values(packages).flatMap(({ name, entryPoints }) =>
  Object.entries(entryPoints).map(([key, file]) => [`${name}${key.slice(1)}`, file] as const),
)

it.each(entryPoints)('%s', (_, file) => {
  const source = project.program.getSourceFile(join(root, file))
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${file} is not a module of the project`)
  const exported = checker.getExportsOfModule(module)
  expect(exported.length).toBeGreaterThan(0)
  expect(
    exported.flatMap((symbol) => gapsOf(symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)),
  ).toEqual([])
})

/** What is missing, as `name: what`. */
function gapsOf(symbol: TsSymbol): string[] {
  const declarations = symbol.declarations.flatMap((handle) => handle.resolve(project) ?? [])
  return [
    ...(isSentence(symbol) ? [] : [`${symbol.name}: no sentence`]),
    ...declarations.flatMap((declaration) => [
      ...membersOf(declaration).flatMap((member) => gapsOfMember(symbol.name, member)),
      ...(declaration.kind === SyntaxKind.FunctionDeclaration ? gapsOfFunction(symbol, declaration) : []),
    ]),
  ]
}

function isSentence(symbol: TsSymbol): boolean {
  return /^\P{Ll}.*\p{L}.*[.:]$/su.test(symbol.getDocumentationComment(checker).trim())
}

function gapsOfMember(owner: string, member: Node): string[] {
  const name = (member as { name?: Node }).name
  const symbol = name && checker.getSymbolAtLocation(name)
  return symbol === undefined || isSentence(symbol) ? [] : [`${owner}.${symbol.name}: no sentence`]
}

/** Public members that the declaration itself writes down. */
function membersOf(declaration: Node): Node[] {
  const type = (declaration as { type?: Node }).type
  const owner = declaration.kind === SyntaxKind.TypeAliasDeclaration ? type : declaration
  const kinds: SyntaxKind[] = [SyntaxKind.InterfaceDeclaration, SyntaxKind.ClassDeclaration, SyntaxKind.TypeLiteral]
  if (owner === undefined || !kinds.includes(owner.kind)) return []
  // The unstable API types every node as `Node`; after the check of its kind, `owner` has members.
  const members = (owner as unknown as { members: Iterable<Node> }).members
  return [...members].filter((member) => {
    const { modifiers = [], name } = member as unknown as { modifiers?: Iterable<Node>; name?: Node }
    const isPrivate = [...modifiers].some(({ kind }) => kind === SyntaxKind.PrivateKeyword)
    return name !== undefined && name.kind !== SyntaxKind.PrivateIdentifier && !isPrivate
  })
}

function gapsOfFunction(symbol: TsSymbol, declaration: Node): string[] {
  const { parameters, body } = declaration as unknown as { parameters: Iterable<Node>; body?: Node }
  const tags = symbol.getJsDocTags(checker)
  const has = (tag: string) => tags.some(({ name }) => name === tag)
  const documented = tags.filter(({ name }) => name === 'param').map(({ text }) => String(text).trim().split(/\s/)[0])
  const given = [...parameters].map((parameter) => (parameter as unknown as { name: Node }).name)
  const names = given.map((name, i) => (name.kind === SyntaxKind.Identifier ? name.getText() : documented[i]))
  const returned = checker.typeToString(returnTypeOf(declaration))
  return [
    ...(names.length < 2 ? [] : names.filter((name) => !documented.includes(name)).map((name) => `@param ${name}`)),
    ...(/^(Promise<)?void\b/.test(returned) || has('returns') ? [] : ['@returns']),
    ...(/\bthrow\b/.test(body?.getText() ?? '') && !has('throws') ? ['@throws'] : []),
  ].map((gap) => `${symbol.name}: no ${gap}`)
}

function returnTypeOf(declaration: Node) {
  const signature = checker.getSignatureFromDeclaration(declaration)
  const type = signature && checker.getReturnTypeOfSignature(signature)
  if (type === undefined) throw new Error('a function without a return type')
  return type
}
