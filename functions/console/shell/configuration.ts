/**
 * `/console/config.json`: the controllers that a reader may sign in for, and where. Written at deployment, and by the server on one machine. It
 * holds nothing secret. Without the endpoints they are discovered at the issuer (OpenID Connect Discovery 1.0).
 */
export interface SignInOption {
  readonly controller: string
  readonly name: string
  readonly issuer: string
  readonly authorizationEndpoint?: string
  readonly tokenEndpoint?: string
  readonly clientId: string
  /** Audience of the controller's tokens, asked for as `resource` (RFC 8707) and as `audience`. */
  readonly audience: string
}

export interface Configuration {
  readonly controllers: readonly SignInOption[]
}

export async function fetchConfiguration(): Promise<Configuration> {
  const answer = await fetch('config.json', { credentials: 'omit' })
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`)
  return (await answer.json()) as Configuration
}
