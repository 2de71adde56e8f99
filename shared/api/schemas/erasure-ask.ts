/** The body with which a person asks to be erased. */
import * as z from 'zod'

/** `scope` is what there is to erase; an empty object asks for the same. It takes no text, which would outlive the person's keys. */
export const erasureAsk = z
  .strictObject({ scope: z.literal('subject').default('subject') })
  .meta({ id: 'ErasureAsk', example: { scope: 'subject' } })
