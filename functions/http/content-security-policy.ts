/**
 * The content security policy of the ledger's own pages that run scripts (https://www.w3.org/TR/CSP3/): their own files, and nothing inline.
 * No text becomes code, because only a page that names one can make a policy of Trusted Types (https://www.w3.org/TR/trusted-types/). No page
 * may frame them, because a withdrawal takes one click.
 */

/**
 * @param connectTo other origins that the page's scripts call, such as that of an identity provider
 * @param trustedTypes names of the policies of Trusted Types that the page may make, each once
 */
export function scriptedPage(connectTo: readonly string[] = [], trustedTypes: readonly string[] = []): string {
  return [
    "default-src 'none'",
    ...["script-src 'self'", "style-src 'self'", "img-src 'self'", ['connect-src', "'self'", ...connectTo].join(' ')],
    ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
    ...["require-trusted-types-for 'script'", `trusted-types ${trustedTypes.join(' ') || "'none'"}`],
  ].join('; ')
}
