import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '@praxis/core';

/** An instance never forgets all of what it compiled, and takes tens of milliseconds to make: each has its turn. */
const TURNS = 256;

/** Compiles schemas with an instance that `make` gives, and a new one after `TURNS` schemas. */
export function compileInTurns(make: () => Ajv2020): (schema: JsonSchema) => ValidateFunction {
  let engine: { readonly ajv: Ajv2020; turns: number } | null = null;
  return (schema) => {
    if (engine === null || engine.turns === TURNS) engine = { ajv: make(), turns: 0 };
    engine.turns += 1;
    try {
      return engine.ajv.compile(schema);
    } finally {
      // Another schema may have the same `$id`.
      engine.ajv.removeSchema(schema);
    }
  };
}
