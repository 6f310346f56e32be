import { PraxisError, type ChatMessage } from '@praxis/core';
import { CHARS_PER_TOKEN, inputTokens } from '../client/token-estimate.js';
import { cleanInline, cleanItem, cleanLines, fenceFor } from './clean-text.js';
import { leftOutNote, lengthOfShown, showAll, showWithin, type Shown } from './fit-lines.js';
import type { PromptHole } from './front-matter.js';
import { HOLE, type PromptFile, type PromptSection } from './prompt-file.js';

/**
 * What fills a prompt's holes: a text for `text` and `block`, items for `list`. What a prompt has no hole for is not
 * shown.
 */
export type HoleValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A prompt that is ready to be sent. */
export interface RenderedPrompt {
  readonly messages: readonly ChatMessage[];
  /** How many of the first messages come back unchanged in later calls. */
  readonly stable: number;
  /** Estimated as everywhere, by four characters each. */
  readonly tokens: number;
  /** How many lines of which hole did not fit. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** Fenced data is kept apart from what stands around it. */
const SECTION_BREAK = '\n\n';
/** Of a message beside its text, and for the rounding of its estimate. */
const MESSAGE_CHARS = (4 + 1) * CHARS_PER_TOKEN;

/**
 * Fills a prompt's holes within a budget of tokens.
 *
 * render-prompt.1 The same file, holes and budget give the same bytes.
 * render-prompt.2 It is never longer than its budget; where even what is never cut does not fit, it fails with
 *                 `exhausted`.
 * render-prompt.3 What may be cut loses whole lines and says how many. Each hole is held to its share of the budget;
 *                 where that is not enough, they lose more in the order of `evict`. Room that is left goes to the last
 *                 of that order first, but never to holes of stable messages: so late messages do not change early ones
 *                 while the shares of all fit.
 * render-prompt.4 Nothing in a hole can open or close a block, or pass for the engine's own marks.
 * render-prompt.5 A section whose data is empty, or was cut altogether, is left out; what is never cut is always there,
 *                 even if empty.
 */
export function renderPrompt(file: PromptFile, values: HoleValues, budget: number): RenderedPrompt {
  checkValues(file, values);
  const shown = fit(file, values, budget * CHARS_PER_TOKEN - file.front.messages.length * MESSAGE_CHARS);
  const messages: ChatMessage[] = [];
  let stable = 0;
  for (const message of file.front.messages) {
    const parts = message.sections
      .map((name) => sectionText(file, file.sections.get(name)!, values, shown))
      .filter((part) => part !== '');
    if (parts.length === 0) continue;
    messages.push({ role: message.role, content: parts.join(SECTION_BREAK) });
    if (message.stable) stable += 1;
  }
  const leftOut = Object.fromEntries(
    [...shown].filter(([, { leftOut }]) => leftOut > 0).map(([hole, { leftOut }]) => [hole, leftOut]),
  );
  return { messages, stable, tokens: inputTokens({ messages }), leftOut };
}

function checkValues(file: PromptFile, values: HoleValues): void {
  const { name, holes, evict } = file.front;
  for (const [hole, { type }] of Object.entries(holes)) {
    const value = values[hole];
    if (value === undefined && evict.includes(hole)) continue;
    if (value === undefined) throw new PraxisError('invalid', `The prompt ${name} needs ${hole}, a ${type}.`);
    if (Array.isArray(value) !== (type === 'list'))
      throw new PraxisError(
        'invalid',
        `${hole} of the prompt ${name} is a ${type}: give it ${type === 'list' ? 'an array of items' : 'one text'}.`,
      );
  }
}

type Shows = ReadonlyMap<string, Shown>;

/** Decides which lines of the data are shown. */
function fit(file: PromptFile, values: HoleValues, chars: number): Shows {
  const { holes, evict, messages } = file.front;
  const shown = new Map<string, Shown>();
  for (const [hole, spec] of Object.entries(holes)) {
    if (spec.type === 'text') continue;
    const lines = linesOf(spec, values[hole] ?? []);
    shown.set(
      hole,
      evict.includes(hole) ? showWithin(lines, spec.drop, Math.floor(chars * spec.share)) : showAll(lines),
    );
  }
  const spare = (): number => chars - lengthOfAll(file, values, shown);
  const resize = (hole: string, by: number): void => {
    const { drop } = holes[hole]!;
    const before = shown.get(hole)!;
    shown.set(hole, showWithin(before.lines, drop, Math.max(0, lengthOfShown(before) + by)));
  };
  for (const hole of evict) {
    if (spare() >= 0) break;
    resize(hole, spare());
  }
  if (spare() < 0) throw tooShort(file, chars, spare());
  const fixed = new Set(
    messages.filter((m) => m.stable).flatMap((m) => m.sections.map((name) => file.sections.get(name)!.data)),
  );
  for (const hole of evict.toReversed()) {
    if (fixed.has(hole) || shown.get(hole)!.leftOut === 0) continue;
    resize(hole, spare());
    // A section that had been left out brought its own words back with it.
    if (spare() < 0) resize(hole, spare());
  }
  return shown;
}

function tooShort(file: PromptFile, chars: number, spare: number): PraxisError {
  const tokens = (n: number): number => Math.ceil((n + file.front.messages.length * MESSAGE_CHARS) / CHARS_PER_TOKEN);
  return new PraxisError(
    'exhausted',
    `The prompt ${file.front.name} needs ${tokens(chars - spare)} tokens for what is never cut, and may have ${tokens(chars)}. Use a model with a longer context, or a smaller goal.`,
  );
}

function linesOf({ type }: PromptHole, value: string | readonly string[]): readonly string[] {
  if (type !== 'list') return cleanLines(String(value));
  return (value as readonly string[]).map(cleanItem).filter((item) => item !== '');
}

function lengthOfAll(file: PromptFile, values: HoleValues, shown: Shows): number {
  let total = 0;
  for (const section of file.sections.values())
    total += sectionText(file, section, values, shown).length + SECTION_BREAK.length;
  return total;
}

function sectionText(file: PromptFile, section: PromptSection, values: HoleValues, shown: Shows): string {
  const data = section.data === null ? null : shown.get(section.data)!;
  if (data !== null && data.kept.length === 0 && file.front.evict.includes(section.data!)) return '';
  const fill = (line: string): string => line.replace(HOLE, (_, hole: string) => cleanInline(String(values[hole])));
  const isData = (line: string): boolean =>
    data !== null && [...line.matchAll(HOLE)].some(([, hole]) => hole === section.data);
  const lines = section.lines.flatMap((line) =>
    isData(line) ? block(section.data!, data!, file.front.holes[section.data!]!) : [fill(line)],
  );
  return lines.join('\n').trim();
}

function block(name: string, { lines, kept, leftOut }: Shown, { sort }: PromptHole): readonly string[] {
  const fence = fenceFor(lines);
  const note = leftOutNote(leftOut);
  return [`${fence}${name}`, ...(sort ? kept.toSorted() : kept), fence, ...(note === '' ? [] : [note])];
}
