/** Words in the cells of tables that are broken although their cell has room for them. */
import type { Page } from 'playwright-core'

/**
 * A name may be broken after `_`, `-`, `.`, `/`, `@` and `:`, so its parts count as words here.
 *
 * @returns each broken word, with a bar where it is broken
 */
export function brokenWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const broken: string[] = []
    const hosts = [...document.querySelectorAll('consent-banner, consent-preferences')]
    const cells = hosts.flatMap((host) => [...(host.shadowRoot?.querySelectorAll<HTMLElement>('td, th') ?? [])])
    for (const cell of cells) {
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.nodeValue ?? ''
        for (const { index, 0: word } of text.matchAll(/[^\s_\-./@:]+[_\-./@:]*/g)) {
          const range = document.createRange()
          const topOf = (at: number) => {
            range.setStart(node, at)
            range.setEnd(node, at + 1)
            return range.getBoundingClientRect().top
          }
          const at = [...word].findIndex((_, i) => i > 0 && topOf(index + i) > topOf(index + i - 1) + 4)
          if (at > 0 && topOf(index) > 0 && widthOf(word, cell) <= roomIn(cell))
            broken.push(`${word.slice(0, at)}|${word.slice(at)}`)
        }
      }
    }
    return broken

    function widthOf(word: string, cell: HTMLElement): number {
      const copy = document.createElement('span')
      copy.textContent = word
      copy.style.cssText = 'position: absolute; white-space: nowrap'
      cell.append(copy)
      const { width } = copy.getBoundingClientRect()
      copy.remove()
      return width
    }

    /** The row's width without the widths that its other cells need at least. */
    function roomIn(cell: HTMLElement): number {
      const table = cell.closest('table')?.getBoundingClientRect().width ?? 0
      return table / (cell.parentElement?.childElementCount ?? 1) - 12
    }
  })
}
