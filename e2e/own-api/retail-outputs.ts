import type { Json, JsonSchema } from '@praxis/core';
import type { Operation } from './openapi-skills.js';

const text: Json = { type: 'string' };
const texts: Json = { type: 'array', items: text };
const number: Json = { type: 'number' };
const orNull = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] });
const object = (properties: Readonly<Record<string, Json>>, optional: Readonly<Record<string, Json>> = {}): Json => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});
const mapOf = (schema: Json): Json => ({ type: 'object', additionalProperties: schema });
const listOf = (schema: Json): Json => ({ type: 'array', items: schema });

const address = object({ address1: text, address2: text, city: text, country: text, state: text, zip: text });
const options = mapOf(text);
const method = (source: string, more: Readonly<Record<string, Json>>): Json =>
  object({ source: { const: source }, id: text, ...more });

/** What the shop's answers look like: its document names these four schemas, and does not hold them. */
const $defs: Readonly<Record<string, Json>> = {
  Variant: object({ item_id: text, options, available: { type: 'boolean' }, price: number }),
  Product: object({ name: text, product_id: text, variants: mapOf({ $ref: '#/$defs/Variant' }) }),
  User: object({
    ...{ user_id: text, email: { type: 'string', format: 'email' }, address, orders: texts },
    name: object({ first_name: text, last_name: text }),
    payment_methods: mapOf({
      oneOf: [
        method('credit_card', { brand: text, last_four: { type: 'string', pattern: '^[0-9]{4}$' } }),
        method('gift_card', { balance: number }),
        method('paypal', {}),
      ],
    }),
  }),
  Order: object(
    {
      ...{ order_id: { type: 'string', pattern: '^#W[0-9]+$' }, user_id: text, address },
      items: listOf(object({ name: text, product_id: text, item_id: text, price: number, options })),
      status: {
        enum: [
          'processed',
          'delivered',
          'pending',
          'pending (item modified)',
          'cancelled',
          'exchange requested',
          'return requested',
        ],
      },
      fulfillments: listOf(object({ tracking_id: texts, item_ids: texts })),
      payment_history: listOf(
        object({ transaction_type: { enum: ['payment', 'refund'] }, amount: number, payment_method_id: text }),
      ),
    },
    {
      cancel_reason: orNull({ enum: ['no longer needed', 'ordered by mistake'] }),
      ...{ exchange_items: orNull(texts), exchange_new_items: orNull(texts), return_items: orNull(texts) },
      ...{ exchange_payment_method_id: orNull(text), exchange_price_difference: orNull(number) },
      return_payment_method_id: orNull(text),
    },
  ),
};

/** The schema of an answer, which the document writes into the description of an operation. */
export function outputOf({ description = '' }: Operation & { readonly description?: string }): JsonSchema | null {
  const written = /Response Schema<\/summary>\s*```json\n([^]*?)```/.exec(description)?.[1];
  return written === undefined ? null : { ...(JSON.parse(written) as JsonSchema), $defs };
}
