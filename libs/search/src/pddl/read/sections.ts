import { itemOf, listOf, nameOf, noMoreThan, symbolOf } from './expect.js';
import { readOneList } from './form.js';
import type { ListForm } from './form.js';
import { suggestion } from '../types/nearest.js';
import type { Source } from '../source.js';

/** The named sections of a `(define …)`, in the order of the text. */
export interface Definition {
  readonly name: string;
  readonly list: ListForm;
  readonly sections: ReadonlyMap<string, readonly ListForm[]>;
}

/** Which sections a definition may have. */
export interface SectionRules {
  readonly once: readonly string[];
  readonly many: readonly string[];
  /** What a section that is known but not supported stands for. */
  readonly unsupported: Readonly<Record<string, string>>;
}

/** Reads `(define (domain name) (:section …) …)`. */
export function readDefinition(source: Source, what: 'domain' | 'problem', rules: SectionRules): Definition {
  const list = readOneList(source, `"(define (${what} …) …)"`);
  const define = symbolOf(source, itemOf(source, list, 0, '"define"'), '"define"');
  if (define.text !== 'define') throw source.error(define.at, `found "${define.text}", expected "define"`);
  const header = listOf(source, itemOf(source, list, 1, `"(${what} name)"`), `"${what}"`);
  const kind = symbolOf(source, itemOf(source, header, 0, `"${what}"`), `"${what}"`);
  if (kind.text !== what)
    throw source.error(kind.at, `found "${kind.text}", expected "${what}"; is this the right file?`);
  const name = nameOf(source, itemOf(source, header, 1, `the name of the ${what}`), `the name of the ${what}`);
  noMoreThan(source, header, 2);
  return { name, list, sections: readSections(source, list, rules) };
}

function readSections(source: Source, list: ListForm, rules: SectionRules): Map<string, ListForm[]> {
  const sections = new Map<string, ListForm[]>();
  for (const form of list.items.slice(2)) {
    const part = listOf(source, form, 'a section such as (:requirements …)');
    const { text, at } = symbolOf(source, itemOf(source, part, 0, 'the name of a section'), 'the name of a section');
    checkSection(source, text, at, rules);
    const same = sections.get(text);
    if (same === undefined) sections.set(text, [part]);
    else if (rules.many.includes(text)) same.push(part);
    else throw source.error(part.at, `a second \`${text}\`; join it with the first`);
  }
  return sections;
}

function checkSection(source: Source, name: string, at: number, rules: SectionRules): void {
  const unsupported = Object.hasOwn(rules.unsupported, name) ? rules.unsupported[name] : undefined;
  if (unsupported !== undefined) throw source.error(at, `not supported: ${unsupported}`);
  const known = [...rules.once, ...rules.many];
  if (!known.includes(name)) throw source.error(at, `unknown section \`${name}\`${suggestion(name, known)}`);
}

/** The section of a name that may stand only once, if it is there. */
export function sectionOf(definition: Definition, name: string): ListForm | undefined {
  return definition.sections.get(name)?.[0];
}

/** The words of `(:requirements …)`; they are not held against the text that follows. */
export function readRequirements(source: Source, definition: Definition): string[] {
  const words = sectionOf(definition, ':requirements')?.items.slice(1) ?? [];
  return words.map((form) => {
    const { text, at } = symbolOf(source, form, 'a requirement such as :typing');
    if (!text.startsWith(':')) throw source.error(at, `found "${text}", expected a requirement such as :typing`);
    return text;
  });
}
