/** The package has no types. */
declare module 'klaro' {
  export function getManager(config: unknown): import('../../../../shared/client/adapters/klaro.ts').KlaroManager
  export function render(config: unknown): void
  export function show(config: unknown, isModal?: boolean): void
}
