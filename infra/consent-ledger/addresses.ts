/**
 * Refuses at synthesis what a deployment would accept and nobody could repair or reach afterwards: a host that is no DNS name, which every
 * log would keep for ever, and an address that callers cannot use. A value that is known only at deployment is not checked.
 */
import { Arn, ArnFormat, Token } from 'aws-cdk-lib'
import type { Domain } from './api.ts'
import type { LedgerStores } from './stores.ts'

/** How a ledger is reached: props of `ConsentLedger`. */
export interface Addresses {
  readonly isBehindEdge?: boolean
  readonly domain?: Domain
  readonly publicUrl?: string
  readonly stores?: LedgerStores
}

/**
 * The host is the first part of every log's origin, and the name of a key, which can have no space and no plus
 * (https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note). @throws Error for users
 */
export function checkHost(host: string): void {
  if (
    Token.isUnresolved(host) ||
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(host)
  )
    return
  throw new Error(
    `host: ${host} is no DNS name in small letters, like consent.example.com; every log has it for ever, without https:// and without a path`,
  )
}

/** Paths of routes, which begin with a slash, are appended to it. @throws Error for users */
export function checkPublicUrl(url: string | undefined): void {
  if (url === undefined || Token.isUnresolved(url) || /^https:\/\/[^\s/?#]+(\/[^\s/?#]+)*$/.test(url)) return
  throw new Error(`publicUrl: ${url} is not https://… without a slash at the end, like https://consent.example.com`)
}

/** The API's own domain is in public DNS and in certificate transparency logs: only mutual TLS keeps callers to the web ACL in front. */
export function checkEdge({ isBehindEdge, domain, publicUrl, stores }: Addresses): void {
  if (!isBehindEdge) {
    if (domain?.truststore === undefined) return
    throw new Error(
      'domain.truststore: only CloudFront has the client certificate, and every event would have its address instead of the caller’s; set isBehindEdge',
    )
  }
  if (domain?.truststore === undefined)
    throw new Error(
      'isBehindEdge: callers could bypass the web ACL by the API’s own domain; give domain.truststore, the authority of the client certificate that LedgerEdge presents',
    )
  if (publicUrl === undefined)
    throw new Error(
      'isBehindEdge: give publicUrl, the address of LedgerEdge: the API’s own domain, which outputs and log policies would name, refuses callers',
    )
  if (!stores?.isReadByEdge)
    throw new Error(
      'isBehindEdge: LedgerEdge could not read the buckets, and would answer 403 for tiles and texts; pass stores, a LedgerStores with readByEdge, and with the bucketPrefix that is in the names that LedgerEdge has',
    )
}

/** @param region of the API, which takes a certificate of its own region only. @throws Error for users */
export function checkCertificate(domain: Domain | undefined, region: string): void {
  if (domain === undefined || Token.isUnresolved(domain.certificateArn) || Token.isUnresolved(region)) return
  const certified = Arn.split(domain.certificateArn, ArnFormat.SLASH_RESOURCE_NAME).region
  if (certified === region) return
  throw new Error(
    `domain.certificateArn: the certificate is in ${certified}, and the API, in ${region}, takes one of ${region}`,
  )
}
