import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptText, PraxisError, textHash, type KeptText, type ModelRole } from '@praxis/core';
import type { PromptAnswer } from './answers.js';
import { validationError } from './front-matter.js';
import { parsePrompt, type PromptFile } from './prompt-file.js';
import { PROMPT_NAMES, type PromptHoles, type PromptName } from './prompt-holes.js';
import { renderPrompt, type RenderedPrompt } from './render-prompt.js';

/** A prompt: its text under its hash, and what is asked of whom with it. */
export interface Prompt<N extends PromptName = PromptName> {
  readonly name: string;
  readonly role: ModelRole;
  readonly answer: PromptAnswer;
  readonly text: string;
  /** Of the text, every byte of it. */
  readonly sha256: string;
  /** Fills the holes within a budget of tokens; see `renderPrompt`. */
  render(values: PromptHoles[N], budget: number): RenderedPrompt;
}

/** The prompts of a process, or those that a run is pinned to. */
export class PromptSet {
  private constructor(private readonly prompts: ReadonlyMap<string, Loaded>) {}

  /** Prompts from their texts, such as those that a run is pinned to (S9). */
  static of(texts: readonly string[]): PromptSet {
    return new PromptSet(new Map(texts.map(loaded).map((prompt) => [prompt.name, prompt])));
  }

  /** Fails with `missing` where there is none of that name. */
  get<N extends PromptName>(name: N): Prompt<N> {
    const prompt = this.prompts.get(name);
    if (prompt === undefined)
      throw new PraxisError(
        'missing',
        `There is no prompt ${name} among ${[...this.prompts.keys()].join(', ') || 'none at all'}. Begin a new run; this one is pinned to prompts of another version.`,
      );
    const { file, ...shown } = prompt;
    return { ...shown, render: (values, budget) => renderPrompt(file, { ...values }, budget) };
  }

  /** Hashes by name, in the order of names: what a run is pinned to. */
  get hashes(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.prompts.values()]
        .map(({ name, sha256 }) => [name, sha256] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /** The texts, ready to be kept under their hashes. */
  get texts(): readonly KeptText[] {
    return [...this.prompts.values()].map(({ text }) => keptText(text));
  }
}

/** A prompt with its text as it was read. */
type Loaded = Omit<Prompt, 'render'> & { readonly file: PromptFile };

function loaded(text: string): Loaded {
  const sha256 = textHash(text);
  const file = parsePrompt(text, `prompt ${sha256}`);
  const { name, role, answer } = file.front;
  return { name, role, answer, text, sha256, file };
}

const SHIPPED = new URL('../../prompts/', import.meta.url);

/**
 * The shipped prompts, each replaced by the file of the same name in the user's folder where there is one. Fails with
 * `invalid`, and says which file and which line, where one does not fit.
 */
export function loadPrompts(folder: string | null): PromptSet {
  const texts = new Map(
    PROMPT_NAMES.map((name) => [name as string, readFileSync(new URL(`${name}.md`, SHIPPED), 'utf8')]),
  );
  for (const path of folder === null ? [] : promptFiles(folder)) {
    const text = readFileSync(path.file, 'utf8');
    const shipped = texts.get(path.name);
    if (shipped === undefined)
      throw validationError(
        path.file,
        1,
        `there is no prompt ${path.name} to replace; the prompts are ${PROMPT_NAMES.join(', ')}.`,
      );
    checkOverride(parsePrompt(text, path.file), parsePrompt(shipped, path.name), path.file);
    texts.set(path.name, text);
  }
  return PromptSet.of([...texts.values()]);
}

function promptFiles(folder: string): readonly { readonly name: string; readonly file: string }[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
    return names.sort().map((name) => ({ name: name.slice(0, -'.md'.length), file: join(folder, name) }));
  } catch (error) {
    throw new PraxisError(
      'invalid',
      `The folder of prompts ${folder} cannot be read; mend its name, or leave the setting out.`,
      { cause: error },
    );
  }
}

/** What fills the holes does so by the shipped prompt: another text may use fewer of them, but no others. */
function checkOverride(own: PromptFile, shipped: PromptFile, file: string): void {
  const { name, role, answer, holes, evict } = shipped.front;
  for (const [key, value] of Object.entries({ name, role, answer })) {
    const said = own.front[key as 'name' | 'role' | 'answer'];
    if (said !== value) throw validationError(file, 2, `${key} is ${said}, but this prompt's is ${value}.`);
  }
  for (const [hole, { type }] of Object.entries(own.front.holes)) {
    const known = holes[hole];
    const line = own.holeLines.get(hole)!;
    if (known === undefined)
      throw validationError(
        file,
        line,
        `nothing fills the hole ${hole}; this prompt can have ${Object.keys(holes).join(', ')}.`,
      );
    if (known.type !== type) throw validationError(file, line, `the hole ${hole} is a ${known.type}, not a ${type}.`);
  }
  for (const hole of Object.keys(holes)) {
    if (!evict.includes(hole) && own.front.holes[hole] === undefined)
      throw validationError(file, 2, `the hole ${hole} is missing; no model can answer without it.`);
    if (!evict.includes(hole) && own.front.evict.includes(hole))
      throw validationError(file, 2, `${hole} cannot be evicted; no model can answer without it.`);
  }
}
