/** As much of a document as the renderer of elements asks for, and the HTML that a browser would write for it. */
import { escapeHtml } from '../../../shared/consent/escape-html.ts'

export class FakeText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export class FakeElement {
  readonly name: string
  readonly attributes: [name: string, value: string][] = []
  children: (FakeElement | FakeText | string)[] = []
  constructor(name: string) {
    this.name = name
  }
  append(...children: (FakeElement | FakeText | string)[]): void {
    this.children.push(...children)
  }
  replaceChildren(): void {
    this.children = []
  }
  setAttribute(name: string, value: string): void {
    this.attributes.push([name, value])
  }
}

export function htmlOf(node: FakeElement | FakeText | string): string {
  if (typeof node === 'string') return escapeHtml(node)
  if (node instanceof FakeText) return escapeHtml(node.text)
  const { name, attributes, children } = node
  const start = `<${name}${attributes.map(([attribute, value]) => ` ${attribute}="${escapeHtml(value)}"`).join('')}>`
  return name === 'br' || name === 'hr' ? start : `${start}${children.map(htmlOf).join('')}</${name}>`
}
