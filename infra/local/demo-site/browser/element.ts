/** Makes elements; text becomes text nodes, whoever wrote it. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children)
  return made
}

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
