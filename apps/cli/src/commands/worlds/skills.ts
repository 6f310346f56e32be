import { isOwnSkill } from '@praxis/actions';
import { PraxisError, type SkillManifest } from '@praxis/core';
import type { ExecutorInfo } from '@praxis/wire';
import { withServices } from '../../compose/clients.js';
import type { Context } from '../../context.js';
import { callSkill } from './call-skill.js';
import { defineVerb } from '../../verb.js';
import { skillLines, skillTable, troubleLines } from '../../view/skill-lines.js';

interface Options {
  readonly world?: string;
  readonly in: readonly string[];
  readonly yes?: boolean;
}

/** `praxis skills`: what the executors can do; `praxis skills call NAME` tries one of the settings' own. */
export const skillsVerb = defineVerb<Options>({
  usage: 'skills [name] [called]',
  summary: 'list the skills, or show one in full: what can be done, with which inputs, output and risk',
  examples: ['skills', 'skills remind', 'skills --world warehouse', 'skills call list-overdue --in limit=5'],
  options: (command) =>
    command
      .option('--world <name>', 'only skills that can be used in this world')
      .option('--in <name=value>', 'with `call`: an argument', (one: string, all: string[]) => [...all, one], [])
      .option('--yes', 'with `call`: also a skill that changes something'),
  run: async ({ args: [name, called], options, context }) => {
    if (name === 'call') return callSkill(called, { context, args: options.in, isSure: options.yes === true });
    if (called !== undefined) throw new PraxisError('invalid', `One skill at a time: praxis skills ${name}.`);
    return listSkills(name, options.world, { context, isJson: options.json === true });
  },
});

interface Showing {
  readonly context: Context;
  readonly isJson: boolean;
}

async function listSkills(
  name: string | undefined,
  world: string | undefined,
  { context, isJson }: Showing,
): Promise<number> {
  const { print } = context;
  const info = await withServices(context, ({ executor }) => executor.describe());
  const { quarantined = [], sources = [] } = info;
  const all = skillsIn(info, world);
  const shown = name === undefined ? all : all.filter((s) => s.name === name);
  const left = name === undefined ? quarantined : quarantined.filter((q) => q.name === name);
  if (name !== undefined && shown.length + left.length === 0)
    throw new PraxisError('missing', `There is no skill ${name}; \`praxis skills\` lists those there are.`);
  if (isJson) print.json({ skills: shown, quarantined: left, sources });
  else if (name !== undefined) print.lines([...shown.flatMap((s) => skillLines(s)), ...troubleLines(left, [])]);
  else {
    if (all.length === 0) print.note('There are no such skills; `praxis worlds` lists the worlds.');
    else
      print.lines(
        skillTable(
          all.map((s) => ({ ...s, world: worldOf(s) })),
          print.columns,
        ),
      );
    print.lines(troubleLines(left, sources));
  }
  return 0;
}

/** The skills that can be used in a world; of all worlds where none is named. */
function skillsIn({ skills, worlds }: ExecutorInfo, world: string | undefined): readonly SkillManifest[] {
  return [
    ...skills.filter((s) => world === undefined || isOwnSkill(s) || worldOf(s) === world),
    ...worlds.filter((w) => world === undefined || w.name === world).flatMap((w) => w.skills),
  ];
}

/** The world in which a skill stands; `any` for one that performs no world's action. */
const worldOf = (manifest: SkillManifest): string =>
  isOwnSkill(manifest) ? 'any' : /world:(\S+)/.exec(manifest.source)![1]!;
