/**
 * The banner's place: first in the body, so that the first Tab gets there, with room left at the page's end and for what gets the focus
 * (WCAG 2.4.11). Libraries such as Turbo and pjax replace the body, or all that is in it, without a new page; then the banner moves on
 * into what is there. Until it is answered, that is: what is undone at the end is undone in whatever page there then is.
 */
import { element } from './element.ts'

/** A page that takes the banner out again and again gets its way: without an end to it the two would never stop. */
const maxPlacements = 100

/** The banner's height. Without it the room is empty, also in a copy of the page that a library keeps. */
const heightProperty = '--consent-banner-height'

/** `moved` is called when the banner was put into another place. The signal ends it; the banner is then taken out by its owner. */
export function placeBanner(host: HTMLElement, banner: HTMLElement, moved: () => void, signal: AbortSignal): void {
  const room = element('div', { 'aria-hidden': 'true' })
  room.style.height = `var(${heightProperty}, 0)`
  const before = document.documentElement.style.scrollPaddingBottom
  let placements = 0

  function place(): void {
    placements += 1
    for (const kept of document.querySelectorAll(host.localName)) if (kept.shadowRoot === null) kept.remove()
    document.body.prepend(host)
    document.body.append(room)
    leaveRoom()
    swaps.disconnect()
    for (const parent of [document, document.documentElement, document.body]) swaps.observe(parent, { childList: true })
  }

  function leaveRoom(): void {
    const { style } = document.documentElement
    // What is in no page has no place, and its top would be that of the viewport.
    const height = banner.isConnected ? `${innerHeight - banner.getBoundingClientRect().top}px` : undefined
    style.setProperty(heightProperty, height ?? '')
    style.scrollPaddingBottom = height ?? before
  }

  const sizes = new ResizeObserver(leaveRoom)
  const swaps = new MutationObserver(() => {
    if (host.isConnected && room.isConnected) return
    if (document.body === null || placements >= maxPlacements) return leaveRoom()
    place()
    moved()
  })
  place()
  sizes.observe(banner)
  signal.addEventListener('abort', () => {
    sizes.disconnect()
    swaps.disconnect()
    room.remove()
    const { style } = document.documentElement
    style.removeProperty(heightProperty)
    style.scrollPaddingBottom = before
  })
}
