/**
 * Cookie sessions: the account that is logged in, and the notices that a sign-up form showed. The cookie is one of the necessary ones in
 * the cookie policy; a visitor who only reads has none. Sessions are in memory: a restart ends them all, and above ten thousand the oldest
 * ends.
 */
import { randomBytes } from 'node:crypto'

export interface Session {
  readonly id: string
  /** The account that is logged in. */
  account?: string
  /** A sign-up under way: what was shown, and the ids that make sending it twice harmless. */
  signUp?: SignUp
}

export interface SignUp {
  readonly account: string
  readonly eventId: string
  readonly noticeTokens: readonly string[]
  occurredAt?: string
}

export interface Sessions {
  of(cookies: ReadonlyMap<string, string>): Session | undefined
  /** Makes a new session with a new id, so that an id known from before the log-in gives no access after it. */
  begin(content: Omit<Session, 'id'>): Session
  end(session: Session): void
}

export const sessionCookie = 'lj_session'

const maxSessions = 10_000

export function openSessions(): Sessions {
  const sessions = new Map<string, Session>()
  return {
    of: (cookies) => sessions.get(cookies.get(sessionCookie) ?? ''),
    begin(content) {
      const session = { id: randomBytes(18).toString('base64url'), ...content }
      sessions.set(session.id, session)
      const [oldest] = sessions.keys()
      if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest)
      return session
    },
    end: ({ id }) => void sessions.delete(id),
  }
}
