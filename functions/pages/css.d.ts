/** A style sheet's text: the bundler has it so. */
declare module '*.css' {
  const text: string
  export default text
}
