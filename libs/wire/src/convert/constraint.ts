import type { ConstraintView } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/types.js';
import { constraintVerdictCodec } from './enum-codecs.js';

/** A constraint for the wire. */
export const toConstraint = ({ text, verdict, why }: ConstraintView): pb.Constraint => ({
  text,
  verdict: constraintVerdictCodec.to(verdict),
  why,
});

/** A constraint from the wire. */
export const fromConstraint = (field: string, { text, verdict, why }: pb.Constraint): ConstraintView => ({
  text,
  verdict: constraintVerdictCodec.from(field, verdict),
  why,
});
