import type { Action, Observation } from '@praxis/core';
import * as fc from 'fast-check';
import { MemoryArtifacts } from '../memory-artifacts.js';
import { MemorySessions } from '../memory-sessions.js';
import { WorkspaceWorld } from './workspace-world.js';

const path = fc.constantFrom('a', 'b', 'a/x', 'c/d', 'C/d', '../a', 'a/');
const action: fc.Arbitrary<Action> = fc.oneof(
  fc
    .record({ path, text: fc.constantFrom('1', '2', 'x'.repeat(3000)) })
    .map((args) => ({ skill: 'files.write', args })),
  fc
    .tuple(fc.constantFrom('files.move', 'files.copy'), fc.record({ from: path, to: path, overwrite: fc.boolean() }))
    .map(([skill, args]) => ({ skill, args })),
  fc.record({ path }).map((args) => ({ skill: 'files.delete', args })),
  fc.record({ path, as: fc.constantFrom('text', 'json') }).map((args) => ({ skill: 'files.read', args })),
  fc.constant({ skill: 'files.list', args: {} }),
  fc.constant({ skill: 'files.list', args: { glob: 7 } }),
);

describe('the acts of a workspace', () => {
  it('answer a used key as before, show the facts before and after, and change nothing when refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (actions) => {
        const stores = { sessions: new MemorySessions(), artifacts: new MemoryArtifacts() };
        const session = await new WorkspaceWorld(stores).open({
          scenario: '',
          problem: null,
          seed: '1',
          sessionId: 's',
        });
        const given: Observation[] = [];
        for (const [nth, one] of actions.entries()) {
          const before = await session.observe();
          const observation = await session.act(one, `k${nth}`);
          expect(observation.before).toEqual(before);
          expect(observation.state).toEqual(await session.observe());
          if (!observation.result.ok) expect(observation.state).toEqual(before);
          given.push(observation);
        }
        // Another process reads what the first one wrote.
        const other = await new WorkspaceWorld(stores).resume('s');
        const last = await other.observe();
        for (const [nth, one] of actions.entries()) expect(await other.act(one, `k${nth}`)).toEqual(given[nth]);
        expect(await other.observe()).toEqual(last);
        expect([...last.facts].sort()).toEqual(last.facts);
      }),
      { numRuns: 60 },
    );
  });
});
