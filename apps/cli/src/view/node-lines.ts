import type { ListedNode } from '@praxis/wire';
import { tableLines } from './table.js';
import { duration, visible } from './words.js';

/** What is said where there is no node. */
export const NO_NODES =
  'No node yet: set PRAXIS_MODEL_URL=http://127.0.0.1:11434/v1 (or wherever a model is served) and start again, or add one with `praxis nodes register --name gpu1 --url http://gpu1:8000/v1`; see docs/nodes.md.';

const right = 'right' as const;

/** Nodes as a table, and below it why some of them are not well. */
export function nodeLines(nodes: readonly ListedNode[], width: number): readonly string[] {
  const columns = [
    { head: 'node' },
    { head: 'url' },
    { head: 'engine' },
    { head: 'models' },
    { head: 'state' },
    ...['running/waiting', 'kv', 'in flight', 'first token'].map((head) => ({ head, align: right })),
  ];
  const notes = nodes.filter(({ note }) => note !== '').map(({ spec, note }) => visible(`${spec.name}: ${note}`));
  return [...tableLines(columns, nodes.map(nodeRow), width), ...(notes.length === 0 ? [] : ['', ...notes])];
}

function nodeRow({ spec, standing, load, inFlight, queued, firstTokenMs }: ListedNode): readonly string[] {
  const models = load?.models ?? spec.serves.map((model) => model.name);
  return [
    spec.name,
    spec.url,
    spec.engine,
    models.join(', ') || '–',
    standing,
    ...loadCells(load),
    queued === 0 ? String(inFlight) : `${inFlight}, ${queued} queued`,
    firstTokenMs === null ? '–' : firstTokenMs < 1_000 ? `${Math.round(firstTokenMs)} ms` : duration(firstTokenMs),
  ].map(visible);
}

function loadCells(load: ListedNode['load']): readonly [string, string] {
  const { running = null, waiting = null, kvUse = null } = load ?? {};
  const calls = running === null && waiting === null ? '–' : `${running ?? '–'}/${waiting ?? '–'}`;
  return [calls, kvUse === null ? '–' : `${Math.round(kvUse * 100)} %`];
}
