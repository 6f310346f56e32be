import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWorld, type WorldUnderTest } from '../../testing/src/contracts/world.contract.js';
import { RemoteWorld } from './remote-world.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const works = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const python = ['python3', '/usr/bin/python3'].find((command) =>
  works(command, ['-c', 'import grpc, google.protobuf']),
);

// The compiler without the well-known types, which a package of their own may bring, is no use.
const compiles = works('protoc', [
  '-I',
  join(ROOT, 'proto'),
  '--descriptor_set_out=/dev/null',
  'praxis/v1/environment.proto',
]);

/** Starts an example world as its README says. */
async function started(example: string): Promise<WorldUnderTest> {
  const made = mkdtempSync(join(tmpdir(), 'praxis-python-world-'));
  const protos = ['praxis/v1/types.proto', 'praxis/v1/environment.proto'];
  execFileSync('protoc', ['-I', join(ROOT, 'proto'), `--python_out=${made}`, ...protos]);
  const child = spawn(python!, [join(ROOT, 'examples', example, 'world.py'), '127.0.0.1:0'], {
    env: { PATH: process.env['PATH'], PYTHONPATH: made, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = /port (\d+)/.exec(line.toString())![1]!;
  const world = new RemoteWorld(example, `127.0.0.1:${port}`);
  return {
    world,
    close: async () => {
      world.close();
      child.kill();
      await once(child, 'exit');
      rmSync(made, { recursive: true, force: true });
    },
  };
}

const write = (name: string, text: string) => ({ skill: 'write', args: { name, text } });

if (python === undefined || !compiles) {
  it.skip('the example worlds in Python: need python3-grpcio, python3-protobuf, protobuf-compiler and libprotobuf-dev', () => {});
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
