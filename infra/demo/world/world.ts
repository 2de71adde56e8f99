/**
 * The demo world: two invented controllers and all that they publish, from 2024 to what is scheduled for 2027. Start, demo,
 * tests and bench seed a ledger with it by setting the clock to each `publishedAt`, in order. People are in `people.ts`.
 */

import type { WorldController } from './draft.ts'
import { ljungsten } from './ljungsten/ljungsten.ts'
import { tallmo } from './tallmo/tallmo.ts'

export type { PresentationDraft, VersionDraft } from '../../../shared/consent/publication.ts'
export type { SiteDraft } from '../../../shared/consent/site.ts'
export type { ControllerDraft, WorldController } from './draft.ts'

export const world: { ljungsten: WorldController; tallmo: WorldController } = { ljungsten, tallmo }
