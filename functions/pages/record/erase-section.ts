/** "Erase my data": the person's request and what became of it. It is asked for in two steps, because it cannot be undone. */
import type { ErasureRequests, RecordConsent } from '../../../shared/client/own-record.ts'
import { element } from '../element.ts'
import { type ErasureView, erasureState } from './erasure-state.ts'

export interface EraseSection {
  readonly element: HTMLElement
  /** Fetches the requests again. */
  update(): Promise<void>
}

export function eraseSection(view: ErasureView, client: RecordConsent): EraseSection {
  const { words } = view
  const place = element('div', { class: 'stacked' })
  const status = element('p', { role: 'status', class: 'unseen' })

  const button = (label: string, kind: string, click: () => void) =>
    element('button', { type: 'button', class: `answer ${kind}`, click }, label)

  function offer(): HTMLElement {
    const asking = button(words.askErasure, 'quiet', () => {
      const no = button(words.eraseNo, 'quiet', () => {
        question.replaceWith(asking)
        asking.focus()
      })
      const question = element(
        'div',
        { class: 'notice stacked', role: 'group', 'aria-label': words.askErasure },
        element('p', {}, words.eraseSure),
        element('div', { class: 'keep' }, no, button(words.eraseYes, '', ask)),
      )
      asking.replaceWith(question)
      no.focus()
    })
    return asking
  }

  async function ask(): Promise<void> {
    const answer = await client.askErasure()
    if (answer === undefined) return
    show(answer)
    if (answer.requests.length > 0) status.textContent = words.asked
    else if (!answer.isDone) place.replaceChildren(element('p', {}, words.nothingToErase))
  }

  function show({ requests, isDone }: ErasureRequests): void {
    const last = requests.at(-1)
    if (isDone) place.replaceChildren(element('p', { class: 'notice' }, words.eraseDone))
    else if (last === undefined) place.replaceChildren(element('p', {}, words.eraseIntroduction), offer())
    else {
      place.replaceChildren(element('div', { class: 'notice stacked' }, erasureState(view, last)))
      if (last.state === 'refused') place.append(offer())
    }
  }

  return {
    element: element('div', { class: 'stacked erase' }, element('h3', {}, words.erase), status, place),
    async update() {
      const answer = await client.erasureRequests()
      if (answer !== undefined) show(answer)
    },
  }
}
