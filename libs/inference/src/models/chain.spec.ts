import { nodeSpecSchema, type NodeView } from '@praxis/core';
import { chainOf, listedModels } from './chain.js';

function view(name: string, models: readonly string[] | null, serves: readonly object[] = []): NodeView {
  const load =
    models === null ? null : { at: 0, isUp: true, note: '', running: null, waiting: null, kvUse: null, models };
  return {
    spec: nodeSpecSchema.parse({ name, url: 'http://x/v1', serves }),
    origin: 'settings',
    isDraining: false,
    load,
    inFlight: 0,
    queued: 0,
    broken: [],
    firstTokenMs: null,
  };
}

describe('chainOf', () => {
  const chains = { byRole: { judge: ['small', 'big', 'small'] }, fallback: ['big'] };

  it('takes what the goal says, else what the role has, else the default', () => {
    expect(chainOf('judge', undefined, chains, [])).toEqual(['small', 'big']);
    expect(chainOf('judge', ['own'], chains, [])).toEqual(['own']);
    expect(chainOf('judge', [], chains, [])).toEqual(['small', 'big']);
    expect(chainOf('actor', undefined, chains, [])).toEqual(['big']);
  });

  it('takes whatever chat model there is where none is named, the same for all calls', () => {
    const views = [
      view('a', ['zeta', 'bge-small', 'nomic-embed-text']),
      view('b', ['alpha', 'zeta']),
      view('c', null),
      view('d', ['hidden'], [{ name: 'beta' }, { name: 'vec', kind: 'embedding' }]),
    ];
    expect(chainOf('actor', undefined, { byRole: {}, fallback: [] }, views)).toEqual(['zeta', 'alpha', 'beta']);
    expect(listedModels(views, 'embedding')).toEqual(['bge-small', 'nomic-embed-text', 'vec']);
  });
});
