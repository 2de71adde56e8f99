/**
 * Schemas that pages load later interpret their rules. Otherwise the library would try to write code for them, which the content security policy
 * forbids and the browser reports. Imported first, because the library reads this when a schema is made.
 */
import { config } from 'zod/v4/core'

config({ jitless: true })
