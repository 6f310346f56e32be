/** How one kind of event is translated; `from` gives the fields in core's words, for core's schema to judge. */
export interface EventRow<E, Value> {
  readonly to: (event: E) => Value;
  readonly from: (value: Value) => object;
}

/** One row for every kind of event there is, by its name, which is the same in core and on the wire. */
export type EventRows<
  E extends { readonly type: string },
  Body extends { readonly $case: string; readonly value: unknown },
> = {
  readonly [K in E['type']]: EventRow<Extract<E, { type: K }>, Extract<Body, { $case: K }>['value']>;
};

/** For events whose fields are the same on both sides. */
export const same = { to: <T>(event: T): T => event, from: <T extends object>(value: T): T => value };

/** Translates by a table; which row fits which event is known to the table's type, not to this function's. */
export function byTable<
  E extends { readonly type: string },
  Body extends { readonly $case: string; readonly value: unknown },
>(rows: EventRows<E, Body>) {
  const row = (type: string): EventRow<unknown, unknown> =>
    (rows as unknown as Readonly<Record<string, EventRow<unknown, unknown>>>)[type]!;
  return {
    to: (event: E): Body => ({ $case: event.type, value: row(event.type).to(event) }) as unknown as Body,
    from: (body: Body): object => ({ ...row(body.$case).from(body.value), type: body.$case }),
  };
}
