/** What is there of some optional fields: the wire knows fields that are absent, core knows null. */
export type Present<T> = { readonly [K in keyof T]?: NonNullable<T[K]> };

/** Leaves out what is null, so that it is absent on the wire. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<T>;
}
