/** Which route answers a method and a path, as API Gateway chooses: a tree of path segments, made once from the route table. */
import { routeKey } from '../../../shared/api/route-key.ts'
import type { HandlerName, Route } from '../../../shared/api/routes.ts'
import { LedgerError } from '../../../shared/errors.ts'

interface BoundRoute {
  readonly key: string
  readonly handler: HandlerName
  readonly maxBodyBytes: number
  /** Where each path parameter stands among the segments; a greedy one takes all from there on. */
  readonly parameters: { readonly name: string; readonly index: number; readonly isGreedy: boolean }[]
}

interface Segment {
  readonly literals: Map<string, Segment>
  parameter?: Segment
  /** Where a route ends in `{name+}`: one segment or more, all taken by that parameter. */
  greedy?: Segment
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
    const bound: BoundRoute = {
      key: routeKey(route),
      handler: route.handler,
      maxBodyBytes: route.maxBodyBytes,
      parameters: [],
    }
    if (bound.key === '$default') {
      fallback = { route: bound, pathParameters: undefined }
      continue
    }
    let at = root
    for (const [index, text] of route.path.split('/').entries()) {
      const [, name, plus] = /^\{([^+]+)(\+)?\}$/.exec(text) ?? []
      const isGreedy = plus !== undefined
      if (name !== undefined) bound.parameters.push({ name, index, isGreedy })
      const empty: Segment = { literals: new Map(), routes: new Map() }
      const next = (name === undefined ? at.literals.get(text) : isGreedy ? at.greedy : at.parameter) ?? empty
      if (name === undefined) at.literals.set(text, next)
      else if (isGreedy) at.greedy = next
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
    for (const { name, index, isGreedy } of route.parameters) {
      pathParameters[name] = isGreedy ? segments.slice(index).join('/') : (segments[index] ?? '')
    }
    return { route, pathParameters }
  }
}

/** A parameter takes any segment that is not empty; a greedy one comes last of all. */
function find(at: Segment, segments: readonly string[], index: number, method: string): BoundRoute | undefined {
  const text = segments[index]
  if (text === undefined) return at.routes.get(method) ?? at.routes.get('ANY')
  const literal = at.literals.get(text)
  const found = literal && find(literal, segments, index + 1, method)
  if (found !== undefined || text === '') return found
  const other = at.parameter && find(at.parameter, segments, index + 1, method)
  return other ?? at.greedy?.routes.get(method) ?? at.greedy?.routes.get('ANY')
}
