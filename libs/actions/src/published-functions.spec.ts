import type { Action, ActionResult, Json, Skill } from '@praxis/core';
import {
  hasPublishedFunctions,
  NEEDS_PUBLISHED_FUNCTIONS,
  publishedCalls,
  publishedFunctions,
  sampleOf,
  type PublishedFunction,
} from '@praxis/testing';
import { skill } from './authoring/skill.js';
import { SkillRegistry } from './skill-registry.js';

type Args = Action['args'];
interface Property {
  readonly type?: string;
  readonly default?: Json;
}

/** What functions were called with, in order. */
const called: (readonly [name: string, args: Args])[] = [];
/** What functions give instead of what they promise; null where they keep to it. */
let odd: Json | null = null;

const skillOf = ({ name, summary, parameters, response }: PublishedFunction): Skill =>
  skill({
    ...{ name, summary, input: parameters, output: response },
    run: (args) => {
      called.push([name, args]);
      return { value: odd ?? sampleOf(response) };
    },
  });
const propertiesOf = ({ parameters }: PublishedFunction): Readonly<Record<string, Property>> =>
  parameters['properties'] as Readonly<Record<string, Property>>;
const without = (args: Args, name: string): Args =>
  Object.fromEntries(Object.entries(args).filter(([other]) => other !== name));
/** A value that no argument of the type may be. */
const otherThan = ({ type }: Property): Json => (type === 'string' ? 7 : 'seven');

(hasPublishedFunctions ? describe : describe.skip)(
  `published functions as typed skills (${NEEDS_PUBLISHED_FUNCTIONS})`,
  () => {
    const functions = hasPublishedFunctions ? publishedFunctions() : [];
    const calls = hasPublishedFunctions ? publishedCalls() : [];
    const byName = new Map(functions.map((f) => [f.name, f]));
    const registry = SkillRegistry.of(functions.map(skillOf));
    const run = async (name: string, args: Args): Promise<ActionResult> =>
      (await registry.run({ skill: name, args }, 'k', new AbortController().signal)).result;
    const refused = async (name: string, args: Args, reason: string): Promise<void> => {
      expect(await run(name, args)).toEqual({
        ...{ ok: false, code: 'invalid-args' },
        message: expect.stringContaining(reason) as string,
      });
      expect(called).toEqual([]);
    };
    beforeEach(() => {
      called.length = 0;
      odd = null;
    });

    it('all load', () => {
      expect(registry.quarantined).toEqual([]);
      expect(registry.manifests.map(({ name }) => name)).toEqual(functions.map(({ name }) => name));
      expect([functions.length, calls.length]).toEqual([128, 121]);
    });

    it('get each call with its defaults in the order of the manifest, and give what they promise', async () => {
      for (const { name, args } of calls) {
        const f = byName.get(name)!;
        expect(await run(name, args)).toMatchObject({ ok: true, output: { value: sampleOf(f.response) } });
        const filled = Object.entries(propertiesOf(f)).flatMap(([arg, property]) => {
          const value = args[arg] ?? property.default;
          return value === undefined ? [] : [[arg, value]];
        });
        expect(Object.entries(called.at(-1)![1])).toEqual(filled);
      }
      expect(called.map(([name]) => name)).toEqual(calls.map(({ name }) => name));
    });

    it('take null for an optional argument as left out', async () => {
      for (const { name, args } of calls) {
        const optional = Object.entries(propertiesOf(byName.get(name)!)).filter(([arg]) => !(arg in args));
        const nulls = Object.fromEntries(optional.map(([arg]) => [arg, null]));
        expect(await run(name, { ...args, ...nulls })).toMatchObject({ ok: true });
      }
    });

    it('are not called without a required argument, with one of another type, or with a misspelt one', async () => {
      for (const { name, args } of calls) {
        const f = byName.get(name)!;
        for (const arg of Object.keys(args)) {
          const required = (f.parameters['required'] as readonly string[]).includes(arg);
          const rest = without(args, arg);
          if (required) await refused(name, rest, `${arg} is missing`);
          await refused(name, { ...rest, [arg]: otherThan(propertiesOf(f)[arg]!) }, `${arg} must be a`);
          const slip = `${arg}s`;
          await refused(name, { ...args, [slip]: args[arg]! }, `there is no ${slip}; did you mean \`${arg}\`?`);
        }
      }
    });

    it('that give another type than they promise are failures with the field', async () => {
      for (const f of functions) {
        const [field, property] = Object.entries((f.response['properties'] ?? {}) as Record<string, Property>)[0] ?? [];
        if (field === undefined) continue;
        odd = { ...(sampleOf(f.response) as Args), [field]: otherThan(property!) };
        expect(await run(f.name, sampleOf(f.parameters) as Args)).toMatchObject({
          ...{ ok: false, code: 'world-error' },
          message: expect.stringMatching(new RegExp(`${f.name} .*does not fit its output schema.*${field}`)) as string,
        });
      }
    });
  },
);
