import { createRequire } from 'node:module';
import { Command, type OutputConfiguration } from 'commander';
import type { Host, Verb } from './verb.js';

/**
 * In the order in which the help lists them: whole, goals, knowledge, upkeep. Each is loaded when it is typed: what one
 * verb needs would only slow down the others, and a health check starts every few seconds.
 */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  demo: async () => (await import('./commands/operate/demo.js')).demoVerb,
  start: async () => (await import('./commands/operate/start.js')).startVerb,
  serve: async () => (await import('./commands/operate/serve.js')).serveVerb,
  run: async () => (await import('./commands/runs/run.js')).runVerb,
  playbooks: async () => (await import('./commands/runs/playbooks.js')).playbooksVerb,
  submit: async () => (await import('./commands/runs/submit.js')).submitVerb,
  watch: async () => (await import('./commands/runs/watch.js')).watchVerb,
  runs: async () => (await import('./commands/runs/runs.js')).runsVerb,
  show: async () => (await import('./commands/runs/show.js')).showVerb,
  artifacts: async () => (await import('./commands/runs/artifacts.js')).artifactsVerb,
  why: async () => (await import('./commands/runs/why.js')).whyVerb,
  approvals: async () => (await import('./commands/people/approvals.js')).approvalsVerb,
  answer: async () => (await import('./commands/people/answer.js')).answerVerb,
  pause: async () => (await import('./commands/runs/pause.js')).pauseVerb,
  resume: async () => (await import('./commands/runs/resume.js')).resumeVerb,
  retry: async () => (await import('./commands/runs/retry.js')).retryVerb,
  cancel: async () => (await import('./commands/runs/cancel.js')).cancelVerb,
  rollback: async () => (await import('./commands/runs/rollback.js')).rollbackVerb,
  fork: async () => (await import('./commands/history/fork.js')).forkVerb,
  replay: async () => (await import('./commands/history/replay.js')).replayVerb,
  diff: async () => (await import('./commands/history/diff.js')).diffVerb,
  regress: async () => (await import('./commands/history/regress.js')).regressVerb,
  schedule: async () => (await import('./commands/runs/schedule.js')).scheduleVerb,
  cluster: async () => (await import('./commands/operate/cluster.js')).clusterVerb,
  nodes: async () => (await import('./commands/nodes/nodes.js')).nodesVerb,
  worlds: async () => (await import('./commands/worlds/worlds.js')).worldsVerb,
  skills: async () => (await import('./commands/worlds/skills.js')).skillsVerb,
  tools: async () => (await import('./commands/runs/tools.js')).toolsVerb,
  plan: async () => (await import('./commands/worlds/plan.js')).planVerb,
  export: async () => (await import('./commands/history/export.js')).exportVerb,
  import: async () => (await import('./commands/history/import.js')).importVerb,
  gc: async () => (await import('./commands/history/gc.js')).gcVerb,
  doctor: async () => (await import('./commands/operate/doctor.js')).doctorVerb,
  health: async () => (await import('./commands/operate/health.js')).healthVerb,
  settings: async () => (await import('./commands/operate/settings.js')).settingsVerb,
  key: async () => (await import('./commands/operate/key.js')).keyVerb,
  secrets: async () => (await import('./commands/operate/secrets.js')).secretsVerb,
  migrate: async () => (await import('./commands/operate/migrate.js')).migrateVerb,
  'serve-world': async () => (await import('./commands/worlds/serve-world.js')).serveWorldVerb,
  'check-world': async () => (await import('./commands/worlds/check-world.js')).checkWorldVerb,
  'simulate-node': async () => (await import('./commands/nodes/simulate-node.js')).simulateNodeVerb,
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
