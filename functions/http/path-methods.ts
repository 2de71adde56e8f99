/** Which methods a path answers. A module of its own, because only the function that answers unknown paths needs it. */
import { fallback } from '../../shared/api/route-key.ts'
import { servedRoutes } from '../served-routes.ts'

const pathPatterns = servedRoutes
  .filter((each) => each !== fallback)
  .map(({ method, path }) => {
    const pattern = path
      .replaceAll('.', '\\.')
      .replaceAll(/\{[^}]+\+\}/g, '.+')
      .replaceAll(/\{[^}]+\}/g, '[^/]+')
    return { method, pattern: new RegExp(`^${pattern}$`) }
  })

/** The methods that this path answers, sorted; empty when no route has the path. */
export function methodsOf(path: string): string[] {
  return [...new Set(pathPatterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort()
}
