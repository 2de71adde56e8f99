/** Whether a sentence has words of English outside of what it quotes from a file, and of its slots. */
export function isEnglish(sentence: string): boolean {
  return /\b(the|of|is|has|event|and|that|by|not|with|which|from)\b/.test(sentence.replaceAll(/"[^"]*"|\{[^}]*\}/g, ''))
}
