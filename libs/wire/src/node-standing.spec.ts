import { NODE_SILENCE_MS, nodeSpecSchema, type NodeLoad, type NodeView } from '@praxis/core';
import { nodeStandingOf } from './node-standing.js';

const NOW = 1_000_000;
const load: NodeLoad = { at: NOW, isUp: true, note: '', running: 2, waiting: 0, kvUse: 0.5, models: ['m'] };
const view = (over: Partial<NodeView> = {}): NodeView => ({
  spec: nodeSpecSchema.parse({ name: 'gpu1', url: 'http://gpu1:8000/v1', slots: 4 }),
  origin: 'registered',
  isDraining: false,
  load,
  inFlight: 0,
  queued: 0,
  broken: [],
  firstTokenMs: null,
  ...over,
});
const standing = (over: Partial<NodeView> = {}, seenAt: number | null = NOW): string =>
  nodeStandingOf(view(over), seenAt, NOW).standing;

describe('nodeStandingOf', () => {
  it('is up where it answers and takes more', () =>
    expect(nodeStandingOf(view(), NOW, NOW)).toEqual({ standing: 'up', note: '' }));

  it.each<[string, Partial<NodeView>]>([
    ['calls wait for it here', { queued: 1 }],
    ['calls wait there, whoever made them', { load: { ...load, waiting: 1 } }],
    ['all slots are taken by us', { inFlight: 4 }],
    ['all slots are taken by others', { load: { ...load, running: 4 } }],
  ])('is busy where %s', (_why, over) => expect(standing(over)).toBe('busy'));

  it('is not busy by numbers that its engine does not tell', () =>
    expect(standing({ load: { ...load, running: null, waiting: null }, inFlight: 3 })).toBe('up'));

  it('claims nothing about a node that nobody has asked', () => expect(standing({ load: null })).toBe('unknown'));

  it('tells first what keeps it from answering, for a node that drains may be gone all the same', () => {
    const down = { ...load, isUp: false, note: 'the model is loading' };
    expect(nodeStandingOf(view({ load: down, isDraining: true, queued: 3 }), NOW, NOW)).toEqual({
      standing: 'down',
      note: 'the model is loading',
    });
    expect(nodeStandingOf(view({ load: down }), NOW - NODE_SILENCE_MS - 1, NOW)).toEqual({
      standing: 'silent',
      note: 'gave no sign of life for 15 s',
    });
    expect(standing({ isDraining: true, queued: 3 })).toBe('draining');
  });

  it('takes no node of the settings for silent', () => expect(standing({}, null)).toBe('up'));

  it('says of a node that is up what is wrong with it all the same', () => {
    expect(nodeStandingOf(view({ load: { ...load, note: 'it lists no model' }, broken: ['m'] }), NOW, NOW)).toEqual({
      standing: 'up',
      note: 'too many calls failed: m; it lists no model',
    });
  });

  it('names models whose calls fail too often', () =>
    expect(nodeStandingOf(view({ broken: ['m'] }), NOW, NOW)).toEqual({
      standing: 'up',
      note: 'too many calls failed: m',
    }));
});
