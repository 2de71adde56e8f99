import { type HandlerName, handlerNames } from '../../../shared/api/routes.ts'
import type { Handler } from './options.ts'

/** A handler for every name in the route table. */
export function handlersFor(handlerOf: (name: HandlerName) => Handler): Record<HandlerName, Handler> {
  // The type of `fromEntries` forgets the names.
  return Object.fromEntries(handlerNames.map((name) => [name, handlerOf(name)])) as Record<HandlerName, Handler>
}
