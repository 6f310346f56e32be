import { faultPoint, type Clock, type SessionStore } from '@praxis/core';
import { inOurWords } from './database-error.js';
import type { PrismaClient } from './generated/client.js';

/** Keeps the sessions of worlds; of two writers of one version, the second is told so. */
export class PostgresSessions implements SessionStore {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;

  constructor(prisma: PrismaClient, clock: Clock) {
    this.#prisma = prisma;
    this.#clock = clock;
  }

  async load(id: string): Promise<{ readonly version: number; readonly body: string } | null> {
    return inOurWords(this.#prisma.worldSession.findUnique({ where: { id }, select: { version: true, body: true } }));
  }

  async save(id: string, expected: number, body: string): Promise<boolean> {
    await faultPoint('session.before-save');
    const data = { version: expected + 1, body, updatedAt: BigInt(this.#clock.now()) };
    const written =
      expected === 0
        ? this.#prisma.worldSession.createMany({ data: [{ id, ...data }], skipDuplicates: true })
        : this.#prisma.worldSession.updateMany({ where: { id, version: expected }, data });
    const { count } = await inOurWords(written);
    await faultPoint('session.after-save');
    return count === 1;
  }

  async remove(id: string): Promise<void> {
    await inOurWords(this.#prisma.worldSession.deleteMany({ where: { id } }));
  }
}
