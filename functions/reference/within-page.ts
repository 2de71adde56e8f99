/**
 * Parts of Swagger UI that do not fit the page: its title, which the page has itself; and the links in the buttons that open a route, because a
 * control within a control cannot be reached by every assistive technology. The address still follows the route that is open.
 */
import type { Plugin } from 'swagger-ui-dist/swagger-ui-es-bundle.js'

export const withinPage: Plugin = ({ React }) => ({
  wrapComponents: {
    InfoContainer: () => () => null,
    DeepLink:
      () =>
      ({ text }: { readonly text: unknown }) =>
        React.createElement('span', null, text),
  },
})
