/**
 * Descriptions of the OpenAPI document as text and code, instead of Swagger UI's Markdown. That one parses HTML, which the page's content
 * security policy forbids (Trusted Types); the document has no other Markdown than code.
 */
import type { Plugin } from 'swagger-ui-dist/swagger-ui-es-bundle.js'

export const plainDescriptions: Plugin = ({ React }) => ({
  wrapComponents: {
    Markdown:
      () =>
      ({ source }: { readonly source?: string }) =>
        source === undefined || source === ''
          ? null
          : React.createElement(
              'div',
              { className: 'markdown' },
              React.createElement(
                'p',
                null,
                ...piecesOf(source).map(({ text, isCode }) =>
                  isCode ? React.createElement('code', null, text) : text,
                ),
              ),
            ),
  },
})

/** A text as its pieces within and without backticks. */
export function piecesOf(source: string): { readonly text: string; readonly isCode: boolean }[] {
  return source
    .split(/(`[^`]+`)/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const isCode = /^`[^`]+`$/.test(piece)
      return { text: isCode ? piece.slice(1, -1) : piece, isCode }
    })
}
