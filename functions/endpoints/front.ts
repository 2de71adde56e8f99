/**
 * The front page, `/`: a page for people, JSON for programs.
 *
 * It names only the controllers that the operator has made public, because the list of all would be the operator's list of customers. That a
 * controller is here can be asked by its id; who else is here cannot.
 */
import { type Call, type Endpoint, header } from '../http/call.ts'
import { prefersJson } from '../http/media-type.ts'
import { frontPage, type NamedController } from '../public/front-page.ts'
import { languageOfReader, pageAnswer, taggedAnswer } from '../public/page-answer.ts'

const cached = { 'cache-control': 'public, max-age=300' }

/** Addresses from the root. Those with `{controller}` exist for each controller. */
const places = {
  ...{ console: '/console/', reference: '/reference', openapi: '/openapi.json' },
  ...{
    policies: '/policies/{controller}',
    checkpoint: '/log/{controller}/checkpoint',
    keys: '/log/{controller}/policy',
  },
}

/** @param controllersOf the controllers that the ledger's operator has made public */
export function frontEndpoints(controllersOf: (call: Call) => Promise<readonly NamedController[]>) {
  return {
    async getFront(call) {
      const controllers = (await controllersOf(call)).map(({ controller, name }) => ({ controller, name }))
      if (prefersJson(header(call, 'accept'))) {
        const text = JSON.stringify({ name: 'consent-ledger', places, controllers })
        return taggedAnswer(call, text, {
          'content-type': 'application/json',
          vary: 'accept, accept-language',
          ...cached,
        })
      }
      const language = languageOfReader(call)
      return pageAnswer(call, frontPage(language, controllers), language, cached)
    },
  } satisfies Record<string, Endpoint>
}
