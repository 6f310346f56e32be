import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How a container is made: a root folder of its own, a host of the network, and one program as one user. */
export interface ContainerSpec {
  readonly name: string;
  readonly namespace: string;
  /** An empty folder that becomes the root. */
  readonly root: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** `uid:gid` */
  readonly user: string;
  readonly readOnly: boolean;
  /** Folders of this machine, by their path in the container. */
  readonly mounts: readonly { readonly from: string; readonly at: string; readonly readOnly: boolean }[];
  readonly tmpfs: readonly { readonly path: string; readonly options: string }[];
  /** The text of /etc/hosts. */
  readonly hosts: string;
  /** What asks it to end. */
  readonly stopSignal: NodeJS.Signals;
}

/** Folders of this machine that every container sees, read-only: programs and libraries. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/opt'];

/** A shell's program: goes to the folder that is its name, and becomes the command that is given to it. */
const IN_FOLDER = 'cd "$0" && exec "$@"';

const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * A process with a root folder, a network and mounts of its own, as a container engine would start it: no privileges,
 * and nothing writable but its volumes and tmpfs. The process is the program itself, so that signals reach it.
 */
export class Container {
  readonly #child: ChildProcess;
  output = '';
  /** The exit code, or null where a signal ended it. */
  readonly exit: Promise<number | null>;

  constructor(private readonly spec: ContainerSpec) {
    writeEtc(spec);
    this.#child = spawn(
      'ip',
      [
        'netns',
        'exec',
        spec.namespace,
        'unshare',
        '--mount',
        '--uts',
        '--propagation',
        'private',
        'sh',
        '-ec',
        script(spec),
      ],
      { env: {}, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.exit = once(this.#child, 'close').then(() => this.#child.exitCode);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Runs a command inside, as a health check does; null where it ends with 0, otherwise what it said. */
  async check(argv: readonly string[], timeoutMs: number): Promise<string | null> {
    const [uid, gid] = this.spec.user.split(':') as [string, string];
    const inside = [
      '--target',
      String(this.#child.pid),
      '--mount',
      '--uts',
      '--net',
      '--root',
      `--setuid=${uid}`,
      `--setgid=${gid}`,
    ];
    const child = spawn(
      'nsenter',
      [...inside, '/usr/bin/env', '-i', ...pairs(this.spec.env), 'sh', '-c', IN_FOLDER, this.spec.workdir, ...argv],
      { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    return child.exitCode === 0 ? null : `${said.trim()} (${child.exitCode ?? child.signalCode})`;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it to end; ends it when the grace is over. Gives the exit code, null where it had to be killed. */
  async stop(graceMs: number): Promise<number | null> {
    this.kill(this.spec.stopSignal);
    const force = setTimeout(() => this.kill('SIGKILL'), graceMs);
    const code = await this.exit;
    clearTimeout(force);
    return code;
  }
}

function writeEtc({ root, hosts, name }: ContainerSpec): void {
  mkdirSync(join(root, 'etc'), { recursive: true });
  const write = (file: string, text: string): void => writeFileSync(join(root, 'etc', file), text);
  write('hosts', hosts);
  write('hostname', `${name}\n`);
  write('nsswitch.conf', 'hosts: files\npasswd: files\ngroup: files\n');
  write('passwd', 'root:x:0:0::/:/bin/sh\nservice:x:999:999::/:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\n');
  write('group', 'root:x:0:\nservice:x:999:\nnode:x:1000:\n');
}

/** The steps by which the process becomes the container; it dies with the process that started it. */
function script({ root, name, mounts, tmpfs, readOnly, user, workdir, env, argv }: ContainerSpec): string {
  const at = (path: string): string => quote(join(root, path));
  const node = dirname(dirname(process.execPath));
  const system = [...SYSTEM, ...(node.startsWith('/usr') || node.startsWith('/opt') ? [] : [node])];
  const lines = [
    `hostname ${quote(name)}`,
    `mount --bind ${at('/')} ${at('/')}`,
    ...system.map(
      (path) =>
        `if [ -L ${path} ]; then cp -P ${path} ${at(path)} 2>/dev/null || true; elif [ -d ${path} ]; then mkdir -p ${at(path)}; mount --rbind ${path} ${at(path)}; mount -o remount,bind,ro ${at(path)}; fi`,
    ),
    `mkdir -p ${at('/proc')} ${at('/dev')}; mount --rbind /proc ${at('/proc')}; mount --rbind /dev ${at('/dev')}`,
    ...mounts.map(
      ({ from, at: path, readOnly: ro }) =>
        `mkdir -p ${at(path)}; mount --bind ${quote(from)} ${at(path)}${ro ? `; mount -o remount,bind,ro ${at(path)}` : ''}`,
    ),
    ...tmpfs.map(
      ({ path, options }) =>
        `mkdir -p ${at(path)}; mount -t tmpfs ${options === '' ? '' : `-o ${options}`} tmpfs ${at(path)}; ${options === '' ? `chmod 1777 ${at(path)}` : 'true'}`,
    ),
    ...(readOnly ? [`mount -o remount,bind,ro ${at('/')}`] : []),
  ];
  const [uid, gid] = user.split(':') as [string, string];
  const become = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--bounding-set=-all',
    '--pdeathsig=KILL',
  ];
  const enter = ['chroot', root, ...become, 'env', '-i', ...pairs(env), 'sh', '-c', IN_FOLDER, workdir, ...argv];
  return [...lines, `exec ${enter.map(quote).join(' ')}`].join('\n');
}

const pairs = (env: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(env).map(([key, value]) => `${key}=${value}`);

/** Removes a container's root once nothing runs in it; its mounts went with its processes. */
export function removeRoot(root: string): void {
  spawnSync('rm', ['-rf', '--one-file-system', root]);
}
