/**
 * Links that go to one mailbox. What is in a link is encrypted and authenticated (JWE) with a key that only this server has: nobody
 * can make one, and who reads an access log learns no address. A link is for one thing, named as its audience.
 */
import 'server-only'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { setting } from './settings'

export type LinkUse = 'confirm' | 'unsubscribe'

export interface MailLink {
  readonly email: string
  /** Id of the event that following the link records, so the link works once. */
  readonly eventId: string
}

export async function makeToken(use: LinkUse, { email, eventId }: MailLink, lifetime?: string): Promise<string> {
  const token = new EncryptJWT()
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setAudience(`newsletter-${use}`)
    .setSubject(email)
    .setJti(eventId)
    .setIssuedAt()
  return (lifetime === undefined ? token : token.setExpirationTime(lifetime)).encrypt(key())
}

/** `undefined` for what we did not make, made for something else, or made too long ago. */
export async function openToken(use: LinkUse, token: unknown): Promise<MailLink | undefined> {
  try {
    const { payload } = await jwtDecrypt(String(token), key(), { audience: `newsletter-${use}` })
    return { email: String(payload.sub), eventId: String(payload.jti) }
  } catch {
    return undefined
  }
}

function key(): Uint8Array {
  return Buffer.from(setting('MAIL_LINK_KEY'), 'base64')
}
