import type { Json } from '@praxis/core';

/** A call as it stands in Python source, with literal arguments. */
export interface PythonCall {
  readonly name: string;
  readonly positional: readonly Json[];
  readonly named: Readonly<Record<string, Json>>;
}

/** Reads `grep('a.txt', pattern="x", n=[1, 2.5])`; throws where the text is anything but one call with literals. */
export function readPythonCall(text: string): PythonCall {
  const reader = new Reader(text);
  const name = reader.take(/[A-Za-z_][\w.]*/y);
  reader.take(/\(/y);
  const positional: Json[] = [];
  const named: [string, Json][] = [];
  while (!reader.has(/\)/y)) {
    const keyword = reader.has(/([A-Za-z_]\w*)\s*=(?!=)/y);
    if (keyword === null) positional.push(reader.value());
    else named.push([keyword[1]!, reader.value()]);
    if (reader.has(/,/y) === null && reader.has(/(?=\))/y) === null) throw reader.fault();
  }
  reader.take(/$/y);
  return { name, positional, named: Object.fromEntries(named) };
}

const WORDS: Readonly<Record<string, Json>> = { True: true, False: false, None: null };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\n': '' };
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([^]))/gi;
const STRING = /'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"/y;
const NUMBER = /[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;

/** A position in a text; white space between tokens is passed over. */
class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  fault(): Error {
    return new Error(`not a call with literal arguments, from character ${this.#at}: ${this.text}`);
  }

  /** The match of a sticky pattern here, past which it goes; null where there is none. */
  has(pattern: RegExp): RegExpExecArray | null {
    this.#at += /^\s*/.exec(this.text.slice(this.#at))![0].length;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  take(pattern: RegExp): string {
    const found = this.has(pattern);
    if (found === null) throw this.fault();
    return found[0];
  }

  value(): Json {
    const string = this.has(STRING);
    if (string !== null) return (string[1] ?? string[2]!).replace(ESCAPE, unescaped);
    const number = this.has(NUMBER);
    if (number !== null) return Number(number[0].replaceAll('_', ''));
    const word = this.has(/True|False|None/y);
    if (word !== null) return WORDS[word[0]]!;
    if (this.has(/\[/y) !== null) return this.items(/\]/y, () => this.value());
    if (this.has(/\(/y) !== null) return this.items(/\)/y, () => this.value());
    this.take(/\{/y);
    const pair = (): readonly [string, Json] => {
      const key = this.value();
      this.take(/:/y);
      return [String(key), this.value()];
    };
    return Object.fromEntries(this.items(/\}/y, pair));
  }

  private items<T>(end: RegExp, item: () => T): T[] {
    const items: T[] = [];
    while (this.has(end) === null) {
      items.push(item());
      if (this.has(/,/y) === null) {
        this.take(end);
        break;
      }
    }
    return items;
  }
}

const unescaped = (_: string, byte: string | undefined, unit: string | undefined, other: string): string =>
  other === undefined ? String.fromCharCode(parseInt((byte ?? unit)!, 16)) : (ESCAPES[other] ?? other);
