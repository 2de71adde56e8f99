/** Pages, with everything escaped that is put into them. */

export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export function html(parts: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  const put = (value: string | Html | undefined) => (value instanceof Html ? value.text : escaped(value ?? ''))
  return new Html(parts.map((part, i) => part + put(values[i])).join(''))
}

export function page(title: string, body: Html = html``): string {
  return html`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`.text
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
