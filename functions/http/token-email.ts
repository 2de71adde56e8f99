/** The e-mail address of a token's holder (OpenID Connect). A module of its own, because one function only asks for it. */
import { decodeJwt } from 'jose'

/** @param token that was verified before */
export function emailIn(token: string): unknown {
  return decodeJwt(token).email
}
