import * as fc from 'fast-check';
import type { Json, Output } from '@praxis/core';
import type { ActCandidate } from '../contract/candidates.js';
import { resolveReferences } from './react-references.js';
import type { ReactState } from './react-state.js';

const state = (outputs: Readonly<Record<string, Output>>, inputs: object | undefined = {}) =>
  ({ opened: { inputs }, outputs }) as unknown as ReactState;
const output = (value: Json, taint: readonly string[] = []): Output => ({ value, artifacts: [], taint: [...taint] });
const act = (args: { readonly [key: string]: Json }, origin = 'model'): ActCandidate => ({
  kind: 'act',
  action: { skill: 'remind', args },
  why: '',
  times: 1,
  origin,
  taint: ['model'],
  effect: 'unknown',
});

describe('references of a model', () => {
  it('give the value, whatever it is, with its taint, and are followed once (react.13, react-references.1, react-references.2, react-references.3)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constant('$s2.secret')), (json) => {
        const value = JSON.parse(JSON.stringify(json)) as Json;
        const at = state({ s1: output({ rows: [value] }, ['http:shop']), s2: output({ secret: 'x' }) });
        const { candidate, missing } = resolveReferences(at, act({ what: '$s1.rows[0]' }));
        expect(missing).toBeNull();
        expect(candidate).toMatchObject({ action: { args: { what: value } }, taint: ['model', 'http:shop'] });
      }),
    );
  });

  it('are whole texts: a template that a skill is given stays one (react-references.2)', () => {
    const at = state({ s1: output({ name: 'Ada' }) });
    const { candidate } = resolveReferences(at, act({ template: 'Dear {{ s1.name }}', price: '$$5', n: 'costs $s1' }));
    expect(candidate).toMatchObject({
      action: { args: { template: 'Dear {{ s1.name }}', price: '$5', n: 'costs $s1' } },
    });
  });

  it('lead nowhere where no output is, and that is said (react-references.1)', () => {
    expect(resolveReferences(state({ s1: output({ rows: [] }) }), act({ what: '$s9.rows' })).missing).toMatch(/s9/);
  });

  it.each([
    ['a script', act({ what: '$s1' }, 'script'), state({ s1: output(1) })],
    ['an older stream', act({ what: '$s1' }), { opened: {}, outputs: { s1: output(1) } } as unknown as ReactState],
  ])('are not read in what comes from %s (react-references.4)', (_, candidate, at) => {
    expect(resolveReferences(at, candidate)).toEqual({ candidate, missing: null });
  });
});
