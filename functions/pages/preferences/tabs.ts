/**
 * Tabs by the ARIA pattern (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/): one Tab stop for the row, arrow keys move between tabs. A
 * panel is made when it is first shown. Where the row is wider than the window it scrolls sideways, and the chosen tab is always in view.
 */
import { element, newId } from '../element.ts'

export interface Tab {
  readonly label: string | HTMLElement
  readonly panel: () => HTMLElement
}

export function tabs(name: string, all: readonly Tab[]): HTMLElement {
  const panels: (HTMLElement | undefined)[] = []
  const place = element('div')
  const ids = all.map(() => [newId(), newId()] as const)
  const buttons = all.map(({ label }, i) =>
    element(
      'button',
      { type: 'button', role: 'tab', id: ids[i]?.[0], click: () => show(i), keydown: (event) => move(event, i) },
      label,
    ),
  )

  function show(chosen: number): void {
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-selected', `${i === chosen}`)
      button.tabIndex = i === chosen ? 0 : -1
      if (i === chosen) button.setAttribute('aria-controls', ids[i]?.[1] ?? '')
      else button.removeAttribute('aria-controls')
    }
    const [tab, id] = ids[chosen] ?? []
    panels[chosen] ??= element(
      'div',
      { role: 'tabpanel', id, 'aria-labelledby': tab, class: 'panel' },
      all[chosen]?.panel(),
    )
    place.replaceChildren(panels[chosen])
    reveal(row, buttons[chosen])
  }

  function move(event: Event, from: number): void {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -from, End: -1 - from }[(event as KeyboardEvent).key]
    if (step === undefined) return
    event.preventDefault()
    const to = (from + step + all.length) % all.length
    show(to)
    buttons[to]?.focus()
  }

  const row = element('div', { class: 'tabs', role: 'tablist', 'aria-label': name }, buttons)
  if (all.length > 0) show(0)
  return element('div', {}, row, place)
}

/** Scrolls the row only. `scrollIntoView` would move the page too. */
function reveal(row: HTMLElement, tab: HTMLElement | undefined): void {
  if (tab === undefined) return
  const [outer, inner] = [row.getBoundingClientRect(), tab.getBoundingClientRect()]
  const room = (outer.width - inner.width) / 2
  row.scrollLeft += inner.left - outer.left - room
}
