/**
 * What the environment says. It is read when it is needed, so that a build needs none of it.
 *
 *   LEDGER_URL, LEDGER_CONTROLLER, LEDGER_SITE_KEY   the ledger, and whose site this is
 *   LEDGER_TOKEN                                     with scopes consent.write and consent.audit
 *   SHOP_URL, MAIL_URL                               where this shop is, and what sends its letters
 *   MAIL_LINK_KEY, SESSION_KEY                       32 random bytes each, in base64: `openssl rand -base64 32`
 */
export function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is not set`)
  return value
}
