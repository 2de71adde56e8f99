/**
 * Admits a caller by the token alone, where the body names the controller and is not read yet. The token says which controller it is for,
 * because an issuer and an audience belong to one. Nothing that it says counts before it is verified.
 */
import { LedgerError } from '../../shared/errors.ts'
import { controllerClaiming } from '../../shared/ledger/controllers/provider-claims.ts'
import { controllerFor } from './access.ts'
import { type Call, header } from './call.ts'
import { statedProviders } from './tokens.ts'

/** @throws `unauthenticated`, `token-expired` or `forbidden`, unless the token is one of a controller's provider with the scope */
export async function admitByToken(call: Call, scope: string): Promise<void> {
  const token = header(call, 'authorization')?.replace(/^bearer +/i, '') ?? ''
  const { entries } = call.instance.ledger
  const claims = statedProviders(token).map((provider) => controllerClaiming(entries, provider))
  const controller = (await Promise.all(claims)).find((each) => each !== undefined)
  if (controller === undefined) throw new LedgerError('unauthenticated', 'the token is for no controller')
  await controllerFor(call, controller, scope)
}
