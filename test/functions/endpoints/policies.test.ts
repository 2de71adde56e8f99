import { expect, it } from 'vitest'
import { publicController } from '../../../functions/endpoints/policies.ts'
import { controllerDraft } from '../../support/memory-ledger.ts'

it('answers only with members of a controller that are public, whatever its record holds', () => {
  const { identityProvider: _provider, ipAddress: _mode, ...known } = controllerDraft
  const controller = { ...controllerDraft, createdAt: '2026-11-30T12:00:00.000Z', signingSecret: 'of a later release' }
  expect(publicController({ controller })).toEqual(known)
})
