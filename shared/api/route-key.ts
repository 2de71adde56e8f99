/**
 * How a gateway names a route. It is apart from the table of routes, because the bundle of a function has the routes that it answers and not the
 * table.
 */

/** Answers whatever no other route matches: API Gateway's `$default`. */
export const fallback = {
  id: 'fallback',
  method: 'ANY',
  path: '$default',
  handler: 'read',
  access: 'public',
  maxBodyBytes: 0,
} as const

/** API Gateway's name for a route, as it stands in `event.routeKey`. */
export function routeKey({ method, path }: { readonly method: string; readonly path: string }): string {
  return path === '$default' ? '$default' : `${method} ${path}`
}
