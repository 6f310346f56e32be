import { PraxisError, type Condition, type Fact, type SkillManifest } from '@praxis/core';
import { readSkill, type LeftSkill, type SearchSkill } from './read-skill.js';
import { atomsOf, conditionText, readSkillGoal, type FactCondition } from './skill-goal.js';
import { isVariable, literalText, predicateKey, readLiteral, type SkillLiteral } from './skill-literal.js';
import { usableSkills } from './usable-skills.js';

/** Most slots that one skill may fill in a plan, and most objects that a search has in all. */
export const FRESH_SLOTS = 3;
export const MOST_OBJECTS = 200;

/** Where a search over skills begins, besides the goal's inputs. */
export interface SkillStart {
  /** Facts of the world; those about what is no slot are left aside. */
  readonly facts?: readonly Fact[];
  /** Names of outputs that there are. */
  readonly outputs?: readonly string[];
}

/** A planning problem over declared skills, and what its names stand for. */
export interface SkillDomain {
  readonly domain: string;
  readonly problem: string;
  /** Skills that the search does without, and why. */
  readonly left: readonly LeftSkill[];
  readonly words: SkillWords;
}

/** What the names of a problem stand for. */
export interface SkillWords {
  readonly skills: ReadonlyMap<string, SearchSkill>;
  /** Slots and other names by their object. */
  readonly objects: ReadonlyMap<string, string>;
  /** The names of slots as references write them, by their name in facts. */
  readonly references: ReadonlyMap<string, string>;
  /** Slots that steps may fill, by the variable of the output. */
  readonly fresh: ReadonlyMap<string, readonly string[]>;
  readonly start: readonly Fact[];
  readonly goal: FactCondition;
}

/**
 * Makes a planning problem of what skills declare. Its objects are slots: inputs of the goal, outputs that there are,
 * and those that steps may make.
 *
 * slots.1 Each skill given is an action of the domain, or is left out with a reason.
 * slots.2 `(have …)` holds for exactly the inputs and outputs at the start, and a step makes it true of its own output.
 * slots.3 A fresh slot is filled by one step at most; there are no more than `FRESH_SLOTS` of them per skill, and no
 *         more than `MOST_OBJECTS` objects in all.
 * slots.4 Names are safe for PDDL, whatever skills, slots and facts are called, and lead back to what they stand for.
 */
export function synthesizeDomain(
  manifests: readonly SkillManifest[],
  inputs: readonly string[],
  condition: Condition,
  { facts = [], outputs = [] }: SkillStart = {},
): SkillDomain {
  const goal = readSkillGoal(condition);
  if (goal === null) throw new PraxisError('invalid', 'the goal says no fact that a skill could ensure');
  if (typeof goal === 'string') throw new PraxisError('invalid', goal);
  const references = referencesOf([...inputs, ...outputs]);
  const { usable, left } = usableSkills(readAll(manifests, inputs), goal);
  const named = namesIn(usable, goal);
  const given = [...references.keys()];
  const { skills, fresh, dropped } = withFresh(usable, given, new Set([...given, ...named]).size);
  const objects = [...new Set([...given, ...named, ...[...fresh.values()].flat()])];
  if (objects.length > MOST_OBJECTS)
    throw new PraxisError(
      'invalid',
      `the goal and its skills name more than ${MOST_OBJECTS} slots; give it fewer inputs`,
    );
  const start = startFacts({ facts, given, objects });
  const text = new DomainText({ skills, fresh, objects, goal, start });
  for (const slot of [...fresh.values()].flat()) references.set(slot, slot);
  return {
    domain: text.domain(),
    problem: text.problem(),
    left: [...left, ...dropped],
    words: { skills: text.skillNames, objects: text.objectNames, references, fresh, start, goal },
  };
}

function readAll(manifests: readonly SkillManifest[], inputs: readonly string[]): Map<string, SearchSkill | string> {
  const found = new Map<string, SearchSkill | string>();
  for (const manifest of manifests)
    if (!found.has(manifest.name)) found.set(manifest.name, readSkill(manifest, inputs));
  return found;
}

const REFERENCE = /^[A-Za-z_][\w-]*$/;

/** Slots by their name in facts, which is in lower case; of two that differ in case only, the first. */
function referencesOf(names: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    if (REFERENCE.test(name) && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), name);
  }
  return found;
}

/** Names, not variables, that skills and the goal speak of. */
function namesIn(skills: readonly SearchSkill[], goal: FactCondition): readonly string[] {
  const literals = [...atomsOf(goal), ...skills.flatMap((s) => [...s.needs, ...s.makes])];
  return [...new Set(literals.flatMap((l) => l.args.filter((a) => !isVariable(a))))];
}

/** Skills with slots for their outputs: as many as there is room for; skills for which there is none are dropped. */
function withFresh(skills: readonly SearchSkill[], given: readonly string[], used: number) {
  const makers = (some: readonly SearchSkill[]): Map<string, number> => {
    const count = new Map<string, number>();
    for (const { output } of some) if (output !== null) count.set(output, 1 + (count.get(output) ?? 0));
    return count;
  };
  const room = Math.max(0, MOST_OBJECTS - used);
  const making = skills.filter((s) => s.output !== null);
  const each = Math.min(FRESH_SLOTS, Math.max(1, Math.floor(room / Math.max(1, making.length))));
  const kept = new Set(making.slice(0, Math.floor(room / each)));
  const left = making.filter((s) => !kept.has(s)).map(({ name: skill }) => ({ skill, why: NO_ROOM }));
  const fresh = new Map<string, readonly string[]>();
  const taken = new Set(given);
  for (const [variable, count] of makers([...kept])) fresh.set(variable, freshNames(variable, count * each, taken));
  return { skills: skills.filter((s) => s.output === null || kept.has(s)), fresh, dropped: left };
}

const NO_ROOM = `there is no room for its output among the ${MOST_OBJECTS} slots of a search`;

/** `overdue`, `overdue-2`, `overdue-3` …, without the names that are taken. */
function freshNames(variable: string, count: number, taken: Set<string>): readonly string[] {
  const base = REFERENCE.test(variable) ? variable : `_${variable}`;
  const names: string[] = [];
  for (let n = 1; names.length < count; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(name)) names.push(name);
    taken.add(name);
  }
  return names;
}

/** What holds at the start (slots.2): whatever the world says of `have` is known better from the outputs. */
function startFacts(known: {
  readonly facts: readonly Fact[];
  readonly given: readonly string[];
  readonly objects: readonly string[];
}): readonly Fact[] {
  const objects = new Set(known.objects);
  const told = known.facts.flatMap((fact) => {
    const literal = readLiteral(fact);
    const isOurs = literal !== null && literal.predicate !== 'have' && literal.args.every((a) => objects.has(a));
    return isOurs ? [literalText(literal, (a) => a)] : [];
  });
  return [...new Set([...known.given.map((slot) => `(have ${slot})`), ...told])];
}

interface DomainParts {
  readonly skills: readonly SearchSkill[];
  readonly fresh: ReadonlyMap<string, readonly string[]>;
  readonly objects: readonly string[];
  readonly goal: FactCondition;
  readonly start: readonly Fact[];
}

/** Writes the texts (slots.4): a safe name is a number with what is safe of the name itself behind it. */
class DomainText {
  readonly skillNames = new Map<string, SearchSkill>();
  readonly objectNames = new Map<string, string>();
  readonly #objects = new Map<string, string>();
  readonly #predicates = new Map<string, { readonly name: string; readonly arity: number }>();
  readonly #outputs = new Map<string, string>();

  constructor(private readonly parts: DomainParts) {
    for (const [i, skill] of parts.skills.entries()) this.skillNames.set(safe('a', i, skill.name), skill);
    for (const [i, name] of parts.objects.entries()) {
      this.#objects.set(name, safe('o', i, name));
      this.objectNames.set(safe('o', i, name), name);
    }
    const literals = [...parts.skills.flatMap((s) => [...s.needs, ...s.makes]), ...atomsOf(parts.goal)];
    for (const literal of literals) this.#declare(literal);
    for (const fact of parts.start) this.#declare(readLiteral(fact)!);
    for (const [i, variable] of [...parts.fresh.keys()].entries())
      this.#outputs.set(variable, safe('fresh', i, variable));
  }

  domain(): string {
    const predicates = [
      ...[...this.#predicates.values()].map(
        ({ name, arity }) => `(${[name, ...Array.from({ length: arity }, (_, i) => `?x${i}`)].join(' ')})`,
      ),
      ...[...this.#outputs.values()].map((name) => `(${name} ?x)`),
    ];
    return [
      '(define (domain skills)',
      '(:requirements :strips :negative-preconditions :disjunctive-preconditions)',
      `(:constants ${[...this.objectNames.keys()].join(' ')})`,
      `(:predicates ${predicates.join(' ')})`,
      ...[...this.skillNames].map(([name, skill]) => this.#action(name, skill)),
      ')',
    ].join('\n');
  }

  problem(): string {
    const { fresh, start, goal } = this.parts;
    const free = [...fresh].flatMap(([variable, slots]) =>
      slots.map((slot) => `(${this.#outputs.get(variable)!} ${this.#objects.get(slot)!})`),
    );
    const init = [...start.map((fact) => this.#ground(readLiteral(fact)!)), ...free];
    const wanted = conditionText(goal, (l) => this.#ground(l));
    return `(define (problem goal) (:domain skills)\n(:init ${init.join(' ')})\n(:goal ${wanted}))`;
  }

  #action(name: string, { slots, output, needs, makes }: SearchSkill): string {
    const variables = new Map([...slots, ...(output === null ? [] : [output])].map((v, i) => [`?${v}`, `?v${i}`]));
    const bind = (arg: string): string => variables.get(arg) ?? this.#objects.get(arg)!;
    const isFree = output === null ? [] : [`(${this.#outputs.get(output)!} ${variables.get(`?${output}`)!})`];
    const before = [...needs.map((l) => this.#literal(l, bind)), ...isFree];
    const after = [...makes.map((l) => this.#literal(l, bind)), ...isFree.map((free) => `(not ${free})`)];
    const given = [...variables.values()].join(' ');
    return `(:action ${name} :parameters (${given}) :precondition (and ${before.join(' ')}) :effect (and ${after.join(' ')}))`;
  }

  #ground(literal: SkillLiteral): string {
    return this.#literal(literal, (arg) => this.#objects.get(arg)!);
  }

  #literal(literal: SkillLiteral, bind: (arg: string) => string): string {
    return literalText({ ...literal, predicate: this.#predicates.get(predicateKey(literal))!.name }, bind);
  }

  #declare(literal: SkillLiteral): void {
    const key = predicateKey(literal);
    if (this.#predicates.has(key)) return;
    const name = safe('p', this.#predicates.size, literal.predicate);
    this.#predicates.set(key, { name, arity: literal.args.length });
  }
}

const safe = (kind: string, number: number, name: string): string =>
  `${kind}${number}-${name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-')
    .slice(0, 60)}`;
