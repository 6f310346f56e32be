import { isOwnSkill } from '@praxis/actions';
import type { SkillManifest } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';
import { tableLines } from '../../view/table.js';

/** `praxis skills`: what the executor can do. */
export const skillsVerb = defineVerb<{ readonly world?: string }>({
  usage: 'skills',
  summary: 'list the skills: what can be done, with which parameters and what risk',
  examples: ['skills', 'skills --world warehouse', 'skills --json'],
  options: (command) => command.option('--world <name>', 'only skills that can be used in this world'),
  run: async ({ options, context: { print }, context }) => {
    const { worlds, skills } = await withServices(context, ({ executor }) => executor.describe());
    const all = [
      ...skills.filter((s) => options.world === undefined || isOwnSkill(s) || worldOf(s) === options.world),
      ...worlds.filter((w) => options.world === undefined || w.name === options.world).flatMap((w) => w.skills),
    ];
    if (options.json) print.json(all);
    else if (all.length === 0) print.note('There are no such skills; `praxis worlds` lists the worlds.');
    else {
      const rows = all.map((s) => [
        s.name,
        s.parameters.map((p) => `${p.name}: ${p.type}`).join(', '),
        s.effect,
        worldOf(s),
        s.source,
      ]);
      print.lines(
        tableLines(
          [{ head: 'skill' }, { head: 'parameters' }, { head: 'effect' }, { head: 'world' }, { head: 'source' }],
          rows,
          print.columns,
        ),
      );
    }
    return 0;
  },
});

/** The world in which a skill stands; `any` for a declared skill that performs no world's action. */
const worldOf = (manifest: SkillManifest): string =>
  isOwnSkill(manifest) ? 'any' : /world:(\S+)/.exec(manifest.source)![1]!;
