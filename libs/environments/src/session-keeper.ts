import { PraxisError, type SessionStore } from '@praxis/core';

/** Tries to write before giving up; each lost race means that somebody else got on. */
const RACES = 100;
const CACHED = 64;

/** A session after a change, null where nothing is to be written, and what to say of it. */
interface Change<B, T> {
  readonly body: B | null;
  readonly value: T;
}

/** How the sessions of a kind of world are written as text. */
export interface SessionCodec<B> {
  write(body: B): string;
  /** Throws where the text was not written by `write`. */
  read(text: string): B;
}

/**
 * Reads and writes the sessions of one world.
 *
 * session-keeper.1 A change is one write of the version after the one it was computed from; where somebody was quicker
 *                  it is computed again, so that every action is one step of one history, whoever acts.
 * session-keeper.2 What is kept in memory is only what a version read as, and nothing is said of a session by it alone:
 *                  a look asks the store for the version, and a change that was computed from an old one is not
 *                  written.
 */
export class SessionKeeper<B extends { readonly world: string }> {
  readonly #read = new Map<string, { readonly version: number; readonly body: B }>();

  constructor(
    private readonly world: string,
    private readonly store: SessionStore,
    private readonly codec: SessionCodec<B>,
  ) {}

  /** Null where there is no such session in this world. */
  async find(id: string): Promise<B | null> {
    return (await this.#load(id))?.body ?? null;
  }

  /** Fails with `missing` where there is no such session. */
  async get(id: string): Promise<B> {
    return (await this.find(id)) ?? this.#missing(id);
  }

  /** Writes a new session; false where the id is taken. */
  async create(id: string, body: B): Promise<boolean> {
    return this.store.save(id, 0, this.codec.write(body));
  }

  /** Changes a session; `change` may be asked more than once and gives null where nothing is to be written. */
  async update<T>(id: string, change: (body: B) => Change<B, T> | Promise<Change<B, T>>): Promise<T> {
    for (let race = 0; race < RACES; race++) {
      const kept = race === 0 ? (this.#read.get(id) ?? null) : null;
      const { version, body } = kept ?? (await this.#load(id)) ?? this.#missing(id);
      const next = await change(body);
      if (next.body === null) {
        if (kept === null) return next.value;
        continue;
      }
      if (await this.store.save(id, version, this.codec.write(next.body))) {
        this.#remember(id, version + 1, next.body);
        return next.value;
      }
    }
    throw new PraxisError(
      'conflict',
      `The session ${id} changed ${RACES} times while one action was being done; let fewer agents act in it.`,
    );
  }

  async remove(id: string): Promise<void> {
    this.#read.delete(id);
    await this.store.remove(id);
  }

  async #load(id: string): Promise<{ readonly version: number; readonly body: B } | null> {
    const kept = await this.store.load(id);
    if (kept === null) return null;
    const known = this.#read.get(id);
    if (known?.version === kept.version) return known;
    const body = this.#parse(id, kept.body);
    return body.world === this.world ? this.#remember(id, kept.version, body) : null;
  }

  #parse(id: string, text: string): B {
    try {
      return this.codec.read(text);
    } catch (cause) {
      throw new PraxisError(
        'invalid',
        `The session ${id} was kept by another release and cannot be read; open a new one.`,
        { cause },
      );
    }
  }

  #remember(id: string, version: number, body: B): { readonly version: number; readonly body: B } {
    this.#read.delete(id);
    this.#read.set(id, { version, body });
    if (this.#read.size > CACHED) this.#read.delete(this.#read.keys().next().value!);
    return { version, body };
  }

  #missing(id: string): never {
    throw new PraxisError(
      'missing',
      `There is no session ${id} in the world ${this.world}; it was closed, or never opened.`,
    );
  }
}
