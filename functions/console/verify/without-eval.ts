/**
 * Keeps zod from compiling its checks into functions, which the content security policy of the page forbids and reports each time. Imported
 * before the first schema is made, because zod decides then.
 */
import { config } from 'zod'

config({ jitless: true })
