import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWorld, type WorldUnderTest } from '../../testing/src/contracts/world.contract.js';
import { NEEDS_PYTHON, exampleFolder, hasPythonWorlds, startPythonWorld } from '../../testing/src/python-world.js';
import { RemoteWorld } from './remote-world.js';

async function started(example: string): Promise<WorldUnderTest> {
  const { address, stop } = await startPythonWorld(example);
  const world = new RemoteWorld(example, address);
  return { world, close: () => (world.close(), stop()) };
}

it('is in the documentation as it runs', () => {
  const folder = exampleFolder('plain-world');
  const [, shown] = /```python\n([^]*?)```/.exec(readFileSync(join(folder, '../../docs/worlds.md'), 'utf8'))!;
  expect(shown).toBe(readFileSync(join(folder, 'world.py'), 'utf8'));
});

const write = (name: string, text: string) => ({ skill: 'write', args: { name, text } });

if (!hasPythonWorlds()) {
  it.skip(NEEDS_PYTHON, () => {});
} else {
  describeWorld('the example world in Python', () => started('python-world'), {
    lacks: ['legal', 'snapshots', 'plain arguments', 'states before actions'],
  });
  describeWorld(
    'the example world in Python without rules',
    async () => ({
      ...(await started('plain-world')),
      options: { actions: [write('hello', 'Good morning.'), write('goodbye', 'See you tomorrow.')] },
    }),
    { lacks: ['rules', 'legal', 'snapshots', 'states before actions'] },
  );
}
