import { nodeSpecSchema } from '@praxis/core';
import type { ListedNode } from '@praxis/wire';
import { nodeLines } from './node-lines.js';

const load = { at: 1, isUp: true, note: '', running: 3, waiting: 1, kvUse: 0.254, models: ['qwen3', 'bge'] };
const node = (over: Partial<ListedNode> = {}): ListedNode => ({
  spec: nodeSpecSchema.parse({ name: 'gpu1', url: 'http://gpu1:8000/v1', engine: 'vllm', serves: [{ name: 'said' }] }),
  origin: 'registered',
  standing: 'busy',
  note: '',
  isDraining: false,
  load,
  inFlight: 2,
  queued: 0,
  broken: [],
  firstTokenMs: 81.4,
  seenAt: 1,
  ...over,
});
const show = (...nodes: readonly ListedNode[]): string => nodeLines(nodes, Number.POSITIVE_INFINITY).join('\n');

describe('nodeLines', () => {
  it('shows what a node does for everybody and what it does for us', () => {
    expect(show(node())).toMatch(/gpu1 +http:\/\/gpu1:8000\/v1 +vllm +qwen3, bge +busy +3\/1 +25 % +2 +81 ms$/);
    expect(show(node({ queued: 4, firstTokenMs: 1_500 }))).toMatch(/ 2, 4 queued +1\.5 s$/);
  });

  it('shows what the owner said, and dashes, where the node has not been asked or does not tell', () => {
    expect(show(node({ load: null, firstTokenMs: null, standing: 'unknown' }))).toMatch(/said +unknown +– +– +2 +–$/);
    expect(show(node({ load: { ...load, running: null, waiting: null, kvUse: null } }))).toMatch(/busy +– +– +2/);
    expect(show(node({ load: { ...load, running: null, kvUse: 0 } }))).toMatch(/busy +–\/1 +0 % +2/);
  });

  it('says below the table why a node is not well', () => {
    expect(show(node({ standing: 'down', note: 'connection refused' }), node())).toMatch(
      /\n\ngpu1: connection refused$/,
    );
  });

  it('lets no node move the cursor', () => {
    const shown = show(node({ load: { ...load, models: ['\u001b[2Jevil\u009b1A'] }, note: 'a\nb\rc' }));
    expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(shown).toMatch(/\n\ngpu1: a b c$/);
  });
});
