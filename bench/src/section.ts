import { cpus, totalmem } from 'node:os';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a section of a page of results, in place of what stood between its markers; other sections stay. */
export function writeSection(file: string, name: string, text: string): void {
  const begin = `<!-- ${name}: begin -->`;
  const end = `<!-- ${name}: end -->`;
  const page = existsSync(file)
    ? readFileSync(file, 'utf8')
    : '# Benchmarks\n\nWritten by the commands in `bench/`; do not edit by hand.\n';
  const section = `${begin}\n${text.trim()}\n${end}`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    from >= 0 && to > from
      ? page.slice(0, from) + section + page.slice(to + end.length)
      : `${page.trimEnd()}\n\n${section}\n`,
  );
}

/** What the figures were measured on, without names. */
export function machineFacts(): string {
  const cores = cpus();
  return `${cores.length} cores (${cores[0]?.model.trim() || process.arch}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory, Node ${process.versions.node}, ${process.platform}`;
}
