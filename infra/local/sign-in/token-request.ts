/** Exchanges an authorization code for tokens (RFC 6749, section 4.1.3): once, within a minute, and only by whom the code was made for. */
import { hash } from 'node:crypto'
import type { DevelopmentIssuer } from '../development-issuer.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { repeatedIn } from './form.ts'
import type { SingleUse } from './single-use.ts'

/** What a person agreed to. */
export interface Authorization {
  readonly request: AuthorizationRequest
  readonly subject: string
  readonly scopes: readonly string[]
}

export interface TokenAnswer {
  readonly statusCode: number
  readonly body: Readonly<Record<string, unknown>>
}

const lifetimeSeconds = 3600
/** RFC 7636, section 4.1. */
const verifier = /^[A-Za-z0-9._~-]{43,128}$/

/** A code that was presented is used up, whatever else was wrong, so that nobody can try verifiers. */
export async function exchangeCode(
  given: URLSearchParams | undefined,
  codes: SingleUse<Authorization>,
  issuer: DevelopmentIssuer,
): Promise<TokenAnswer> {
  if (given === undefined) return refused('invalid_request', 'send the parameters as application/x-www-form-urlencoded')
  const repeated = repeatedIn(given)
  if (repeated !== undefined) return refused('invalid_request', `${repeated.slice(0, 40)} is there twice`)
  if (given.get('grant_type') !== 'authorization_code')
    return refused('unsupported_grant_type', 'grant_type is authorization_code')
  const authorization = codes.take(given.get('code') ?? '')
  if (authorization === undefined)
    return refused('invalid_grant', 'the code was used, is older than a minute, or never was')
  const { request, subject, scopes } = authorization
  if (given.get('client_id') !== request.clientId) return refused('invalid_client', 'the code is for another client')
  if (given.get('redirect_uri') !== request.redirectUri)
    return refused('invalid_grant', 'redirect_uri is not that of the authorization request')
  const codeVerifier = given.get('code_verifier') ?? ''
  if (!verifier.test(codeVerifier) || hash('sha256', codeVerifier, 'base64url') !== request.codeChallenge)
    return refused('invalid_grant', 'code_verifier does not go with the code_challenge')
  if ((given.get('resource') ?? request.audience) !== request.audience)
    return refused('invalid_target', 'the code is for another resource')
  const scope = [...(request.isOpenId ? ['openid'] : []), ...scopes].join(' ')
  const { audience, clientId, nonce } = request
  const token = await issuer.token({ audience, subject, scope: scopes.join(' '), lifetimeSeconds })
  const idToken = request.isOpenId ? await issuer.idToken({ clientId, subject, nonce, lifetimeSeconds }) : undefined
  return {
    statusCode: 200,
    body: {
      ...{ access_token: token, token_type: 'Bearer', expires_in: lifetimeSeconds, scope },
      ...(idToken !== undefined && { id_token: idToken }),
    },
  }
}

function refused(error: string, description: string): TokenAnswer {
  return { statusCode: 400, body: { error, error_description: description } }
}
