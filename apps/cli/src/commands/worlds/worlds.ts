import { PraxisError, type WorldInfo, type WorldOffers } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';

/** `praxis worlds`: the worlds that the executor can act in. */
export const worldsVerb = defineVerb({
  usage: 'worlds [name]',
  summary: 'list the worlds and their scenarios, or one world in full',
  examples: ['worlds', 'worlds household', 'worlds --json'],
  run: async ({ args, options, context: { print }, context }) => {
    const { worlds } = await withServices(context, ({ executor }) => executor.describe());
    const [name] = args;
    const found = name === undefined ? worlds : worlds.filter((w) => w.name === name);
    if (name !== undefined && found.length === 0)
      throw new PraxisError(
        'missing',
        `There is no world "${name}". Known worlds: ${worlds.map((w) => w.name).join(', ')}.`,
      );
    if (options.json) print.json(name === undefined ? found : found[0]);
    else print.lines(found.flatMap((w, i) => [...(i > 0 ? [''] : []), ...worldLines(w, name !== undefined)]));
    return 0;
  },
});

/** What a world can do beyond acting, in words. */
const OFFERS: readonly (readonly [keyof WorldOffers, string])[] = [
  ['legal', 'list legal actions'],
  ['snapshots', 'take snapshots'],
  ['clones', 'clone sessions'],
];

/** A world as text; in full with its skills and the goals of its scenarios. */
export function worldLines(world: WorldInfo, isFull: boolean): readonly string[] {
  const width = Math.max(0, ...world.scenarios.map((s) => s.name.length));
  const scenarios = world.scenarios.flatMap((s) => [
    `  ${s.name.padEnd(width)}  ${s.title}`,
    ...(isFull ? [`  ${' '.repeat(width)}  ${s.condition}`] : []),
  ]);
  const can = OFFERS.flatMap(([what, text]) => (world.offers[what] ? [text] : []));
  const skills = world.skills.map((s) => `  (${[s.name, ...s.parameters.map((p) => p.name)].join(' ')})  ${s.effect}`);
  const more = [
    `  ${world.domain === '' ? '' : `domain ${world.domain}, `}version ${world.version}; can ${can.join(', ') || 'nothing beyond acting'}`,
    ...(skills.length > 0 ? ['', 'skills', ...skills] : []),
  ];
  return [`${world.name}  ${world.summary}`, ...scenarios, ...(isFull ? more : [])];
}
