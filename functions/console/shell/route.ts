/**
 * The page that the address names: `#/ask`, or `#/version?policy=terms`. The part after `#` is sent to no server, and the files stay static.
 * An address never holds an identifier of a person: addresses end up in histories, bookmarks and mails.
 */
import { useEffect, useState } from 'preact/hooks'

export interface Route {
  readonly path: string
  readonly parameters: URLSearchParams
}

function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path, parameters: new URLSearchParams(query) }
}

export function addressOf(path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString()
  return `#/${path}${query && `?${query}`}`
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash))
  useEffect(() => {
    const follow = () => setRoute(routeOf(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return route
}
