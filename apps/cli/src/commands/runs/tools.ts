import { PraxisError, trustSchema, type Tool } from '@praxis/core';
import { withServices } from '../../compose/clients.js';
import { defineVerb } from '../../verb.js';
import { tableLines } from '../../view/table.js';
import { moment } from '../../view/words.js';

interface ToolsOptions {
  readonly space?: string;
  readonly trust?: string;
}

/** `praxis tools`: what was learned, with its evidence. */
export const toolsVerb = defineVerb<ToolsOptions>({
  usage: 'tools [id]',
  summary: 'list what was learned and why it is believed, or show one tool in full',
  examples: ['tools', 'tools --space default --trust active', 'tools 4f1c2a --json'],
  options: (command) =>
    command
      .option('--space <name>', 'only this part of the archive')
      .option('--trust <trust>', trustSchema.options.join(', ')),
  run: async ({ args, options, context: { print }, context }) => {
    const { space = null, trust, json } = options;
    if (trust !== undefined && !trustSchema.safeParse(trust).success)
      throw new PraxisError(
        'invalid',
        `There is no trust "${trust}"; choose one of ${trustSchema.options.join(', ')}.`,
      );
    const all = await withServices(context, ({ archive }) => archive.list(space));
    const [id] = args;
    if (id !== undefined) {
      const tool = pick(all, id);
      if (json) print.json(tool);
      else print.lines(toolLines(tool));
      return 0;
    }
    const tools = all.filter((t) => trust === undefined || t.trust === trust);
    if (json) print.json(tools);
    else if (tools.length === 0)
      print.note('Nothing was learned there yet; tools come from runs in which actions fail.');
    else print.lines(toolsTable(tools, print.columns));
    return 0;
  },
});

function pick(tools: readonly Tool[], id: string): Tool {
  const found = tools.filter((t) => t.id.startsWith(id));
  if (found.length === 1) return found[0]!;
  throw new PraxisError(
    found.length === 0 ? 'missing' : 'invalid',
    found.length === 0
      ? `There is no tool ${id}; \`praxis tools\` lists them.`
      : `${found.length} tools begin with ${id}; write more of the id.`,
  );
}

/** Tools as a table. */
export function toolsTable(tools: readonly Tool[], width: number): readonly string[] {
  const right = 'right' as const;
  const columns = [
    { head: 'id' },
    { head: 'tool' },
    { head: 'kind' },
    { head: 'trust' },
    { head: 'pairs', align: right },
    { head: 'wins', align: right },
    { head: 'e-value', align: right },
  ];
  const rows = tools.map((t) => [
    t.id.slice(0, 10),
    t.title,
    t.body.kind,
    t.trust,
    String(t.evidence.pairs),
    String(t.evidence.wins),
    eValue(t),
  ]);
  return tableLines(columns, rows, width);
}

function toolLines(tool: Tool): readonly string[] {
  const { body, evidence } = tool;
  const what: readonly string[] =
    body.kind === 'hint'
      ? [body.text]
      : body.kind === 'guard'
        ? [`(${[body.action, ...body.parameters].join(' ')}) needs ${body.requires}`]
        : macroLines(body);
  return [
    tool.title,
    `  ${tool.id}, ${body.kind}, ${tool.trust}, domain ${tool.domain}, space ${tool.space}, ${moment(tool.createdAt)}`,
    ...what.map((line) => `  ${line}`),
    `  learned from ${evidence.successes} successes and ${evidence.failures} failures in ${evidence.subgoals.length} subgoals`,
    `  tried in ${evidence.pairs} pairs: ${evidence.wins} won, ${evidence.losses} lost, e-value ${eValue(tool)} (20 admits)`,
  ];
}

function macroLines(body: Extract<Tool['body'], { kind: 'macro' }>): readonly string[] {
  const first = body.first.map((step) => `(${[step.action, ...step.args].join(' ')})`).join(' ');
  return [`before (${[body.action, ...body.parameters].join(' ')}), unless ${body.unless}: ${first}`];
}

/** An e-value in few digits. */
export function eValue({ evidence }: Pick<Tool, 'evidence'>): string {
  return evidence.eValue >= 100 ? String(Math.round(evidence.eValue)) : evidence.eValue.toFixed(1);
}
