/**
 * Links that go to one mailbox. What is in a link is encrypted and authenticated (JWE) with a key that only this server has: nobody
 * can make one, and who reads an access log learns no address. A link is for one thing, named as its audience.
 */
import { EncryptJWT, jwtDecrypt } from 'jose'

export interface MailLinks {
  /** `lifetime` as in `2 days`; without one the link is good for ever. */
  make(use: LinkUse, link: MailLink, lifetime?: string): Promise<string>
  /** `undefined` for what we did not make, made for something else, or made too long ago. */
  open(use: LinkUse, token: unknown): Promise<MailLink | undefined>
}

export type LinkUse = 'confirm' | 'unsubscribe'

export interface MailLink {
  readonly email: string
  /** Id of the event that following the link records, so the link works once. */
  readonly eventId: string
}

/** `key` is 32 random bytes. */
export function mailLinks(key: Uint8Array): MailLinks {
  return {
    make(use, { email, eventId }, lifetime) {
      const token = new EncryptJWT()
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(`newsletter-${use}`)
        .setSubject(email)
        .setJti(eventId)
        .setIssuedAt()
      return (lifetime === undefined ? token : token.setExpirationTime(lifetime)).encrypt(key)
    },

    async open(use, token) {
      try {
        const { payload } = await jwtDecrypt(String(token), key, { audience: `newsletter-${use}` })
        return { email: String(payload.sub), eventId: String(payload.jti) }
      } catch {
        return undefined
      }
    },
  }
}
