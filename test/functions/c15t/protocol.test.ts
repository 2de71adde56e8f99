/** The one prefix by which the chain distinguishes c15t's paths from the ledger's own covers c15t's routes and no other. */
import { expect, it } from 'vitest'
import { c15tProtocol } from '../../../functions/c15t/protocol.ts'
import { c15tRoutes } from '../../../functions/c15t/routes.ts'
import { protocolOf } from '../../../functions/protocols.ts'
import { routes } from '../../../functions/served-routes.ts'

it('is found by the paths of its routes, known or not', () => {
  const found = routes.filter(({ path }) => protocolOf(path) === c15tProtocol).map(({ id }) => id)
  expect(found).toEqual(c15tRoutes.map(({ id }) => id))
  expect(protocolOf('/c15t/site_key/nothing')).toBe(c15tProtocol)
  expect(protocolOf('/v1/events')).toBeUndefined()
})
