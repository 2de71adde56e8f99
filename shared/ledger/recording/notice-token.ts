/**
 * Notice tokens: proof of what the ledger served, to whom and when.
 *
 *   base64url(JSON claims) "." base64url(HMAC-SHA256(notice key of the controller, the first part))
 *
 * A token is evidence, never a permission: one that does not verify counts as no evidence at all.
 */

import { hash, timingSafeEqual } from 'node:crypto'
import type { NoticeClaims } from '../../consent/link.ts'
import { type ControllerSecrets, hmac } from '../derived-keys.ts'

/** How long after its issue a decision counts as made on the text that the token names. */
export const noticeLifetimeMs = 24 * 3600 * 1000
/** Longer than any token of ours. */
const maxNoticeTokenLength = 1024

export interface ServedNotice {
  readonly controller: string
  readonly site: string
  readonly policyId: string
  readonly version: string
  readonly locale: string
  readonly textSha256: string
  /** Milliseconds since 1970. */
  readonly issuedAtMs: number
  /** Binding to the credential that came with the fetch, see `bindingOf`. */
  readonly subject?: string
}

/** Names a subject in a token by a hash over its identity within the controller. */
export function subjectBinding(controller: string, identity: { readonly type: string; readonly id: string }): string {
  return hash('sha256', JSON.stringify(['notice-v1', controller, identity.type, identity.id]), 'base64url')
}

export function issueNoticeToken({ noticeKey }: Pick<ControllerSecrets, 'noticeKey'>, served: ServedNotice): string {
  const body = Buffer.from(JSON.stringify(served)).toString('base64url')
  return `${body}.${hmac(noticeKey, body).toString('base64url')}`
}

/** The claims of a token made by this ledger for this controller and site; `undefined` for anything else. */
export function openNoticeToken(
  { noticeKey, earlierNoticeKeys }: Pick<ControllerSecrets, 'noticeKey' | 'earlierNoticeKeys'>,
  token: string,
  expected: { readonly controller: string; readonly site: string; readonly subject: string },
): NoticeClaims | undefined {
  if (token.length > maxNoticeTokenLength) return undefined
  const [body, mac, ...more] = token.split('.')
  if (body === undefined || mac === undefined || more.length > 0) return undefined
  const given = Buffer.from(mac, 'base64url')
  const by = [{ key: noticeKey, issuedUntilMs: Number.POSITIVE_INFINITY }, ...earlierNoticeKeys].find(({ key }) => {
    const made = hmac(key, body)
    return given.length === made.length && timingSafeEqual(given, made)
  })
  if (by === undefined) return undefined
  const served = JSON.parse(Buffer.from(body, 'base64url').toString()) as ServedNotice
  if (served.issuedAtMs > by.issuedUntilMs) return undefined
  if (served.controller !== expected.controller || served.site !== expected.site) return undefined
  return {
    policyId: served.policyId,
    version: served.version,
    locale: served.locale,
    textSha256: served.textSha256,
    issuedAt: new Date(served.issuedAtMs).toISOString(),
    expiresAt: new Date(served.issuedAtMs + noticeLifetimeMs).toISOString(),
    servedTo:
      served.subject === undefined
        ? 'unbound'
        : served.subject === expected.subject
          ? 'this-subject'
          : 'another-subject',
  }
}
