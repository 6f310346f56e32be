import { outputSchema, type ArtifactRef, type Output, type Outputs } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/types.js';
import { parse } from './parse.js';

/** A reference to an artifact for the wire. */
export const toArtifact = ({ $artifact, ...ref }: ArtifactRef): pb.Artifact => ({ sha256: $artifact, ...ref });

/** A reference to an artifact from the wire; the schema of what holds it checks it. */
export const fromArtifact = ({ sha256, ...ref }: pb.Artifact): ArtifactRef => ({ $artifact: sha256, ...ref });

/** An output for the wire. */
export const toOutput = ({ value, artifacts, taint }: Output): pb.Output => ({
  value,
  artifacts: artifacts.map(toArtifact),
  taint,
});

/** An output from the wire. */
export function fromOutput(field: string, { value, artifacts, taint }: pb.Output): Output {
  return parse(field, outputSchema, {
    value: (value ?? null) as unknown,
    artifacts: artifacts.map(fromArtifact),
    taint,
  });
}

/** Named outputs for the wire. */
export const toOutputs = (outputs: Outputs = {}): Record<string, pb.Output> =>
  Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, toOutput(output)]));

/** Named outputs from the wire; undefined where there are none. */
export function fromOutputs(
  field: string,
  message: Readonly<Record<string, pb.Output>>,
): Record<string, Output> | undefined {
  const entries = Object.entries(message).map(
    ([name, output]) => [name, fromOutput(`${field}.${name}`, output)] as const,
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
