/** Which route answers a method and a path, as API Gateway chooses: a tree of path segments, made once from the route table. */
import { type HandlerName, type Route, routeKey } from '../../functions/routes.ts'
import { LedgerError } from '../../shared/errors.ts'

interface BoundRoute {
  readonly key: string
  readonly handler: HandlerName
  /** Where each path parameter stands among the segments. */
  readonly parameters: { readonly name: string; readonly index: number }[]
}

interface Segment {
  readonly literals: Map<string, Segment>
  parameter?: Segment
  readonly routes: Map<string, BoundRoute>
}

export interface Match {
  readonly route: BoundRoute
  readonly pathParameters: Record<string, string> | undefined
}

/** Finds the most specific route: a literal segment goes before a parameter, a method before ANY; `$default` is last. */
export function routeMatcher(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const root: Segment = { literals: new Map(), routes: new Map() }
  let fallback: Match | undefined
  for (const route of routes) {
    const bound: BoundRoute = { key: routeKey(route), handler: route.handler, parameters: [] }
    if (bound.key === '$default') {
      fallback = { route: bound, pathParameters: undefined }
      continue
    }
    let at = root
    for (const [index, text] of route.path.split('/').entries()) {
      const name = /^\{(.+)\}$/.exec(text)?.[1]
      if (name !== undefined) bound.parameters.push({ name, index })
      const next = (name === undefined ? at.literals.get(text) : at.parameter) ?? {
        literals: new Map(),
        routes: new Map(),
      }
      if (name === undefined) at.literals.set(text, next)
      else at.parameter = next
      at = next
    }
    if (at.routes.has(route.method)) throw new LedgerError('internal', `Two routes answer ${bound.key}`)
    at.routes.set(route.method, bound)
  }

  return (method, path) => {
    const segments = path.split('/')
    const route = find(root, segments, 0, method)
    if (route === undefined) return fallback
    if (route.parameters.length === 0) return { route, pathParameters: undefined }
    const pathParameters: Record<string, string> = {}
    for (const { name, index } of route.parameters) pathParameters[name] = segments[index] ?? ''
    return { route, pathParameters }
  }
}

/** A parameter takes any segment that is not empty. */
function find(at: Segment, segments: readonly string[], index: number, method: string): BoundRoute | undefined {
  const text = segments[index]
  if (text === undefined) return at.routes.get(method) ?? at.routes.get('ANY')
  const literal = at.literals.get(text)
  const found = literal && find(literal, segments, index + 1, method)
  if (found !== undefined || at.parameter === undefined || text === '') return found
  return find(at.parameter, segments, index + 1, method)
}
