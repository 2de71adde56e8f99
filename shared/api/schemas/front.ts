/** What the front page answers to programs. */
import * as z from 'zod'
import { id } from './scalars.ts'

export const front = z
  .strictObject({
    name: z.literal('consent-ledger'),
    places: z.record(z.string(), z.string()).describe('Paths from the root; `{controller}` stands for an id.'),
    controllers: z
      .array(z.strictObject({ controller: id, name: z.string() }))
      .describe('Those that the operator has made public.'),
  })
  .meta({ id: 'Front' })
