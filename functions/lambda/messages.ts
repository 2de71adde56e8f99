import { createMessagesHandler } from '../jobs/messages.ts'
import { messagesOnAws } from './message-wiring.ts'

export const handler = createMessagesHandler(messagesOnAws())
