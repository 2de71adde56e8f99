/** The parts of Swagger UI that the reference uses; the package has no types. https://swagger.io/docs/open-source-tools/swagger-ui/ */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** React's, as a plugin gets it. */
  export interface React {
    createElement(type: string, props: object | null, ...children: readonly unknown[]): unknown
  }

  export interface System {
    readonly React: React
  }

  /** A component by its props. */
  // biome-ignore lint/suspicious/noExplicitAny: each component of Swagger UI has props of its own
  export type Component = (props: any) => unknown

  export type Plugin = (system: System) => {
    readonly wrapComponents: Readonly<Record<string, (original: Component) => Component>>
  }

  interface Configuration {
    readonly dom_id: string
    readonly url: string
    readonly layout: string
    readonly presets: readonly unknown[]
    readonly plugins: readonly Plugin[]
    readonly deepLinking: boolean
    readonly docExpansion: 'list' | 'full' | 'none'
    readonly defaultModelsExpandDepth: number
    readonly syntaxHighlight: { readonly theme: string }
    readonly validatorUrl: null
    readonly queryConfigEnabled: boolean
    readonly persistAuthorization: boolean
  }

  interface SwaggerUi {
    (configuration: Configuration): unknown
    readonly presets: { readonly apis: unknown }
  }

  const SwaggerUi: SwaggerUi
  export default SwaggerUi
}
