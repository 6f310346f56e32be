import { PraxisError } from '@praxis/core';
import { InvalidArgumentError, type Command } from 'commander';
import type { Context } from './context.js';

/** One use of a verb: what was typed, and what it may use. */
export interface Call<O> {
  readonly args: readonly string[];
  readonly options: O & { readonly json?: boolean };
  readonly context: Context;
}

/** A verb as its file describes it. */
export interface VerbSpec<O> {
  /** `show <run>` */
  readonly usage: string;
  readonly summary: string;
  /** Lines that can be typed as they stand, without the leading `praxis`. */
  readonly examples: readonly string[];
  readonly options?: (command: Command) => void;
  /** Gives the exit code. */
  readonly run: (call: Call<O>) => Promise<number>;
}

/** What carries verbs out: makes the context at the first need, and takes the exit code. */
export interface Host {
  context(): Context;
  finish(code: number): void;
}

/** A verb that can be added to the program. */
export type Verb = (program: Command, host: Host) => void;

/** Makes a verb of its description; every verb understands `--json`. */
export function defineVerb<O = object>(spec: VerbSpec<O>): Verb {
  return (program, host) => {
    const command = program.command(spec.usage).description(spec.summary).allowExcessArguments(false);
    spec.options?.(command);
    command.option('--json', 'print JSON, for scripts');
    command.addHelpText('after', ['', 'Examples:', ...spec.examples.map((line) => `  praxis ${line}`)].join('\n'));
    command.action(async () => {
      host.finish(
        await spec.run({
          args: command.args,
          options: command.opts<O & { json?: boolean }>(),
          context: host.context(),
        }),
      );
    });
  };
}

/** Several verbs under one word, such as `schedule add` and `schedule list`. */
export function defineGroup(
  spec: Pick<VerbSpec<object>, 'summary' | 'examples'> & { readonly name: string; readonly verbs: readonly Verb[] },
): Verb {
  return (program, host) => {
    const group = program.command(spec.name).description(spec.summary);
    for (const verb of spec.verbs) verb(group, host);
    group.addHelpText(
      'after',
      [
        '',
        'Examples:',
        ...spec.examples.map((line) => `  praxis ${line}`),
        '',
        'Each of them understands --json.',
      ].join('\n'),
    );
  };
}

/** Reads an option by one of our own readers, so that a mistake is told with the option's name. */
export function reading<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (thrown) {
      if (thrown instanceof PraxisError && thrown.code === 'invalid') throw new InvalidArgumentError(thrown.message);
      throw thrown;
    }
  };
}

/** The same for an option that may be given several times. */
export function readingEach<T>(
  read: (text: string) => T,
): (text: string, before: readonly T[] | undefined) => readonly T[] {
  return (text, before = []) => [...before, reading(read)(text)];
}

/** Reads an option that must be a number above nothing. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** Reads an option that must be a whole number. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number from ${least} on.`);
    return value;
  };
}
