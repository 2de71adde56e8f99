/** The buttons of the site's own pages. */
import { element } from '../../../../functions/pages/element.ts'

/** A click counts once until what it does is done. */
export function button(label: string, name: string, act: () => Promise<void>): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'quiet', 'aria-label': `${label}: ${name}` }, label)
  made.addEventListener('click', async () => {
    made.disabled = true
    await act().finally(() => {
      made.disabled = false
    })
  })
  return made
}
