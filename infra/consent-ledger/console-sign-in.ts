/**
 * Where people sign in to the console, `/console/`, for each controller: what its `config.json` says. It is public, and holds no secret,
 * because the console is a public client (RFC 6749, section 2.1) that proves itself by PKCE (RFC 7636).
 */
import { Token } from 'aws-cdk-lib'

/** How people sign in to the console for a controller. */
export interface ConsoleSignIn {
  /** Id of the controller. */
  readonly controller: string
  /** Its name, for people. */
  readonly name: string
  /** The `iss` claim of its tokens: the issuer of the controller's identity provider. */
  readonly issuer: string
  /**
   * Where the provider asks people to sign in, and exchanges codes for tokens. Needed where the token endpoint has another origin than the
   * issuer, as with Cognito, because the console may call no other. @default found at the issuer, by OpenID Connect Discovery 1.0
   */
  readonly endpoints?: { readonly authorization: string; readonly token: string }
  /** The console as a client of the provider, without a secret. Its redirection URI is the ledger's address and `/console/`. */
  readonly clientId: string
  /** The `aud` claim of its tokens: the audience of the controller's identity provider. */
  readonly audience: string
}

/** Props of `ConsentLedger` about the console. */
export interface ConsoleOptions {
  /**
   * Where people sign in to the console, `/console/`, for each controller. @default nobody signs in: the console then verifies proofs and
   * shows what is public
   */
  readonly console?: readonly ConsoleSignIn[]
}

/** Lambda gives all variables of a function 4 KB together; the function's other variables need the rest. */
const maxBytes = 2_500

/**
 * The console's `config.json`, in the form of `shared/api/schemas/console-config.ts`; a test holds it to that schema.
 *
 * @throws Error for users, when an address is not `https://…`, a controller is there twice, or it is too long for a variable
 */
export function consoleConfigOf(signIns: readonly ConsoleSignIn[]) {
  const seen = new Set<string>()
  for (const { controller, issuer, endpoints } of signIns) {
    if (seen.has(controller))
      throw new Error(`console: ${controller} is there twice, and people could not tell which to use`)
    seen.add(controller)
    const addresses = endpoints ? [endpoints.authorization, endpoints.token] : [issuer]
    const wrong = addresses.find((each) => !Token.isUnresolved(each) && !/^https:\/\/[^\s;,]+$/.test(each))
    if (wrong !== undefined)
      throw new Error(
        `console: ${controller} has ${wrong}, at which nobody can sign in: give an address like https://login.example.com`,
      )
  }
  const controllers = signIns.map(({ endpoints, ...rest }) => ({
    ...rest,
    ...(endpoints && { authorizationEndpoint: endpoints.authorization, tokenEndpoint: endpoints.token }),
  }))
  const bytes = Buffer.byteLength(JSON.stringify({ controllers }))
  if (bytes > maxBytes)
    throw new Error(
      `console: what it says of ${signIns.length} controllers takes ${bytes} bytes of ${maxBytes}; leave out endpoints that can be discovered, or some controllers`,
    )
  return { controllers }
}
