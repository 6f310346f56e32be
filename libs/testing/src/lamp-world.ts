import {
  PraxisError,
  makeState,
  type Action,
  type Observation,
  type OpenRequest,
  type SkillManifest,
  type Snapshots,
  type World,
  type WorldInfo,
  type WorldSession,
  type WorldState,
} from '@praxis/core';
import { Interpreter, parseCondition, parseDomain, parseProblem } from '@praxis/search';

/** What a lamp world tells and can do. */
export interface LampWorldKind {
  /** It tells its rules in PDDL. */
  readonly rules: boolean;
  readonly legal: boolean;
  /** It takes snapshots and restores them. */
  readonly snapshots: boolean;
  /** It makes clones of snapshots. */
  readonly clones: boolean;
  /** No lamp can ever be switched on. */
  readonly isBroken?: boolean;
}

/** Every kind of world that matters to a strategy; the third one is the world of `examples/python-world`. */
export const WORLD_KINDS: readonly LampWorldKind[] = [
  { rules: true, legal: true, snapshots: true, clones: true },
  { rules: true, legal: true, snapshots: false, clones: false },
  { rules: true, legal: false, snapshots: false, clones: false },
  { rules: true, legal: false, snapshots: true, clones: true },
  { rules: false, legal: true, snapshots: false, clones: false },
  { rules: false, legal: true, snapshots: true, clones: true },
  { rules: false, legal: false, snapshots: false, clones: false },
  { rules: false, legal: true, snapshots: true, clones: false },
];

const DOMAIN = `(define (domain lamps) (:types lamp) (:predicates (plugged ?l - lamp) (lit ?l - lamp))
  (:action plug-in :parameters (?l - lamp) :precondition (and) :effect (plugged ?l))
  (:action switch-on :parameters (?l - lamp) :precondition (not (lit ?l)) :effect (lit ?l))
  (:action switch-off :parameters (?l - lamp) :precondition (lit ?l) :effect (not (lit ?l))))`;
const PROBLEM =
  '(define (problem dark) (:domain lamps) (:objects left right - lamp) (:init (plugged left)) (:goal (and (lit left) (lit right))))';
const GOAL = '(and (lit left) (lit right))';
const BELIEVED = (() => {
  const domain = parseDomain(DOMAIN);
  const problem = parseProblem(PROBLEM, domain);
  return { domain, problem, interpreter: new Interpreter(domain, problem) };
})();
const SKILLS: readonly SkillManifest[] = BELIEVED.domain.actions.map(({ name }) => ({
  name,
  summary: `Does ${name} to a lamp.`,
  parameters: [{ name: 'l', type: 'lamp' }],
  effect: 'reversible',
  keyed: true,
  source: 'world:lamps',
}));

interface Body {
  facts: Set<string>;
  readonly answers: Map<string, Observation>;
}

/**
 * Two lamps, of which one has to be plugged in before it shines, which nobody is told: the world of
 * `examples/python-world` in this process, with more or fewer capabilities. Its sessions have no method for what it
 * says it cannot do.
 */
export class LampWorld implements World {
  readonly #sessions = new Map<string, Body>();
  #clones = 0;

  constructor(
    private readonly kind: LampWorldKind,
    private readonly name = 'lamps',
  ) {}

  /** How many sessions are open. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  async describe(): Promise<WorldInfo> {
    const { legal, snapshots, clones } = this.kind;
    const scenarios = [{ name: 'dark', title: 'Light both lamps', condition: GOAL }];
    return {
      name: this.name,
      version: '1',
      summary: 'Two lamps.',
      domain: 'lamps',
      skills: SKILLS,
      scenarios,
      offers: { legal, snapshots, clones },
    };
  }

  async open({ scenario, sessionId }: OpenRequest): Promise<WorldSession> {
    if (scenario !== 'dark') throw new PraxisError('missing', `There is no scenario ${scenario}; there is dark.`);
    if (!this.#sessions.has(sessionId))
      this.#sessions.set(sessionId, { facts: new Set(['(plugged left)']), answers: new Map() });
    return this.#session(sessionId);
  }

  async resume(sessionId: string): Promise<WorldSession> {
    this.#body(sessionId);
    return this.#session(sessionId);
  }

  #body(id: string): Body {
    const body = this.#sessions.get(id);
    if (!body) throw new PraxisError('missing', `There is no session ${id}.`);
    return body;
  }

  #session(id: string): WorldSession {
    const { rules, legal, snapshots } = this.kind;
    const observed = (): WorldState => makeState(this.#body(id).facts);
    return {
      id,
      briefing: async () => (
        this.#body(id),
        { rules: rules ? { domain: DOMAIN, problem: PROBLEM } : null, condition: GOAL, agents: [] }
      ),
      observe: async () => observed(),
      act: async (action, key) => this.#act(this.#body(id), action, key),
      check: async (condition) => {
        const formula = parseCondition(condition, BELIEVED.domain, BELIEVED.problem.objects);
        const problems = BELIEVED.interpreter.unmet(formula, observed()).map(({ part }) => `${part} does not hold`);
        return { holds: problems.length === 0, problems };
      },
      ...(legal && {
        legal: async () =>
          BELIEVED.interpreter.legal(observed()).map(({ action, args }) => ({ skill: action, args: { l: args[0]! } })),
      }),
      ...(snapshots && { snapshots: this.#snapshots(id) }),
      close: async () => void this.#sessions.delete(id),
    };
  }

  #snapshots(id: string): Snapshots {
    return {
      take: async () => JSON.stringify([...this.#body(id).facts].sort()),
      restore: async (snapshot) => void (this.#body(id).facts = readSnapshot(snapshot)),
      ...(this.kind.clones && { clone: async (snapshot: string) => this.#clone(id, snapshot) }),
    };
  }

  #clone(id: string, snapshot: string): WorldSession {
    const own = `${id}~${++this.#clones}`;
    this.#sessions.set(own, { facts: readSnapshot(snapshot), answers: new Map() });
    return this.#session(own);
  }

  #act(body: Body, action: Action, key: string): Observation {
    const known = body.answers.get(key);
    if (known) return known;
    const result = this.#does(body.facts, action);
    const observation: Observation = { result, state: makeState(body.facts) };
    body.answers.set(key, observation);
    return observation;
  }

  #does(facts: Set<string>, { skill, args }: Action): Observation['result'] {
    const [lamp, ...others] = Object.values(args);
    const isKnown =
      SKILLS.some((s) => s.name === skill) && (lamp === 'left' || lamp === 'right') && others.length === 0;
    if (!isKnown) return { ok: false, code: 'invalid-args', message: 'an action and a lamp, please' };
    const [plugged, lit] = [`(plugged ${lamp})`, `(lit ${lamp})`];
    const refused =
      skill === 'switch-on'
        ? !facts.has(plugged) || facts.has(lit) || this.kind.isBroken === true
        : skill === 'switch-off' && !facts.has(lit);
    if (refused) return { ok: false, code: 'not-applicable', message: `the lamp refused ${skill}` };
    if (skill === 'switch-off') facts.delete(lit);
    else facts.add(skill === 'plug-in' ? plugged : lit);
    return { ok: true, message: 'done' };
  }
}

function readSnapshot(text: string): Set<string> {
  try {
    return new Set(JSON.parse(text) as string[]);
  } catch (cause) {
    throw new PraxisError('invalid', 'This is no snapshot of a lamp world.', { cause });
  }
}
