/** Who is signed in: a cookie that only this server can make. A shop with more to it has sessions of its own here. */
import 'server-only'
import { jwtVerify, SignJWT } from 'jose'
import { cookies } from 'next/headers'
import { setting } from './settings'

const cookie = 'session'
const audience = 'session'

export async function currentAccount(): Promise<string | undefined> {
  const token = (await cookies()).get(cookie)?.value ?? ''
  const verified = await jwtVerify(token, key(), { audience }).catch(() => undefined)
  return verified?.payload.sub
}

export async function beginSession(account: string): Promise<void> {
  const token = new SignJWT().setProtectedHeader({ alg: 'HS256' }).setAudience(audience).setSubject(account)
  const value = await token.setExpirationTime('12 hours').sign(key())
  const jar = await cookies()
  jar.set(cookie, value, { httpOnly: true, secure: true, sameSite: 'lax' })
}

function key(): Uint8Array {
  return Buffer.from(setting('SESSION_KEY'), 'base64')
}
