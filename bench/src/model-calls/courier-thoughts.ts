import { actionText, subgoalStream, textHash, type Action } from '@praxis/core';
import {
  nextActionProblems,
  type NextActionAnswer,
  type Prompt,
  type PromptHoles,
  type ModelRequest,
} from '@praxis/inference';
import { courier } from '../planning/domains/courier.js';
import { ALWAYS_LEGAL } from './canned-answer.js';

/** A thought of an actor, and the actions that are legal then. */
export interface CourierThought {
  readonly order: ModelRequest<'next-action', 'next_action'>;
  readonly legal: readonly Action[];
}

const VANS = 4;
const TOWNS = 11;
const MEMORY = 8;

/**
 * What an actor in the world of couriers is told at a step: rules and problem stay the same, facts and legal actions do
 * not.
 */
export function courierThought(
  prompt: Prompt<'next-action'>,
  run: string,
  step: number,
  signal: AbortSignal,
): CourierThought {
  const roll = textHash(`${run} ${step}`);
  const places = Array.from(
    { length: VANS },
    (_, van) => Number.parseInt(roll.slice(4 * van, 4 * van + 4), 16) % TOWNS,
  );
  const legal = [ALWAYS_LEGAL, ...places.flatMap((town, van) => actionsOf(van, town))];
  const order = {
    prompt,
    kind: 'next_action' as const,
    values: valuesOf(run, step, places, legal),
    limits: { actions: legal.map(actionText) },
    check: (answer: NextActionAnswer) => nextActionProblems(answer, legal),
    place: { run, stream: subgoalStream(`${run}.1.1.1`), urgency: 0.5, deadline: null },
    seed: run,
    id: `p${step}`,
    signal,
  };
  return { order, legal };
}

function actionsOf(van: number, town: number): readonly Action[] {
  const here = { v: `v${van}`, t: `t${town}` };
  const roads = [1, 3, 4].map((by) => ({ skill: 'drive', args: { ...here, u: `t${(town + by) % TOWNS}` } }));
  return [...roads, ...['load', 'unload', 'sell', 'refuel'].map((skill) => ({ skill, args: here }))];
}

const PROBLEM = courier.problem(8, 'calls');
const SKILLS = [
  'drive ?v - van ?t ?u - town',
  'load ?v - van ?t - town',
  'unload ?v - van ?t - town',
  'sell ?v - van ?t - town',
  'refuel ?v - van ?t - town',
  'wait',
].map((skill) => `(${skill})  does what its name says`);

function valuesOf(
  run: string,
  step: number,
  places: readonly number[],
  legal: readonly Action[],
): PromptHoles['next-action'] {
  const facts = places.flatMap((town, van) => [
    `(at v${van} t${town})`,
    `(= (fuel v${van}) ${(step + van) % 15})`,
    `(= (load v${van}) ${step % 3})`,
  ]);
  const stock = Array.from({ length: TOWNS }, (_, town) => `(= (stock t${town}) ${(town + step) % 7})`);
  const done = Array.from(
    { length: Math.min(step, MEMORY) },
    (_, i) => `(drive v0 t${(step - i) % TOWNS} t${(step - i + 1) % TOWNS}) -> ok`,
  );
  return {
    domain: courier.domain,
    problem: PROBLEM,
    agents: ['v0', 'v1', 'v2', 'v3'],
    skills: SKILLS,
    agent: 'v0',
    title: `supply the towns of ${run}`,
    goal: '(and (>= (stock t1) 2) (>= (stock t3) 1) (>= (money) 8))',
    plan: ['(load v0 t0)', '(drive v0 t0 t1)', '(unload v0 t1)', '(drive v0 t1 t0)'],
    facts: [...facts, ...stock, '(pump t0)', `(= (money) ${6 + step})`],
    done,
    failures: [`(sell v0 t1) precondition (pump t1) is false, at step ${step}`],
    actions: legal.map(actionText),
  };
}
