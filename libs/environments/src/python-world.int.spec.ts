import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWorld } from '../../testing/src/contracts/world.contract.js';
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

if (python === undefined || !compiles) {
  it.skip('the example world in Python: needs python3-grpcio, python3-protobuf, protobuf-compiler and libprotobuf-dev', () => {});
} else {
  describeWorld('the example world in Python', async () => {
    const made = mkdtempSync(join(tmpdir(), 'praxis-python-world-'));
    execFileSync('protoc', [
      '-I',
      join(ROOT, 'proto'),
      `--python_out=${made}`,
      'praxis/v1/types.proto',
      'praxis/v1/environment.proto',
    ]);
    const child = spawn(python, [join(ROOT, 'examples/python-world/world.py'), '127.0.0.1:0'], {
      env: { PATH: process.env['PATH'], PYTHONPATH: made, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = /port (\d+)/.exec(line.toString())![1]!;
    const world = new RemoteWorld('lamps', `127.0.0.1:${port}`);
    return {
      world,
      close: async () => {
        world.close();
        child.kill();
        await once(child, 'exit');
        rmSync(made, { recursive: true, force: true });
      },
    };
  });
}
