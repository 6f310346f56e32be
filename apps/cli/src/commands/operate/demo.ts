import { Option } from 'commander';
import { PraxisError } from '@praxis/core';
import type { Life } from '@praxis/platform';
import type { AllInOne } from '../../compose/all-in-one.js';
import { connect, type Services } from '../../compose/clients.js';
import type { Context } from '../../context.js';
import { resumeOrBegin, STRATEGIES, type DemoOptions } from '../../demo/begin-demo.js';
import { DEMO_FOLDER, readDemo, removeDemo } from '../../demo/demo-file.js';
import { isAllDone, reportJson, reportLines } from '../../demo/report.js';
import { runDemo } from '../../demo/run-demo.js';
import { journalBacklog, type Backlog } from '../../demo/settle.js';
import { exitOf, hold, withLife } from '../../compose/process-life.js';
import { defineVerb } from '../../verb.js';
import { tellAddresses } from './start.js';

/** The services that a demo uses; `own` where this process runs them. */
interface Cast {
  readonly services: Services & { close(): void };
  readonly backlog: Backlog;
  readonly own: AllInOne | null;
}

/** `praxis demo`: shows everything at work, from nothing. */
export const demoVerb = defineVerb<DemoOptions>({
  usage: 'demo',
  summary:
    'start everything, carry out a playbook on a table, reach the demo goals, learn from what fails, and reach the second half with what was learned',
  examples: [
    'demo',
    'demo --seed 7 --keep',
    'demo --out out   (the folder for the report and the chart of the playbook)',
    'demo --no-archive   (nothing is learned: the second half is no better)',
    'demo --mode model   (with PRAXIS_MODEL_URL: a model plans and acts)',
    'demo --json',
  ],
  options: (command) =>
    command
      .option('--seed <text>', 'seed of everything random', '1')
      .option('--space <name>', 'part of the archive to learn into (default: a new one)')
      .addOption(
        new Option(
          '--mode <mode>',
          'who plans and acts: search, a model, or search first and a model where that finds no way',
        )
          .choices(Object.keys(STRATEGIES))
          .default('search'),
      )
      .option('--no-archive', 'learn nothing')
      .option('--swap', 'the goals of the second half first')
      .option('--out <folder>', `folder for the report and the chart of the playbook (default: ${DEMO_FOLDER})`)
      .option('--force', 'replace files there that the demo did not make')
      .option('--keep', 'leave the services running afterwards, until Ctrl-C'),
  run: ({ options, context }) => withLife(context, (life) => play(options, context, life)),
});

async function play(options: DemoOptions, context: Context, life: Life): Promise<number> {
  const stopping = new AbortController();
  const isQuiet = options.json === true;
  const mode = isQuiet ? 'silent' : context.print.isTerminal ? 'live' : 'lines';
  try {
    const { services, backlog, own } = await gather(context, life, { isQuiet, isKept: options.keep === true });
    await hold(life, 'demo', async () => stopping.abort());
    const outcome = await runDemo(resumeOrBegin(options, context), {
      services,
      context,
      backlog,
      mode,
      force: options.force === true,
      signal: stopping.signal,
    });
    removeDemo(context.dataDir);
    if (isQuiet) context.print.json(reportJson(outcome));
    else context.print.lines(['', ...reportLines(outcome, context.print.columns)]);
    if (options.keep === true && own !== null) await keepRunning(context, own, life, isQuiet);
    return life.isStopping ? exitOf(life) : isAllDone(outcome) ? 0 : 1;
  } catch (thrown) {
    forgetUnbegun(thrown, context.dataDir);
    if (life.isStopping && !isQuiet && readDemo(context.dataDir))
      context.print.note('Stopped. `praxis demo` goes on where this one left off.');
    throw thrown;
  }
}

/** What was refused before anything began is nothing to go on with. */
function forgetUnbegun(thrown: unknown, dataDir: string): void {
  if (PraxisError.from(thrown).code === 'invalid' && readDemo(dataDir)?.runs.length === 0) removeDemo(dataDir);
}

/** Uses the Praxis that runs here, or starts one. */
async function gather(
  context: Context,
  life: Life,
  { isQuiet, isKept }: { readonly isQuiet: boolean; readonly isKept: boolean },
): Promise<Cast> {
  const { allInOne, findRunning } = await import('../../compose/all-in-one.js');
  const running = await findRunning(context);
  if (!isQuiet)
    context.print.line(
      running
        ? `Using the Praxis that runs here (planner at ${running.planner}).`
        : 'Starting planner, executors and reflector …',
    );
  const own = running ? null : await allInOne({ context, ports: 'free', dashboard: isKept }, life);
  if (!isQuiet && own?.dashboard) context.print.line(`Watch it in a browser: ${own.dashboard}`);
  const services = connect(context, running ?? own!.addresses);
  await hold(life, 'clients of the demo', async () => services.close());
  return { services, own, backlog: own ? journalBacklog(own.runtime.store) : async () => null };
}

async function keepRunning(context: Context, own: AllInOne, life: Life, isQuiet: boolean): Promise<void> {
  if (!isQuiet) {
    context.print.line();
    tellAddresses(context, own);
  }
  await life.stopped;
}
