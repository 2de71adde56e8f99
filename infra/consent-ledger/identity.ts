/**
 * Identity providers: somebody's own, or a user pool made here for those who have none. The pool knows machines only (client
 * credentials): a resource server for the ledger's administration, and one for each controller, whose identifier is the audience of
 * its tokens (a Cognito token names no other: `functions/http/tokens.ts`).
 */
import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib'
import {
  FeaturePlan,
  type IUserPool,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'

/** As a controller's record has it, and the ledger's own (`shared/consent/controller.ts`). */
export interface Issuer {
  /** `iss` of its tokens. */
  readonly issuer: string
  readonly audience: string
  /** @default the one that `<issuer>/.well-known/openid-configuration` names, at run time */
  readonly jwksUri?: string
  /** Public keys, where they are not served. */
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] }
}

/** @throws Error for users, when nothing leads to the keys of the issuer, so that its tokens could never be verified */
export function checkIssuer(name: string, { issuer, jwks, jwksUri }: Issuer): void {
  if (jwks !== undefined || jwksUri !== undefined || Token.isUnresolved(issuer) || /^https:\/\//.test(issuer)) return
  throw new Error(
    `${name}: nothing leads from the issuer ${issuer} to its keys, since it is no https address: give jwksUri, or the public keys as jwks`,
  )
}

/** A user pool that exists, with the identifier of a resource server that has the scope `ledger.admin`. */
export function issuerOf(pool: IUserPool, resourceServer: string): Issuer {
  const { region, urlSuffix } = Stack.of(pool)
  const issuer = `https://cognito-idp.${region}.${urlSuffix}/${pool.userPoolId}`
  return { issuer, audience: resourceServer, jwksUri: `${issuer}/.well-known/jwks.json` }
}

export interface LedgerUserPoolProps {
  /** Before `.auth.<region>.amazoncognito.com`: where tokens are asked for; unique in the region. */
  readonly domainPrefix: string
  /** Ids of controllers that get a client of their own. @default none */
  readonly controllers?: readonly string[]
  /** @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy
  /** Cognito then refuses to delete the pool, even for CloudFormation: set it once the first deployment has succeeded. @default false */
  readonly deletionProtection?: boolean
}

const ledgerResourceServer = 'consent-ledger'
const controllerScopes = ['consent.admin', 'consent.audit', 'consent.write', 'consent.import', 'consent.erase']

export class LedgerUserPool extends Construct {
  readonly pool: UserPool
  readonly domain: UserPoolDomain
  /** By resource server: `consent-ledger` for the ledger's administration, `consent-ledger/<controller>` for each controller. */
  readonly clients: ReadonlyMap<string, UserPoolClient>

  constructor(scope: Construct, id: string, props: LedgerUserPoolProps) {
    super(scope, id)
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: props.deletionProtection ?? false,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    })
    for (const [rule, reason] of [
      ['AwsSolutions-COG1', 'It has no people and so no passwords: machines sign in by client credentials.'],
      ['AwsSolutions-COG2', 'It has no people who could be asked for a second factor.'],
      ['AwsSolutions-COG3', 'Threat protection is about people who sign in; there are none.'],
      ['AwsSolutions-COG8', 'Essentials is the plan that machine clients need; Plus adds the protection of people.'],
    ] as const)
      acknowledge(this.pool, rule, reason)
    this.domain = this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: props.domainPrefix } })
    const clients = new Map([[ledgerResourceServer, this.client('Ledger', ledgerResourceServer, ['ledger.admin'])]])
    for (const controller of props.controllers ?? []) {
      const identifier = `${ledgerResourceServer}/${controller}`
      clients.set(identifier, this.client(`Controller-${controller}`, identifier, controllerScopes))
    }
    this.clients = clients
  }

  get issuer(): Issuer {
    return issuerOf(this.pool, ledgerResourceServer)
  }

  private client(id: string, identifier: string, scopeNames: readonly string[]): UserPoolClient {
    const scopes = scopeNames.map((scopeName) => new ResourceServerScope({ scopeName, scopeDescription: scopeName }))
    const server = this.pool.addResourceServer(`${id}Scopes`, {
      identifier,
      userPoolResourceServerName: identifier.replace('/', '-'),
      scopes,
    })
    return this.pool.addClient(id, {
      generateSecret: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: scopes.map((scope) => OAuthScope.resourceServer(server, scope)),
      },
    })
  }
}
