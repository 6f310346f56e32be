import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PraxisError } from '@praxis/core';

/** Where a line lies in a spool, in bytes. */
export interface Place {
  readonly at: number;
  readonly length: number;
}

/** Written and read in pieces of this size. */
const PIECE_BYTES = 256 * 1024;

/**
 * Lines that wait in a file of their own, so that a file of any size can be read twice. The file is removed when it is
 * closed, and where the system allows it has no name from the beginning.
 */
export class Spool {
  #size = 0;
  #last: Place = { at: 0, length: 0 };
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  private constructor(
    private readonly dir: string,
    private readonly file: FileHandle,
    private readonly mostBytes: number,
  ) {}

  /** Opens an empty one that takes so many bytes. */
  static async open(mostBytes: number): Promise<Spool> {
    const dir = await mkdtemp(join(tmpdir(), 'praxis-import-'));
    const file = await open(join(dir, 'lines'), 'wx+', 0o600);
    if (process.platform !== 'win32') await rm(dir, { recursive: true });
    return new Spool(dir, file, mostBytes);
  }

  /** Where the line that was written last lies. */
  get last(): Place {
    return this.#last;
  }

  /** Hands lines on, one at a time, and keeps each before; fails with `exhausted` where they are too many. */
  async *keep(texts: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
    for await (const text of texts) {
      const bytes = Buffer.from(`${text.replace(/\r?\n$/, '')}\n`);
      if (this.#size + bytes.length > this.mostBytes) {
        throw new PraxisError(
          'exhausted',
          `The file holds more than ${Math.floor(this.mostBytes / 1_048_576)} MB, which is all that an import may bring; set PRAXIS_LIMITS_IMPORT_MB of the planner higher.`,
        );
      }
      this.#last = { at: this.#size, length: bytes.length - 1 };
      this.#size += bytes.length;
      this.#waiting.push(bytes);
      this.#waitingBytes += bytes.length;
      if (this.#waitingBytes >= PIECE_BYTES) await this.flush();
      yield text;
    }
    await this.flush();
  }

  async flush(): Promise<void> {
    const all = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (all.length > 0) await this.file.writev([all], this.#size - all.length);
  }

  /** One line. */
  async read({ at, length }: Place): Promise<string> {
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await this.file.read(bytes, done, length - done, at + done);
      if (bytesRead === 0)
        throw new PraxisError('unavailable', 'The file for temporary data was cut short; import the run again.');
      done += bytesRead;
    }
    return bytes.toString('utf8');
  }

  /** All lines, from the first. */
  async *lines(): AsyncGenerator<string, void, undefined> {
    const piece = Buffer.alloc(PIECE_BYTES);
    let rest: Buffer[] = [];
    for (let at = 0; at < this.#size;) {
      const { bytesRead } = await this.file.read(piece, 0, piece.length, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      let from = 0;
      const got = piece.subarray(0, bytesRead);
      for (let end = got.indexOf(10); end !== -1; end = got.indexOf(10, from)) {
        yield Buffer.concat([...rest, got.subarray(from, end)]).toString('utf8');
        rest = [];
        from = end + 1;
      }
      rest.push(Buffer.from(got.subarray(from)));
    }
  }

  async close(): Promise<void> {
    await this.file.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}
