import { allowanceSchema, type Allowance } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/types.js';
import { present } from './absent.js';
import { parse } from './parse.js';

/** An allowance for the wire; what has no bound is absent. */
export function toAllowance(allowance: Allowance): pb.Allowance {
  return present(allowance);
}

/** An allowance from the wire; one that is absent has no bounds at all. */
export function fromAllowance(field: string, message: pb.Allowance | undefined): Allowance {
  const { steps = null, calls = null, tokens = null, money = null, risk = null } = message ?? {};
  return parse(field, allowanceSchema, { steps, calls, tokens, money, risk });
}
