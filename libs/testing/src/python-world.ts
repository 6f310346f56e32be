import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PROTOS = ['praxis/v1/types.proto', 'praxis/v1/environment.proto'];

const works = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The Python that can serve a world; undefined where there is none with gRPC and protobuf. */
const python = (): string | undefined =>
  ['python3', '/usr/bin/python3'].find((command) => works(command, ['-c', 'import grpc, google.protobuf']));

/** Whether this machine can run the example worlds in Python. */
export function hasPythonWorlds(): boolean {
  // The compiler without the well-known types, which a package of their own may bring, is no use.
  const compiles = works('protoc', ['-I', join(ROOT, 'proto'), '--descriptor_set_out=/dev/null', PROTOS[1]!]);
  return compiles && python() !== undefined;
}

/** Where a test says that it was left out. */
export const NEEDS_PYTHON =
  'the example worlds in Python: need python3-grpcio, python3-protobuf, protobuf-compiler and libprotobuf-dev';

/** An example world that is served by Python. */
export interface PythonWorld {
  readonly address: string;
  stop(): Promise<void>;
}

/** The folder of an example. */
export const exampleFolder = (example: string): string => join(ROOT, 'examples', example);

/** Starts `examples/NAME/world.py` as its README says, on a free port. */
export async function startPythonWorld(example: string): Promise<PythonWorld> {
  const made = mkdtempSync(join(tmpdir(), 'praxis-python-world-'));
  execFileSync('protoc', ['-I', join(ROOT, 'proto'), `--python_out=${made}`, ...PROTOS]);
  const child = spawn(python()!, [join(exampleFolder(example), 'world.py'), '127.0.0.1:0'], {
    env: { PATH: process.env['PATH'], PYTHONPATH: made, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit').then(() => Promise.reject(new Error(`The world ${example} ended at its start.`)));
  gone.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout, 'data'), gone])) as [Buffer];
  return {
    address: `127.0.0.1:${/port (\d+)/.exec(line.toString())![1]!}`,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
      rmSync(made, { recursive: true, force: true });
    },
  };
}
