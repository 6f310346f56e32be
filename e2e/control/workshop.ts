import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A call that reached the outside. */
export interface Arrival {
  readonly path: string;
  readonly key: string;
  readonly aborted: () => boolean;
}

/** The outside world of a test: it remembers what arrived, and can be told to hold its answers. */
export class Outside {
  readonly arrivals: Arrival[] = [];
  /** Paths that begin so get no answer until they are let go. */
  hang: string | null = null;
  #waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<Outside> {
    const server = createServer((request, response) => void outside.take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const outside: Outside = new Outside(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return outside;
  }

  /** What arrived at paths that begin so, in order. */
  at(prefix: string): readonly Arrival[] {
    return this.arrivals.filter((a) => a.path.startsWith(prefix));
  }

  letGo(): void {
    this.hang = null;
    for (const go of this.#waiting.splice(0)) go();
  }

  async close(): Promise<void> {
    this.letGo();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let aborted = false;
    response.on('close', () => (aborted = !response.writableFinished));
    const path = request.url!;
    this.arrivals.push({ path, key: String(request.headers['idempotency-key'] ?? ''), aborted: () => aborted });
    if (this.hang !== null && path.startsWith(this.hang))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    response.writeHead(200).end(`did ${path}`);
  }
}

const DOMAIN = `(define (domain workshop)
  (:requirements :typing) (:types item)
  (:predicates (made ?i - item) (packed ?i - item) (sent ?i - item) (counted ?i - item))
  (:action make :parameters (?i - item) :precondition (not (made ?i)) :effect (made ?i))
  (:action unmake :parameters (?i - item) :precondition (made ?i) :effect (not (made ?i)))
  (:action pack :parameters (?i - item) :precondition (made ?i) :effect (packed ?i))
  (:action unpack :parameters (?i - item) :precondition (packed ?i) :effect (not (packed ?i)))
  (:action send :parameters (?i - item) :precondition (packed ?i) :effect (sent ?i)))`;

const problem = (goal: string): string =>
  `(define (problem p) (:domain workshop) (:objects cup plate bowl jug - item) (:init) (:goal ${goal}))`;

/**
 * Files of a workshop whose actions are done over HTTP: make is keyed and compensable, pack compensable, send
 * irreversible and unkeyed.
 */
export function writeWorkshop(
  dir: string,
  url: string,
): { readonly skills: string; goal(condition: string): readonly string[] } {
  mkdirSync(dir, { recursive: true });
  const entry = (name: string, fields: string): string =>
    `  - { name: ${name}, performs: pddl, http: { method: POST, url: "${url}/${name}/{i}" }, ${fields} }`;
  const skills = join(dir, 'skills.yaml');
  writeFileSync(
    skills,
    [
      'skills:',
      entry('make', 'effect: compensable, keyed: true, undo: { skill: unmake, args: { i: args.i } }'),
      entry('unmake', 'effect: irreversible, keyed: true'),
      entry('pack', 'effect: compensable, keyed: true, undo: { skill: unpack, args: { i: args.i } }'),
      entry('unpack', 'effect: irreversible, keyed: true'),
      entry('send', 'effect: irreversible, keyed: false, risk: 5'),
      '',
    ].join('\n'),
  );
  writeFileSync(join(dir, 'domain.pddl'), DOMAIN);
  let files = 0;
  return {
    skills,
    goal(condition) {
      const file = join(dir, `problem-${++files}.pddl`);
      writeFileSync(file, problem(condition));
      return ['submit', '--domain', join(dir, 'domain.pddl'), '--problem', file, '--no-archive', '--json'];
    },
  };
}
