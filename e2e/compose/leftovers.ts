import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bridges, namespaces and folders are named after the process that made them. */
const NAMED = /^pxtest([0-9a-z]+)(?:-.*)?$/;
const FOLDER = /^praxis-compose-([0-9a-z]+)-/;

/** What the names of this process's bridge, namespaces and folders begin with. */
export const ownPrefix = (pid: number): string => `pxtest${pid.toString(36)}`;

/** What the names of this process's temporary folders begin with. */
export const folderPrefix = (pid: number): string => join(tmpdir(), `praxis-compose-${pid.toString(36)}-`);

/** Takes away what processes left that died before they could; those that live are left alone. */
export function removeLeftovers(): void {
  for (const line of spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout.split('\n')) {
    const [name] = line.split(' ');
    if (isOrphan(NAMED, name!)) spawnSync('ip', ['netns', 'delete', name!]);
  }
  for (const link of bridges()) if (isOrphan(NAMED, link)) spawnSync('ip', ['link', 'delete', link]);
  for (const folder of readdirSync(tmpdir()))
    if (isOrphan(FOLDER, folder)) rmSync(join(tmpdir(), folder), { recursive: true, force: true });
}

const bridges = (): readonly string[] =>
  execFileSync('ip', ['-o', 'link', 'show', 'type', 'bridge'], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? []);

function isOrphan(pattern: RegExp, name: string): boolean {
  const [, pid] = pattern.exec(name) ?? [];
  return pid !== undefined && !existsSync(`/proc/${Number.parseInt(pid, 36)}`);
}
