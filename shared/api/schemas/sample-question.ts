/** What a random sample of a log is drawn from. A file of its own, because the function that draws loads nothing of the answer's form. */
import * as z from 'zod'
import { id } from './scalars.ts'

const wholeNumber = (max: number) =>
  z.number().refine((n) => Number.isSafeInteger(n) && n >= 1 && n <= max, `a whole number from 1 to ${max}`)

export const sampleInputs = {
  size: wholeNumber(Number.MAX_SAFE_INTEGER).describe(
    'Leaves of a published checkpoint, as `GET /log/{controller}/checkpoints` lists them.',
  ),
  seed: z
    .string()
    .regex(/^(?:[0-9a-f]{2}){16,64}$/, '16 to 64 bytes in lower-case hex')
    .describe('Chosen by the auditor after the checkpoint was signed.'),
  count: wholeNumber(100).describe('How many leaves.'),
}

export const sampleQuestion = z.strictObject({ controller: id, ...sampleInputs }).meta({ id: 'SampleQuestion' })
