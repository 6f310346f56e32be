import { execFileSync, spawnSync } from 'node:child_process';
import { ownPrefix, removeLeftovers } from './leftovers.js';

/** Why containers cannot be imitated on this machine; null where they can. */
export function whyNoContainers(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux';
  if (process.getuid?.() !== 0) return 'it needs root, to make network namespaces';
  const missing = ['ip', 'unshare', 'nsenter', 'setpriv', 'chroot', 'redis-server', 'redis-cli'].filter(
    (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
  );
  if (missing.length > 0) return `it needs ${missing.join(', ')}`;
  const probe = `praxis-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' });
  if (made.status !== 0) return `no network namespace can be made here (${made.stderr.trim()})`;
  spawnSync('ip', ['netns', 'delete', probe]);
  return null;
}

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** Another run beside this one may have the first choice. */
function freeSubnet(id: number): string {
  const taken = execFileSync('ip', ['-o', '-4', 'address'], { encoding: 'utf8' });
  const choices = Array.from({ length: 251 }, (_, n) => `10.213.${(id + n) % 251}`);
  return choices.find((subnet) => !taken.includes(` ${subnet}.`)) ?? choices[0]!;
}

/** A network of hosts on one machine: a bridge, and a network namespace with an address of its own per host. */
export class Network {
  readonly #prefix: string;
  readonly #subnet: string;
  readonly #hosts = new Map<string, { readonly namespace: string; readonly address: string }>();

  constructor(id: number) {
    removeLeftovers();
    // Names of interfaces have at most 15 characters.
    this.#prefix = ownPrefix(id);
    this.#subnet = freeSubnet(id);
    ip('link', 'add', 'name', this.#prefix, 'type', 'bridge');
    ip('address', 'add', `${this.#subnet}.1/24`, 'dev', this.#prefix);
    ip('link', 'set', this.#prefix, 'up');
  }

  /** Adds a host; the same name gives the same host again. */
  host(name: string): { readonly namespace: string; readonly address: string } {
    const known = this.#hosts.get(name);
    if (known) return known;
    const number = this.#hosts.size + 2;
    const namespace = `${this.#prefix}-${name}`;
    const [outside, inside] = [`${this.#prefix}o${number}`, `${this.#prefix}i${number}`];
    const address = `${this.#subnet}.${number}`;
    ip('netns', 'add', namespace);
    ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', namespace);
    ip('link', 'set', outside, 'master', this.#prefix, 'up');
    ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', inside);
    ip('-n', namespace, 'link', 'set', inside, 'up');
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    const host = { namespace, address };
    this.#hosts.set(name, host);
    return host;
  }

  remove(): void {
    for (const { namespace } of this.#hosts.values()) spawnSync('ip', ['netns', 'delete', namespace]);
    spawnSync('ip', ['link', 'delete', this.#prefix]);
  }
}
