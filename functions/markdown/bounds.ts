/**
 * Which texts are parsed. The parser's work grows with the square of some things, so a text may have only so many of them; a policy that
 * people wrote has a tenth of that. At the bounds the worst texts that were found take two to three seconds of one slow core.
 */

/** As long as a text that the ledger publishes may be (`shared/api/schemas/policies.ts`). */
const maxCharacters = 500_000
const maxLines = 10_000
/** Lines without a blank one between them: each that goes on a quote's paragraph without its mark looks at all before it. */
const maxLinesTogether = 1_500
/** Characters that may begin or end something within a paragraph: emphasis, links, code, references. */
const marks = /[*_~[\]!`\\<]/g
const maxMarks = 10_000
/** Marks of lines without a blank one between them: the parser looks back from each to those before it. */
const maxMarksTogether = 3_000
/** Cells of tables. One costs as much as a mark, and a table of five hundred cookies has some four thousand. */
const cells = /\|/g
const maxCells = 10_000
/** A line that makes the one before it a heading. The parser then copies what it has of the paragraph's surroundings. */
const underline = /^[ \t>]*(?:=+|-+)[ \t]*$/
const marksOfUnderline = 6
/** Quotes and list items that one line opens, each in the one before it. */
const maxOpened = 12
const opened = /^(?:[ \t]{0,3}(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))/
/** Columns by which a line is indented, which is how lists nest over several lines. */
const maxIndent = 100

export function isWithinBounds(text: string): boolean {
  if (text.length > maxCharacters) return false
  let lines = 0
  let all = 0
  let together = 0
  let linesTogether = 0
  let allCells = 0
  for (const line of text.split('\n')) {
    lines += 1
    linesTogether += 1
    if (line.trim() === '') together = linesTogether = 0
    const found = underline.test(line) ? marksOfUnderline : (line.match(marks)?.length ?? 0)
    all += found
    together += found
    allCells += line.match(cells)?.length ?? 0
    if (lines > maxLines || linesTogether > maxLinesTogether) return false
    if (all > maxMarks || allCells > maxCells || together > maxMarksTogether || isDeep(line)) return false
  }
  return true
}

function isDeep(line: string): boolean {
  const indent = line.length - line.trimStart().length
  if (indent > maxIndent && indent < line.length) return true
  let rest = line
  for (let depth = 0; depth <= maxOpened; depth += 1) {
    const marker = opened.exec(rest)?.[0]
    if (marker === undefined) return false
    rest = rest.slice(marker.length)
  }
  return true
}
