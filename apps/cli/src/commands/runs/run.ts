import { resolve } from 'node:path';
import { ASK_PERSON, builtinSkills } from '@praxis/actions';
import { checkText, goalSchema, type Playbook, type SkillManifest } from '@praxis/core';
import { bindInputs, compilePlaybook, findPlaybook, titleOfPlaybook } from '@praxis/playbooks';
import { withServices } from '../../compose/clients.js';
import type { Context } from '../../context.js';
import { parseInput, readInputs, type TypedInput } from '../../input/goal-inputs.js';
import { saveFiles } from '../../save-files.js';
import { defineVerb, readingEach } from '../../verb.js';
import { watchToEnd } from '../../watch-to-end.js';
import { filesOf } from './artifacts.js';

interface RunOptions {
  readonly in?: readonly TypedInput[];
  readonly save?: string;
  readonly force?: boolean;
  readonly wait: boolean;
  readonly dryRun?: boolean;
  readonly key?: string;
}

/** `praxis run`: carries out a playbook. */
export const runVerb = defineVerb<RunOptions>({
  usage: 'run <playbook>',
  summary: 'carry out a playbook: one that is shipped, of a folder of yours, or a file',
  examples: [
    'run profile-csv --in file=sales.csv --save out',
    'run check-links --in page=https://example.com',
    'run ./remind.yaml --in most=20 --dry-run   (what it would do; needs no service)',
  ],
  options: (command) =>
    command
      .option('--in <name=value>', 'an input of the playbook; may be given several times', readingEach(parseInput))
      .option('--save <folder>', 'save the files that it made there')
      .option('--force', 'replace files that are there already')
      .option('--no-wait', 'only submit it, and print the id of the run')
      .option('--dry-run', 'print the steps, what each waits for, and what would ask a person')
      .option('--key <text>', 'name the request: one key is one run, however often it is typed'),
  run: async ({ args, options, context }) => {
    const { playbook } = findPlaybook(args[0]!, foldersOf(context), context.cwd);
    if (options.dryRun === true) return dryRun(playbook, options, context);
    return withServices(context, async ({ planner, artifacts }) => {
      const { print, cwd } = context;
      const note = (text: string): void => print.note(text);
      const given = await readInputs(options.in ?? [], { cwd, artifacts, types: playbook.inputs, note });
      const inputs = bindInputs(playbook, given);
      const title = titleOfPlaybook(playbook, inputs);
      const goal = goalSchema.parse({ title, playbook, inputs, strategy: 'playbook' });
      const run = await planner.submit(goal, options.key ?? null);
      const isJson = (options as { readonly json?: boolean }).json === true;
      if (!options.wait) {
        if (isJson) print.json({ run });
        else print.line(run);
        return 0;
      }
      const code = await watchToEnd({ planner, run, context, isJson, isSaved: options.save !== undefined });
      if (options.save !== undefined) {
        const saving = { folder: resolve(cwd, options.save), force: options.force === true };
        for (const path of await saveFiles(filesOf(await planner.get(run)), saving, artifacts)) print.note(path);
      }
      return code;
    });
  },
});

/** The folders of playbooks: those of the settings. */
const foldersOf = ({ settings, cwd }: Context): readonly string[] =>
  settings.playbooks.folders.map((folder) => resolve(cwd, folder));

async function dryRun(playbook: Playbook, options: RunOptions, { print }: Context): Promise<number> {
  const stray = (options.in ?? []).find(({ name }) => !Object.hasOwn(playbook.inputs, name));
  if (stray) bindInputs(playbook, { [stray.name]: stray.value });
  const skills = builtinSkills();
  const manifests = new Map((await skills.list()).map(({ manifest }) => [manifest.name, manifest]));
  await skills.close?.();
  const given = Object.fromEntries((options.in ?? []).map(({ name, value }) => [name, value]));
  print.lines(planLines(playbook, given, manifests));
  return 0;
}

/** What a playbook would do, for people. */
export function planLines(
  playbook: Playbook,
  given: Readonly<Record<string, string>>,
  manifests: ReadonlyMap<string, SkillManifest>,
): readonly string[] {
  const nodes = compilePlaybook(playbook, { version: 1 });
  const names = new Map(nodes.map((n) => [n.id, n.script![0]!.id]));
  const steps = nodes.flatMap((node) => {
    const [step] = node.script!;
    const effect = step!.do === ASK_PERSON ? 'asks a person' : (manifests.get(step!.do)?.effect ?? 'not known here');
    const each = step!.each === undefined ? '' : ` for each of ${step!.each.of}, ${step!.each.parallel} at a time`;
    const after = node.after.map((id) => names.get(id)).join(', ');
    return [
      `  ${step!.id}: ${step!.do}${each} (${effect})${after === '' ? '' : `  after ${after}`}`,
      ...(step!.title === undefined ? [] : [`      ${step!.title}`]),
    ];
  });
  const inputs = Object.entries(playbook.inputs).map(([name, { type, default: value }]) => {
    const said = given[name] ?? (value === undefined ? 'MISSING' : JSON.stringify(value));
    return `  ${name} (${type}): ${said}`;
  });
  const done = playbook.done.map((check) => `  ${checkText(check)}`);
  return [
    titleOfPlaybook(playbook, given),
    ...(inputs.length > 0 ? ['', 'inputs', ...inputs] : []),
    ...['', 'steps', ...steps],
    ...(done.length > 0 ? ['', 'done when', ...done] : []),
  ];
}
