/** Makes elements. Every string becomes a text node; these pages parse nothing as HTML. */

export type Child = Node | string | undefined | false | readonly Child[]

type Attribute = string | number | boolean | undefined | ((event: Event) => void)

/** A function is a listener for the event of its name; `true` is an attribute without a value; `false` and `undefined` set nothing. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(attribute, value)
    else if (value !== undefined && value !== false) made.setAttribute(attribute, value === true ? '' : `${value}`)
  }
  append(made, children)
  return made
}

export function append(parent: ParentNode, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false) continue
    if (typeof child === 'string' || child instanceof Node) parent.append(child)
    else append(parent, child)
  }
}

/** Text that only screen readers present. */
export function visuallyHidden(text: string): HTMLElement {
  return element('span', { class: 'unseen' }, text)
}

let made = 0

/** An id that no other element has. */
export function newId(): string {
  made += 1
  return `consent-${made}`
}
