/** A person by an identifier of the controller's, as servers, auditors and erasures name them. */
import * as z from 'zod'
import { id } from './scalars.ts'

export const identifier = z
  .strictObject({
    type: id
      .refine((type) => type !== 'reader', 'any type but reader, which names auditors')
      .refine((type) => type !== 'linked', 'any type but linked, by which proofs name linked subjects'),
    id: z.string().min(1).max(256),
  })
  .meta({ id: 'Identifier', example: { type: 'email', id: 'kim@example.org' } })
