/** Who is responsible, and the words that the controller has defined. */
import { type Child, element } from '../element.ts'
import { localisedText, type Reader } from '../reader.ts'
import type { Policies } from './public-answers.ts'

export function controllerDetails({ words }: Reader, controller: Policies['controller']): HTMLElement {
  const facts: readonly (readonly [string, string])[] = [
    [words.address, controller.address],
    [words.contact, controller.contact],
    [words.dataProtectionOfficer, controller.dataProtectionOfficer],
    [words.supervisoryAuthority, controller.supervisoryAuthority],
  ]
  return element(
    'details',
    { class: 'who' },
    element('summary', {}, `${words.controller}: ${controller.name}`),
    element(
      'dl',
      {},
      facts.map(([term, said]) => element('div', {}, element('dt', {}, term), element('dd', {}, mailbox(said)))),
    ),
  )
}

/** The controller's definitions of terms; empty when it published none. */
export function glossary(reader: Reader, { glossary: words }: Policies['controller']): HTMLElement[] {
  if (words.length === 0) return []
  const entries = words.map(({ term, meaning }) =>
    element(
      'div',
      {},
      element('dt', {}, localisedText(reader, term)),
      element('dd', {}, localisedText(reader, meaning)),
    ),
  )
  return [
    element('details', { class: 'who' }, element('summary', {}, reader.words.glossary), element('dl', {}, entries)),
  ]
}

function mailbox(text: string): Child {
  return /^[^\s@:/?#]+@[^\s@:/?#]+$/.test(text) ? element('a', { href: `mailto:${text}` }, text) : text
}
