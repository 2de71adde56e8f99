/**
 * Loads a module that makes schemas, after their library was told to write no code (`verify/without-eval.ts`). One import after the other, because
 * the order of chunks that are imported together is the bundler's.
 */
export async function loadChecks<M>(load: () => Promise<M>): Promise<M> {
  await import('../verify/without-eval.ts')
  return load()
}
