/** Headers of every public page: it runs nothing, loads style sheet and icon of the ledger's own, and no page may frame it. */
const contentSecurityPolicy = [
  ...["default-src 'none'", "style-src 'self'", "img-src 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
].join('; ')

export function pageHeaders(language: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-language': language,
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    vary: 'accept, accept-language',
  }
}
