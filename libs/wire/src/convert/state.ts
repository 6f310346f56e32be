import {
  actionResultSchema,
  stateChangeSchema,
  stateSchema,
  type ActionResult,
  type Observation,
  type StateChange,
  type WorldState,
} from '@praxis/core';
import * as pb from '../gen/praxis/v1/types.js';
import { need, parse } from './parse.js';
import { failureCodec } from './enum-codecs.js';
import { fromOutput, toOutput } from './output.js';

/** A state for the wire. */
export function toState(state: WorldState): pb.WorldState {
  return { facts: state.facts, numbers: state.numbers };
}

/** A state from the wire. */
export function fromState(message: pb.WorldState): WorldState {
  return parse('state', stateSchema, message);
}

/** A difference for the wire; numbers that are gone stand in a list of their own, as the wire has no null number. */
export function toChange(change: StateChange): pb.StateChange {
  const entries = Object.entries(change.numbers);
  return {
    added: change.added,
    removed: change.removed,
    numbers: Object.fromEntries(entries.filter((e): e is [string, number] => e[1] !== null)),
    removedNumbers: entries.filter(([, value]) => value === null).map(([term]) => term),
  };
}

/** A difference from the wire. */
export function fromChange(message: pb.StateChange): StateChange {
  const gone = Object.fromEntries(message.removedNumbers.map((term) => [term, null]));
  return parse('change', stateChangeSchema, {
    added: message.added,
    removed: message.removed,
    numbers: { ...message.numbers, ...gone },
  });
}

/** A result for the wire. */
export function toResult(result: ActionResult): pb.ActionResult {
  return {
    ok: result.ok,
    code: result.ok ? pb.FailureCode.UNSPECIFIED : failureCodec.to(result.code),
    message: result.message,
    permanent: !result.ok && result.permanent === true,
    output: result.ok && result.output ? toOutput(result.output) : undefined,
  };
}

/** A result from the wire. */
export function fromResult(message: pb.ActionResult): ActionResult {
  if (message.ok) {
    const output = message.output && fromOutput('result.output', message.output);
    return { ok: true, message: message.message, ...(output && { output }) };
  }
  return parse('result', actionResultSchema, {
    ok: false,
    code: failureCodec.from('result.code', message.code),
    message: message.message,
    ...(message.permanent && { permanent: true }),
  });
}

/** An observation for the wire. */
export function toObservation(observation: Observation): pb.Observation {
  const { result, state, before } = observation;
  return {
    result: toResult(result),
    state: state === null ? undefined : toState(state),
    before: before && toState(before),
  };
}

/** An observation from the wire. */
export function fromObservation(message: pb.Observation): Observation {
  return {
    result: fromResult(need('observation.result', message.result)),
    state: message.state ? fromState(message.state) : null,
    ...(message.before && { before: fromState(message.before) }),
  };
}
