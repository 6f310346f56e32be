import { createRequire } from 'node:module';
import { Command, type OutputConfiguration } from 'commander';
import { cancelVerb } from './commands/cancel.js';
import { checkWorldVerb } from './commands/check-world.js';
import { demoVerb } from './commands/demo.js';
import { doctorVerb } from './commands/doctor.js';
import { planVerb } from './commands/plan.js';
import { runsVerb } from './commands/runs.js';
import { serveVerb } from './commands/serve.js';
import { serveWorldVerb } from './commands/serve-world.js';
import { settingsVerb } from './commands/settings.js';
import { showVerb } from './commands/show.js';
import { skillsVerb } from './commands/skills.js';
import { startVerb } from './commands/start.js';
import { submitVerb } from './commands/submit.js';
import { toolsVerb } from './commands/tools.js';
import { watchVerb } from './commands/watch.js';
import { worldsVerb } from './commands/worlds.js';
import type { Host } from './verb.js';

/** In the order in which the help lists them: whole, goals, knowledge, upkeep. */
const VERBS = [
  demoVerb, startVerb, serveVerb,
  submitVerb, watchVerb, runsVerb, showVerb, cancelVerb,
  worldsVerb, skillsVerb, toolsVerb, planVerb,
  doctorVerb, settingsVerb, serveWorldVerb, checkWorldVerb,
];

const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };

/** The whole command line; the output must be known before the verbs are added, which take it over. */
export function buildProgram(host: Host, output: OutputConfiguration): Command {
  const program = new Command('praxis')
    .description('Agents that plan, act and learn from their failures: planner, executors and reflector.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .showHelpAfterError('(praxis --help lists the commands, praxis COMMAND --help explains one)')
    .configureOutput(output)
    .exitOverride();
  for (const verb of VERBS) verb(program, host);
  return program.addHelpText('after', '\nBegin with `praxis demo`, or with `praxis start` and `praxis submit --world household --goal breakfast-a --wait`.');
}
