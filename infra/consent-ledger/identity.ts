/**
 * Identity providers: an existing one, or a Cognito user pool made here. The pool has no people, only machines that sign in by client
 * credentials (RFC 6749, section 4.4). It has one resource server for the ledger's administration and one for each controller; the
 * identifier of a resource server is the audience, because tokens of Cognito name no other (`functions/http/tokens.ts`).
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
import { refuseRetain } from './retention.ts'

/** An identity provider, in the form in which a controller's record has it too (`shared/consent/controller.ts`). */
export interface Issuer {
  /** The `iss` claim of its tokens. */
  readonly issuer: string
  /** The `aud` claim that tokens for this ledger must have. */
  readonly audience: string
  /**
   * Address of its public keys (JWK Set, RFC 7517).
   * @default `jwks_uri` of `<issuer>/.well-known/openid-configuration`, which the functions fetch
   */
  readonly jwksUri?: string
  /** The public keys themselves, where no address serves them. A new key then needs a deployment. @default none */
  readonly jwks?: { readonly keys: readonly Record<string, unknown>[] }
}

/** @throws Error for users, when nothing leads to the keys of the issuer, so that its tokens could never be verified */
export function checkIssuer(name: string, { issuer, jwks, jwksUri }: Issuer): void {
  if (jwks !== undefined || jwksUri !== undefined || Token.isUnresolved(issuer) || /^https:\/\//.test(issuer)) return
  throw new Error(
    `${name}: nothing leads from the issuer ${issuer} to its keys, since it is no https address: give jwksUri, or the public keys as jwks`,
  )
}

/**
 * The `Issuer` of an existing Cognito user pool.
 *
 * @param resourceServer identifier of a resource server that has the scope `ledger.admin`: the audience of its tokens
 *
 * @param pool the user pool that issues the tokens
 * @returns the issuer, for the construct's props
 * @example
 * const users = new LedgerUserPool(stack, 'Users', { domainPrefix: 'acme-consent' })
 * new ConsentLedger(stack, 'Consent', {
 *   host: 'consent.example.com',
 *   administrators: issuerOf(users.pool, 'consent-ledger'),
 * })
 */
export function issuerOf(pool: IUserPool, resourceServer: string): Issuer {
  const { region, urlSuffix } = Stack.of(pool)
  const issuer = `https://cognito-idp.${region}.${urlSuffix}/${pool.userPoolId}`
  return { issuer, audience: resourceServer, jwksUri: `${issuer}/.well-known/jwks.json` }
}

/** A user pool for ledgers that have no identity provider. */
export interface LedgerUserPoolProps {
  /** First label of the address at which tokens are requested, `<prefix>.auth.<region>.amazoncognito.com`. Unique in the region. */
  readonly domainPrefix: string
  /** Ids of controllers that get a resource server and a client, with all scopes of a controller. @default none */
  readonly controllers?: readonly string[]
  /** What happens to the pool when its stack is deleted. Without it all tokens are invalid. @default RemovalPolicy.DESTROY */
  readonly removalPolicy?: RemovalPolicy
  /**
   * Cognito then refuses to delete the pool, even for CloudFormation, which could not roll back a first deployment: set it once that has
   * succeeded. @default false
   */
  readonly deletionProtection?: boolean
}

const ledgerResourceServer = 'consent-ledger'
const controllerScopes = [
  'consent.admin',
  'consent.audit',
  'consent.write',
  'consent.import',
  'consent.erase',
  'consent.hold',
  'consent.mandate',
  'consent.check',
  'consent.statistics',
  'consent.export',
  'consent.export.clear',
]

/**
 * A Cognito user pool whose clients are machines: one for the ledger's administration (scope `ledger.admin`) and one for each controller
 * (`consent.admin`, `consent.audit`, `consent.write`, `consent.import`, `consent.erase`, `consent.hold`,
 * `consent.mandate`, `consent.check`, `consent.statistics`, `consent.export`, `consent.export.clear`).
 *
 * @example
 * const users = new LedgerUserPool(stack, 'Users', { domainPrefix: 'acme-consent', controllers: ['acme'] })
 * new ConsentLedger(stack, 'Consent', { host: 'consent.example.com', administrators: users.issuer })
 */
export class LedgerUserPool extends Construct {
  /** The user pool. */
  readonly pool: UserPool
  /** Where clients request tokens. */
  readonly domain: UserPoolDomain
  /** Clients by resource server: `consent-ledger` for the administration, `consent-ledger/<controller>` for each controller. */
  readonly clients: ReadonlyMap<string, UserPoolClient>

  constructor(scope: Construct, id: string, props: LedgerUserPoolProps) {
    super(scope, id)
    refuseRetain(props.removalPolicy)
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

  /** The pool as `ConsentLedgerProps.administrators`. */
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
