/**
 * Origins of the pages and web views that may call for a site, in the form of a browser's `Origin` header (RFC 6454, section 6.1), so that
 * they can be compared as text.
 *
 * Origins of http and https are serialised by the WHATWG URL Standard: lower case, IDN as Punycode, no default port. That standard gives
 * other schemes, which web views of apps have (`capacitor://localhost`), an opaque origin; these are lower-cased.
 */

/** An origin in its form, or the reason why the text is none. */
export type ReadOrigin = { readonly origin: string } | { readonly refusal: string }

const maxLength = 300
/** Pages of these schemes send `Origin: null`, which they share with every sandboxed frame. */
const withoutOrigin = new Set(['about', 'blob', 'data', 'file', 'javascript'])

const wildcard = {
  refusal: 'no wildcard: it would let every subdomain call, also one that others control; list each origin',
}

export function readOrigin(text: string): ReadOrigin {
  const given = text.trim()
  if (given.length > maxLength) return { refusal: `at most ${maxLength} characters` }
  if (given.includes('*')) return wildcard
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(given) ?? []
  if (scheme === undefined || withoutOrigin.has(scheme.toLowerCase()))
    return { refusal: 'a web origin, e.g. https://www.example.org or capacitor://localhost' }
  return /^https?$/i.test(scheme) ? ofWeb(given) : ofWebView(scheme, rest)
}

function ofWeb(given: string): ReadOrigin {
  if (!URL.canParse(given)) return { refusal: 'a web origin, e.g. https://www.example.org' }
  const { origin, href } = new URL(given)
  // The parser decodes `%2a` and a full-width asterisk.
  if (origin.includes('*')) return wildcard
  return href === `${origin}/` ? { origin } : notOnly(origin)
}

function ofWebView(scheme: string, rest: string): ReadOrigin {
  const [, host, more] = /^([a-z0-9._-]+(?::\d{1,5})?)(\/.*)?$/i.exec(rest) ?? []
  if (host === undefined) return { refusal: 'a scheme and a host, e.g. capacitor://localhost' }
  const origin = `${scheme}://${host}`.toLowerCase()
  return more === undefined || more === '/' ? { origin } : notOnly(origin)
}

function notOnly(origin: string): ReadOrigin {
  return { refusal: `only scheme, host and port, without user, path or query: ${origin}` }
}
