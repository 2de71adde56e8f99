/**
 * Moves the focus to the control of a value. What it is folded into is opened first, from the outside in, because folded parts are made when they are
 * opened. A fault of a group leads to the group's first control.
 */
export async function focusOn(pointer: string): Promise<void> {
  const parts = pointer.split('/')
  for (let length = 2; length <= parts.length; length += 1) {
    const within = parts.slice(0, length).join('/')
    for (const folded of document.querySelectorAll<HTMLDetailsElement>(`details[data-pointer="${CSS.escape(within)}"]`))
      if (!folded.open) {
        folded.open = true
        await contentOf(folded)
      }
  }
  const control =
    document.querySelector<HTMLElement>(`[name="${CSS.escape(pointer)}"]`) ??
    document.querySelector<HTMLElement>(`[name^="${CSS.escape(pointer)}/"]`)
  for (let parent = control?.parentElement; parent; parent = parent.parentElement)
    if (parent instanceof HTMLDetailsElement) parent.open = true
  control?.focus()
}

/** Browsers tell of an opening in a task of its own, and the content is made after that. Gives up after a second: there may be none. */
async function contentOf(folded: HTMLDetailsElement): Promise<void> {
  for (let tries = 0; tries < 50 && folded.childElementCount < 2; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
}
