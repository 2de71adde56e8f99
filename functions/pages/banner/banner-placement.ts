/**
 * Places the banner first in the body, so that the first Tab key reaches it. An empty element at the end of the page leaves room for it,
 * and scroll padding keeps the focused element visible (WCAG 2.4.11). Libraries such as Turbo and pjax replace the body or its content
 * without loading a page; an unanswered banner then moves into the new content. Ending the placement removes the room and the padding.
 */
import { element } from '../element.ts'

/** Limit on moves, so that a page which keeps removing the banner and this code do not loop for ever. */
const maxPlacements = 100

/** CSS property with the banner's height. Removing it collapses the room, also in copies of the page that a library has cached. */
const heightProperty = '--consent-banner-height'

/** Calls `moved` after each move into new content. `signal` ends the placement; the caller removes the banner itself. */
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
    // An element outside the page reports the top of the viewport as its own.
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
