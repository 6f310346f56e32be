import { orderNodes, type NodeStatus, type Outcome, type PlanNode, type Question } from '@praxis/core';
import { answersTo } from './question-lines.js';
import { plain, type Line, type Span, type Style } from './line.js';
import { totalsOf, type RunModel } from './run-model.js';
import { count, duration } from './words.js';

/** `all`: every subgoal. `active`: those under way or failed, the others counted. `head`: one line. */
export type Detail = 'all' | 'active' | 'head';

const MARKS: Readonly<Record<NodeStatus, Span>> = {
  done: { text: '✓', style: 'green' },
  dispatched: { text: '▶', style: 'cyan' },
  pending: { text: '·', style: 'dim' },
  failed: { text: '✗', style: 'red' },
  cancelled: { text: '✗', style: 'yellow' },
};

const OUTCOME_STYLE: Readonly<Record<Outcome, Style>> = { done: 'green', failed: 'red', cancelled: 'yellow' };

/** A run as lines: its head and, as the detail asks, what waits for people and its subgoals as a tree. */
export function runLines(model: RunModel, detail: Detail, now: number): readonly Line[] {
  const { run } = model;
  if (detail === 'head' || run?.ended) return [headLine(model, now)];
  const head = [headLine(model, now), ...model.questions.flatMap(questionSpans)];
  if (!run?.plan) return head;
  const nodes = orderNodes(run.plan.nodes) ?? run.plan.nodes;
  const status = (node: PlanNode): NodeStatus => run.nodes.get(node.id)?.status ?? 'pending';
  const shown = nodes.filter((n) => detail === 'all' || !['done', 'pending'].includes(status(n)));
  return [...head, ...shown.map((n, i) => nodeLine(model, n, status(n), i === shown.length - 1))];
}

function headLine(model: RunModel, now: number): Line {
  const { run, startedAt, endedAt } = model;
  const { steps, failed, replans, subgoals, done } = totalsOf(model);
  const parts: Span[] = [
    { text: `  ${run?.plan ? `${done}/${subgoals} subgoals` : stageOf(model)}, ${count(steps, 'step')}`, style: 'dim' },
  ];
  if (failed > 0) parts.push({ text: `, ${failed} failed`, style: 'yellow' });
  if (replans > 0) parts.push({ text: `, ${count(replans, 'replan')}`, style: 'dim' });
  if (startedAt !== null) parts.push({ text: `, ${duration((endedAt ?? now) - startedAt)}`, style: 'dim' });
  if (model.questions.length > 0)
    parts.push({ text: `, ${count(model.questions.length, 'question')}`, style: 'yellow' });
  if (run?.paused && !run.ended) parts.push({ text: `, paused: ${run.paused}`, style: 'yellow' });
  return [markOf(model), { text: ` ${model.name}`, style: 'bold' }, ...parts, ...reasonOf(model)];
}

/** What a person is asked, and the likeliest answer as it is typed. */
function questionSpans(question: Question): readonly Line[] {
  return [
    [
      { text: '  ? ', style: 'yellow' },
      { text: question.text, style: 'bold' },
    ],
    [
      { text: `    ${answersTo(question)[0]}`, style: 'cyan' },
      { text: '   (praxis approvals shows the other answers)', style: 'dim' },
    ],
  ];
}

function markOf({ run }: RunModel): Span {
  if (run?.ended) return MARKS[run.ended.outcome];
  if (run?.paused) return { text: '‖', style: 'yellow' };
  return MARKS[run?.plan ? 'dispatched' : 'pending'];
}

function reasonOf({ run }: RunModel): readonly Span[] {
  if (run?.blocked && !run.ended) return [{ text: `  cannot go on for now: ${run.blocked}`, style: 'yellow' }];
  if (!run?.ended || run.ended.outcome === 'done') return [];
  return [{ text: `  ${run.ended.reason}`, style: OUTCOME_STYLE[run.ended.outcome] }];
}

function stageOf({ run }: RunModel): string {
  if (run?.ended) return 'no plan';
  return run?.opened ? 'planning' : 'waiting';
}

function nodeLine(model: RunModel, node: PlanNode, status: NodeStatus, isLast: boolean): Line {
  const work = model.work[node.id];
  const spans: Span[] = [{ text: isLast ? '  └ ' : '  ├ ', style: 'dim' }, MARKS[status], { text: ` ${node.id} ` }];
  if (node.owner !== null) spans.push({ text: `${node.owner} `, style: 'cyan' });
  spans.push({ text: node.title });
  if (work && work.steps > 0) spans.push({ text: `  ${count(work.steps, 'step')}`, style: 'dim' });
  if (work && work.failed > 0) spans.push({ text: `, ${work.failed} failed`, style: 'yellow' });
  if (work && status === 'dispatched' && work.last !== '') spans.push({ text: `  ${work.last}`, style: 'dim' });
  return spans;
}

const LESS: Readonly<Record<Detail, Detail>> = { all: 'active', active: 'head', head: 'head' };

/** All runs in at most `rows` lines: with as much detail as fits, and the finished ones collapsed first. */
export function boardLines(
  models: readonly RunModel[],
  footer: readonly Line[],
  rows: number,
  now: number,
): readonly Line[] {
  const room = Math.max(1, rows - footer.length);
  for (let detail: Detail = 'all'; ; detail = LESS[detail]) {
    const lines = models.flatMap((m) => runLines(m, detail, now));
    if (lines.length <= room) return [...lines, ...footer];
    if (detail === 'head') return [...pressed(models, room, now), ...footer];
  }
}

/** One line per run is still too much: the finished ones become a count, and what is left over too. */
function pressed(models: readonly RunModel[], room: number, now: number): readonly Line[] {
  const going = models.filter((m) => !m.run?.ended);
  const shown = going.slice(0, Math.max(0, room - 1)).flatMap((m) => runLines(m, 'head', now));
  const rest = [
    count(models.length - going.length, 'run').concat(' finished'),
    ...(going.length > shown.length ? [`${going.length - shown.length} more under way`] : []),
  ];
  return [...shown, plain(`  ${rest.join(', ')}`, 'dim')];
}
