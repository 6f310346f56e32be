import { createRequire } from 'node:module';
import { Command, type OutputConfiguration } from 'commander';
import type { Host, Verb } from './verb.js';

/**
 * In the order in which the help lists them: whole, goals, knowledge, upkeep. Each is loaded when it is typed: what one
 * verb needs would only slow down the others, and a health check starts every few seconds.
 */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  demo: async () => (await import('./commands/demo.js')).demoVerb,
  start: async () => (await import('./commands/start.js')).startVerb,
  serve: async () => (await import('./commands/serve.js')).serveVerb,
  submit: async () => (await import('./commands/submit.js')).submitVerb,
  watch: async () => (await import('./commands/watch.js')).watchVerb,
  runs: async () => (await import('./commands/runs.js')).runsVerb,
  show: async () => (await import('./commands/show.js')).showVerb,
  why: async () => (await import('./commands/why.js')).whyVerb,
  approvals: async () => (await import('./commands/approvals.js')).approvalsVerb,
  answer: async () => (await import('./commands/answer.js')).answerVerb,
  pause: async () => (await import('./commands/pause.js')).pauseVerb,
  resume: async () => (await import('./commands/resume.js')).resumeVerb,
  retry: async () => (await import('./commands/retry.js')).retryVerb,
  cancel: async () => (await import('./commands/cancel.js')).cancelVerb,
  rollback: async () => (await import('./commands/rollback.js')).rollbackVerb,
  fork: async () => (await import('./commands/fork.js')).forkVerb,
  replay: async () => (await import('./commands/replay.js')).replayVerb,
  diff: async () => (await import('./commands/diff.js')).diffVerb,
  regress: async () => (await import('./commands/regress.js')).regressVerb,
  schedule: async () => (await import('./commands/schedule.js')).scheduleVerb,
  cluster: async () => (await import('./commands/cluster.js')).clusterVerb,
  nodes: async () => (await import('./commands/nodes.js')).nodesVerb,
  worlds: async () => (await import('./commands/worlds.js')).worldsVerb,
  skills: async () => (await import('./commands/skills.js')).skillsVerb,
  tools: async () => (await import('./commands/tools.js')).toolsVerb,
  plan: async () => (await import('./commands/plan.js')).planVerb,
  export: async () => (await import('./commands/export.js')).exportVerb,
  import: async () => (await import('./commands/import.js')).importVerb,
  gc: async () => (await import('./commands/gc.js')).gcVerb,
  doctor: async () => (await import('./commands/doctor.js')).doctorVerb,
  health: async () => (await import('./commands/health.js')).healthVerb,
  settings: async () => (await import('./commands/settings.js')).settingsVerb,
  key: async () => (await import('./commands/key.js')).keyVerb,
  secrets: async () => (await import('./commands/secrets.js')).secretsVerb,
  migrate: async () => (await import('./commands/migrate.js')).migrateVerb,
  'serve-world': async () => (await import('./commands/serve-world.js')).serveWorldVerb,
  'check-world': async () => (await import('./commands/check-world.js')).checkWorldVerb,
  'simulate-node': async () => (await import('./commands/simulate-node.js')).simulateNodeVerb,
};

const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };

/**
 * The command line for what was typed: with the one verb that leads it, or with all of them where there is none, for
 * help and for the nearest name. The output must be known before the verbs are added, which take it over.
 */
export async function buildProgram(host: Host, output: OutputConfiguration, args: readonly string[]): Promise<Command> {
  const program = new Command('praxis')
    .description('Agents that plan, act and learn from their failures: planner, executors and reflector.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .showHelpAfterError('(praxis --help lists the commands, praxis COMMAND --help explains one)')
    .configureOutput(output)
    .exitOverride();
  const typed = Object.entries(VERBS).find(([name]) => name === args[0])?.[1];
  for (const load of typed ? [typed] : Object.values(VERBS)) (await load())(program, host);
  return program.addHelpText(
    'after',
    '\nBegin with `praxis demo`, or with `praxis start` and `praxis submit --world household --goal breakfast-a --wait`.',
  );
}
