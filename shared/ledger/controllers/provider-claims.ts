/**
 * Claims on identity providers. An issuer and an audience belong to the controller that claimed them first, for ever, so the tokens of one
 * controller never speak for another.
 *
 *   PK `#identity-providers`     SK hash of issuer and audience
 */
import { hash } from 'node:crypto'
import type { IdentityProvider } from '../../consent/identity-provider.ts'
import { conforms, id, record } from '../../consent/schema.ts'
import { LedgerError } from '../../errors.ts'
import type { Ledger } from '../ledger.ts'
import { type Key, queryAll, type Table } from '../store.ts'
import { recordIn } from './controller-snapshots.ts'
import { publishOnce } from './publish-once.ts'

/**
 * Partition in which each controller claims its identity provider before it is created, so it names all controllers. Some claims are of
 * controllers that were never created.
 */
export const claimsPk = '#identity-providers'

/** The claim of a controller on the tokens of an issuer for an audience. */
export function claimKey({ issuer, audience }: Pick<IdentityProvider, 'issuer' | 'audience'>): Key {
  return { pk: claimsPk, sk: hash('sha256', JSON.stringify([issuer, audience])) }
}

/** Two controllers never trust the same issuer for the same audience: a token of one would reach the other's data. */
export async function claimIdentityProvider(
  ledger: Ledger,
  controller: string,
  provider: IdentityProvider,
): Promise<void> {
  const { record } = await publishOnce(ledger, claimKey(provider), { controller }, { controller }).catch(refuseShared)
  if (record.controller !== controller) refuseShared()
}

function refuseShared(cause?: unknown): never {
  if (cause !== undefined && !(cause instanceof LedgerError && cause.code === 'already-exists')) throw cause
  throw new LedgerError('already-exists', 'another controller already has this issuer and audience', {
    field: '/identityProvider/audience',
    allowed: 'an audience of its own, e.g. consent-ledger/<controller>',
  })
}

/** The controller that claimed an issuer and an audience first; it may trust others by now. */
export async function controllerClaiming(
  entries: Pick<Table, 'get'>,
  provider: Pick<IdentityProvider, 'issuer' | 'audience'>,
): Promise<string | undefined> {
  const [item] = await entries.get([claimKey(provider)])
  return item && recordIn(item, isClaim)?.controller
}

/**
 * Ids of all controllers, and of some that were never created. Claims that cannot be read are skipped.
 *
 * @param part only those whose claims begin with these hexadecimal digits: claims are named by a hash, so parts are of like size
 */
export async function claimedControllers(entries: Pick<Table, 'query'>, part?: string): Promise<string[]> {
  const controllers = new Set<string>()
  for await (const item of queryAll(entries, claimsPk, part === undefined ? {} : { prefix: part })) {
    const claim = recordIn(item, isClaim)
    if (claim) controllers.add(claim.controller)
  }
  return [...controllers]
}

const claim = record({ controller: id })

function isClaim(value: unknown): value is { readonly controller: string } {
  return conforms(claim, value)
}
