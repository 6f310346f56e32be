import { machineFacts } from '../section.js';
import type { Stage } from './laps.js';
import type { OurTimes, Times } from './measure.js';

/** One line of the table: the floor and ours under the same load. */
export interface Row {
  readonly inFlight: number;
  readonly floor: Times;
  readonly ours: OurTimes;
}

/** Everything that was measured. */
export interface Figures {
  readonly rows: readonly Row[];
  readonly stages: readonly (readonly [Stage, number])[];
  readonly bytesPerCall: number;
  readonly promptBytes: number;
  readonly notes: readonly string[];
}

/** What each stage is. */
const MEANING: Record<Stage, string> = {
  interpreter: 'strategy and interpreter, around what follows',
  order: 'facts and legal actions put into the order of a thought',
  price: 'schema of the answer, and the most that the call may cost, for the budget',
  render: 'the prompt filled and fitted into its budget',
  request: 'seed, and what goes with the prompt',
  route: 'hashes of the prefix, queue, choice of the node, slot',
  http: 'request sent, stream read',
  validate: 'answer read and checked against its schema',
  hash: 'links of the conversation and the record',
  keep: 'conversation and record stored',
  'read answer': 'answer turned into candidates',
  journal: '`proposed` written and committed',
};

const ms = (value: number): string => value.toFixed(2);

function line({ inFlight, floor, ours }: Row): string {
  const server = ours.serverCpu === null ? '–' : ms(ours.serverCpu);
  return `| ${inFlight} | ${ms(floor.p50)} | ${ms(floor.p99)} | ${ms(floor.cpu)} | ${ms(ours.p50)} | ${ms(ours.p99)} | ${ms(ours.cpu)} | ${server} | ${ms(ours.p50 - floor.p50)} | ${Math.round(ours.perSecond)} |`;
}

/** The table of loads. */
export function callsTable(rows: readonly Row[]): string {
  return [
    '| in flight | bare p50 ms | bare p99 ms | bare CPU ms | call p50 ms | call p99 ms | CPU ms per call | CPU ms of the database | over the bare p50 ms | calls/s |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map(line),
  ].join('\n');
}

/** The table of stages. */
export function stagesTable(stages: Figures['stages']): string {
  const whole = stages.reduce((sum, [, took]) => sum + took, 0);
  return [
    '| stage | ms | share | what |',
    '|---|---|---|---|',
    ...stages.map(
      ([stage, took]) =>
        `| ${stage} | ${took.toFixed(3)} | ${Math.round((took / whole) * 100)} % | ${MEANING[stage]} |`,
    ),
    `| together | ${whole.toFixed(3)} | | |`,
  ].join('\n');
}

/** The section of the page of results. */
export function callsSection({ rows, stages, bytesPerCall, promptBytes, notes }: Figures): string {
  return [
    '## Model calls',
    '',
    `\`npm run bench:model-calls\`: what Praxis adds to a call of a model. Runs of an actor's thoughts, one after another within a run, one process, Postgres with fsync on, and a node that answers at once with a canned stream. Bare: the same request by \`fetch\` alone, its answer read and thrown away. A request has ${promptBytes} bytes, and facts and legal actions that no other call has, so no schema and no late message is met twice. ${machineFacts()}.`,
    '',
    callsTable(rows),
    '',
    'One call at a time, by stage, medians:',
    '',
    stagesTable(stages),
    '',
    `A call leaves ${Math.round(bytesPerCall)} bytes in the database, indexes and all: its new messages, its answer with the choice of the node, and its event. ${Math.round(rows[0]!.ours.walBytes)} bytes go into the database's log.`,
    ...notes.map((note) => `\n- ${note}`),
  ].join('\n');
}
