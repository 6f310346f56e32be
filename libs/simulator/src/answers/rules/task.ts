import { PraxisError, makeState, type Condition, type Json, type WorldState } from '@praxis/core';
import {
  Interpreter,
  PlanningModel,
  addPrecondition,
  parseDomain,
  type AddedPrecondition,
  type AvoidedAction,
  type GroundAction,
} from '@praxis/search';
import { linesOf, termsOf, type Blocks } from './blocks.js';
import { guessProblem } from './guess-problem.js';

/** A remembered failure as a prompt tells it. */
export interface ToldFailure {
  readonly action: string;
  /** The word after the action, such as `not-applicable`; empty where there is none. */
  readonly code: string;
  /** What was true of its objects; null where that is not told, and then the action is never tried again. */
  readonly facts: readonly string[] | null;
}

/** What the blocks of a prompt say about a planning task. */
export interface BlockTask {
  readonly domain: string;
  readonly problem: string;
  /**
   * The same task where objects may be more than is sure, for when nothing is found otherwise; null where they are
   * told.
   */
  readonly widerProblem: string | null;
  /** What was learned that actions need besides. */
  readonly guards: readonly AddedPrecondition[];
  readonly model: PlanningModel;
  readonly interpreter: Interpreter;
  readonly state: WorldState;
  /** Empty: the problem's own goal. */
  readonly goal: Condition;
  readonly agents: readonly string[];
}

/** Blocks that tell what kinds of things the objects are. */
const TELLING = ['facts', 'goal', 'actions', 'plan', 'subgoals', 'candidates', 'done', 'failures', 'answers'];

/** Reads the task; null where no rules are given. Bad PDDL throws `invalid`. */
export function readTask(blocks: Blocks): BlockTask | null {
  const domain = blocks.get('domain');
  if (domain === undefined) return null;
  const told = blocks.get('problem');
  const texts = TELLING.map((name) => blocks.get(name) ?? '');
  const problem = told === undefined ? guessProblem(domain, texts) : wholeProblem(told, domain);
  const guards = readGuards(linesOf(blocks, 'lessons'), domain);
  const model = new PlanningModel({ domain, problem }, guards);
  const interpreter = new Interpreter(model.domain, model.problem);
  return {
    domain,
    problem,
    widerProblem: told === undefined ? guessProblem(domain, texts, true) : null,
    guards,
    model,
    interpreter,
    state: blocks.has('facts') ? readFacts(linesOf(blocks, 'facts')) : interpreter.initial(),
    goal: blocks.get('goal') ?? '',
    agents: linesOf(blocks, 'agents').flatMap((line) => /[a-z0-9][\w-]*/.exec(line.toLowerCase())?.[0] ?? []),
  };
}

/**
 * A prompt may leave out what goes without saying: the frame of the problem, and a goal that stands in a block of its
 * own.
 */
function wholeProblem(told: string, domain: string): string {
  const name = /\(\s*domain\s+([^\s()]+)/i.exec(domain)?.[1] ?? 'world';
  const framed = /\(\s*define\b/i.test(told) ? told : `(define (problem told) (:domain ${name})\n${told})`;
  return /\(\s*:goal\b/i.test(framed) ? framed : framed.replace(/\)\s*$/, '(:goal (and)))');
}

/** Facts and numbers, one a line; what is said not to hold is left out, as in any state. */
export function readFacts(lines: readonly string[]): WorldState {
  const facts: string[] = [];
  const numbers: Record<string, number> = {};
  for (const term of lines.flatMap(termsOf)) {
    const number = /^\(= (\(.+\)) (-?[\d.]+(?:e[+-]?\d+)?)\)$/.exec(term);
    if (number) numbers[number[1]!] = Number(number[2]);
    else if (!term.startsWith('(not ')) facts.push(term);
  }
  return makeState(facts, numbers);
}

/** The actions of the domain that a block names, in order; anything else in it is talk. */
export function readActions({ model }: BlockTask, lines: readonly string[]): readonly GroundAction[] {
  const known = new Set(model.domain.actions.map((a) => a.name));
  return lines
    .flatMap(termsOf)
    .map(splitAction)
    .filter((a) => known.has(a.action));
}

/** What a line of `failures` adds to the facts of then: what may have been missing, and what has changed since. */
const ADDED = /; (?:may have been missing|since then): /;

/**
 * Failures, one a line: action, code, and the facts of then. One that is never to be tried again is a refusal whose
 * facts are not told; another whose facts are not told is left out once it may be tried again.
 */
export function readFailures(lines: readonly string[]): readonly ToldFailure[] {
  return lines.flatMap((line) => {
    const [action] = termsOf(line);
    if (action === undefined) return [];
    const [then = '', ...added] = line.slice(line.indexOf(')') + 1).split(ADDED);
    if (/^: never again\b/.test(then)) return [{ action, code: 'not-applicable', facts: null }];
    const told = termsOf(then).filter((f) => !f.startsWith('(not '));
    const facts = told.length > 0 || then.endsWith(', while nothing was true of its objects') ? told : null;
    if (facts === null && added.at(-1)?.endsWith('so it may be tried again') === true) return [];
    return [{ action, code: /[a-z][a-z-]*/.exec(then)?.[0] ?? '', facts }];
  });
}

const GUARD = /^\(([^\s()?]+)((?:\s+\?[^\s()]+)*)\) also needs (\(.+\))$/;

/**
 * Lessons such as `(take ?r ?o) also needs (free ?r)`; advice in words, and what does not fit the rules, is left out.
 */
export function readGuards(lines: readonly string[], domainText: string): readonly AddedPrecondition[] {
  const domain = parseDomain(domainText);
  return lines.flatMap((line) => {
    const [, action, parameters, requires] = GUARD.exec(line) ?? [];
    if (action === undefined) return [];
    const guard = { action, parameters: parameters!.split(/\s+/).filter((p) => p !== ''), requires: requires! };
    try {
      addPrecondition(domain, guard);
      return [guard];
    } catch (thrown) {
      if (thrown instanceof PraxisError && thrown.code === 'invalid') return [];
      throw thrown;
    }
  });
}

/** What a search must not try again; a failure of which no facts are told is never tried again. */
export function avoidedOf(model: PlanningModel, failures: readonly ToldFailure[]): readonly AvoidedAction[] {
  return failures.map(({ action, facts }) => (facts === null ? { action, while: [] } : model.avoid({ action, facts })));
}

export function splitAction(text: string): GroundAction {
  const [action, ...args] = text.slice(1, -1).split(' ');
  return { action: action!, args };
}

/** `(move robby hall kitchen)` */
export function textOf({ action, args }: GroundAction): string {
  return `(${[action, ...args].join(' ')})`;
}

/** What a rule gives: an answer of its kind. */
export type RuleAnswer = { readonly [key: string]: Json };
