import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  clipText,
  goalSchema,
  PraxisError,
  type ApprovalRule,
  type Goal,
  type GoalInput,
  type ProblemText,
} from '@praxis/core';
import { objectsOf, parseCondition, parseDomain, parseProblem } from '@praxis/search';
import { decodeText } from './decode-text.js';
import type { ModelChoice } from './model-choice.js';

/** A goal as the options of `submit` and `schedule add` say it. */
export interface GoalOptions {
  readonly world?: string;
  readonly goal?: string;
  readonly request?: string;
  readonly scenario?: string;
  readonly domain?: string;
  readonly problem?: string;
  readonly title?: string;
  readonly strategy?: string;
  readonly model?: readonly ModelChoice[];
  readonly seed?: string;
  readonly steps?: number;
  readonly replans?: number;
  readonly evaluated?: number;
  readonly calls?: number;
  readonly tokens?: number;
  readonly money?: number;
  readonly risk?: number;
  /** Milliseconds, as `deadline`. */
  readonly time?: number;
  readonly whenSpent?: string;
  readonly deadline?: number;
  readonly rule?: readonly ApprovalRule[];
  readonly tenant?: string;
  readonly space?: string;
  readonly archive: boolean;
}

/** Reads a text file of the user's. */
export function readText(cwd: string, file: string): string {
  try {
    return decodeText(readFileSync(resolve(cwd, file)));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : code === 'EACCES'
            ? 'you may not read it'
            : message;
    throw new PraxisError(code === 'ENOENT' ? 'missing' : 'invalid', `Cannot read ${file}: ${why}.`, { cause });
  }
}

/** A problem of the user's, with its name and what was read of it although it is odd. */
export interface ProblemInput extends ProblemText {
  readonly name: string;
  readonly warnings: readonly string[];
}

/** Reads a domain and a problem, so that mistakes in them are shown with file, line and column at once. */
export function readProblem(cwd: string, domainFile: string, problemFile: string, condition = ''): ProblemInput {
  const domain = readText(cwd, domainFile);
  const problem = readText(cwd, problemFile);
  const readDomain = parseDomain(domain, domainFile);
  const readProblem = parseProblem(problem, readDomain, problemFile);
  if (condition !== '') parseCondition(condition, readDomain, objectsOf(readDomain, readProblem), '--goal');
  const warnings = [...(readDomain.warnings ?? []), ...(readProblem.warnings ?? [])];
  return { domain, problem, name: readProblem.name, warnings };
}

/**
 * Makes a goal of the options; says what is missing or does not go together. `warn` is told what was read of a problem
 * although it is odd.
 */
export function readGoal(options: GoalOptions, cwd: string, warn: (warning: string) => void = () => undefined): Goal {
  const isOwn = options.domain !== undefined || options.problem !== undefined;
  return completeGoal(isOwn ? ownProblem(options, cwd, warn) : inWorld(options), options);
}

/** A goal from what is to be done, and the options that bound it. */
export function completeGoal(what: Partial<GoalInput>, options: GoalOptions): Goal {
  const {
    steps,
    replans,
    evaluated,
    calls,
    tokens,
    money,
    risk,
    time: wallMs,
    whenSpent,
    seed,
    space,
    archive,
    deadline: deadlineMs,
    rule: approvals,
    tenant,
    strategy,
    model,
  } = options;
  const parsed = goalSchema.safeParse({
    ...what,
    ...(options.title === undefined ? {} : { title: options.title }),
    ...present({ seed, deadlineMs, approvals, tenant, strategy }),
    ...(model && { models: Object.fromEntries(model.map(({ role, names }) => [role, names])) }),
    budget: present({ steps, replans, evaluated, calls, tokens, money, risk, wallMs, whenSpent }),
    archive: present({ space, use: archive, learn: archive }),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new PraxisError('invalid', `The goal's ${issue.path.join('.')} does not fit: ${issue.message}.`);
}

function ownProblem(
  { world, goal, request, domain, problem, scenario }: GoalOptions,
  cwd: string,
  warn: (warning: string) => void,
) {
  if (domain === undefined || problem === undefined)
    throw new PraxisError('invalid', 'A problem of your own needs both --domain FILE and --problem FILE.');
  if (scenario !== undefined)
    throw new PraxisError('invalid', 'A problem of your own has no scenario; leave --scenario out.');
  const asked = spokenGoal(goal, request);
  const condition = goal ?? '';
  const { name, warnings, ...texts } = readProblem(cwd, domain, problem, condition);
  warnings.forEach(warn);
  return { title: clipText(name, 500), world: world ?? 'pddl', problem: texts, condition, ...asked };
}

/** The goal in plain words, where it is said so; it is said only once. */
function spokenGoal(goal: string | undefined, request: string | undefined) {
  if (request === undefined) return {};
  if (goal !== undefined)
    throw new PraxisError(
      'invalid',
      'Say the goal once: in plain words (--request), or as a scenario or condition (--goal).',
    );
  if (request.trim() === '')
    throw new PraxisError('invalid', 'The request is empty: say in plain words what to reach (--request TEXT).');
  return { title: clipText(request.replace(/\s+/g, ' ').trim(), 200), request };
}

function inWorld(options: GoalOptions) {
  const { world, goal, scenario, request } = options;
  if (world === undefined || world === 'workspace') return inWorkspace(options);
  if (request !== undefined) return { world, scenario: scenario ?? '', ...spokenGoal(goal, request) };
  if (goal === undefined && scenario === undefined)
    throw new PraxisError(
      'invalid',
      `Say what to reach in ${world}: --goal SCENARIO, or --request TEXT (\`praxis worlds ${world}\` lists them).`,
    );
  if (goal === undefined || !goal.trimStart().startsWith('(')) {
    const name = goal ?? scenario!;
    return { title: `${world} ${name}`, world, scenario: name };
  }
  return { title: clipText(`${world} ${goal}`, 500), world, scenario: scenario ?? '', condition: goal };
}

/** Where no other world is named: a request, which a model does by calling skills, or a condition. */
function inWorkspace({ world, goal, scenario = '', request }: GoalOptions) {
  if (request !== undefined) return { world: 'workspace', scenario, strategy: 'react', ...spokenGoal(goal, request) };
  if (goal !== undefined && (world !== undefined || goal.trimStart().startsWith('(')))
    return { title: clipText(goal, 500), world: 'workspace', scenario, condition: goal };
  if (goal !== undefined)
    throw new PraxisError(
      'invalid',
      `Say which world has the scenario ${goal}: --world NAME (\`praxis worlds\` lists them).`,
    );
  throw new PraxisError(
    'invalid',
    'Say what to do: --request TEXT, --world NAME --goal SCENARIO, or --domain FILE --problem FILE; `praxis run` carries out a playbook.',
  );
}

/** Only what was said; the rest is left to the defaults. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
