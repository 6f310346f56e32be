import { validationError, parseFrontMatter, type FrontMatter } from './front-matter.js';

/** A section of a prompt: its lines, and the data hole that one of them is. */
export interface PromptSection {
  readonly name: string;
  /** Of its heading in the file. */
  readonly line: number;
  readonly lines: readonly string[];
  readonly data: string | null;
}

/** A prompt file that was read and found sound. */
export interface PromptFile {
  readonly front: FrontMatter;
  readonly sections: ReadonlyMap<string, PromptSection>;
  /** The line of the file on which a hole is declared, for messages. */
  readonly holeLines: ReadonlyMap<string, number>;
}

/** What a hole in the text of a prompt looks like. */
export const HOLE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const HEADING = /^# (.*)$/;

/**
 * Reads a prompt file: YAML between two lines of `---`, then a section under each `# name`. Fails with `invalid`, and
 * says on which line, where something is not known, missing or does not fit.
 */
export function parsePrompt(text: string, file: string): PromptFile {
  const lines = text.split(/\r?\n/);
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0)
    throw validationError(file, 1, 'a prompt begins with a front matter between two lines of ---.');
  const { front, lineOf } = parseFrontMatter(lines.slice(1, end).join('\n'), file);
  const sections = splitSections(lines, end + 1, file);
  const seen = new Map<string, number>();
  for (const section of sections.values()) checkHoles(section, front, seen, file);
  checkMessages(front, sections, lineOf, file);
  for (const hole of Object.keys(front.holes)) {
    if (!seen.has(hole))
      throw validationError(
        file,
        lineOf(['holes', hole]),
        `the hole ${hole} is declared, but {{${hole}}} stands nowhere; use it or remove it.`,
      );
  }
  checkEviction(front, lineOf, file);
  return {
    front,
    sections: withData(sections, front),
    holeLines: new Map(Object.keys(front.holes).map((hole) => [hole, lineOf(['holes', hole])])),
  };
}

function splitSections(lines: readonly string[], from: number, file: string): ReadonlyMap<string, PromptSection> {
  const sections = new Map<string, { name: string; line: number; lines: string[]; data: null }>();
  let open: { lines: string[] } | null = null;
  for (let i = from; i < lines.length; i++) {
    const name = HEADING.exec(lines[i]!)?.[1]?.trim();
    if (name !== undefined) {
      if (sections.has(name))
        throw validationError(file, i + 1, `the section ${name} stands a second time; join the two.`);
      const section = { name, line: i + 1, lines: [], data: null };
      sections.set(name, section);
      open = section;
    } else if (open !== null) open.lines.push(lines[i]!);
    else if (lines[i]!.trim() !== '')
      throw validationError(file, i + 1, 'text stands before the first section; begin with a line such as "# task".');
  }
  return sections;
}

function checkHoles(section: PromptSection, front: FrontMatter, seen: Map<string, number>, file: string): void {
  let data: string | null = null;
  for (const [i, text] of section.lines.entries()) {
    const line = section.line + 1 + i;
    const names = holesIn(text);
    const unknown = names.find((name) => !Object.hasOwn(front.holes, name));
    if (unknown !== undefined)
      throw validationError(
        file,
        line,
        `the hole {{${unknown}}} is not known; declare it under holes, or mend its name.`,
      );
    if (/\{\{|\}\}/.test(text.replace(HOLE, '')))
      throw validationError(file, line, 'a hole is written {{name}}; these braces do not close.');
    const name = names.find((hole) => isData(front, hole));
    if (name !== undefined) {
      if (names.length > 1 || text.replace(HOLE, '').trim() !== '')
        throw validationError(file, line, `{{${name}}} is data and stands alone on its line.`);
      if (seen.has(name))
        throw validationError(
          file,
          line,
          `{{${name}}} stands a second time (first on line ${seen.get(name)}); data is shown once.`,
        );
      if (data !== null)
        throw validationError(
          file,
          line,
          `the section ${section.name} has two data holes, ${data} and ${name}; give each a section of its own.`,
        );
      data = name;
    }
    for (const hole of names) seen.set(hole, line);
  }
}

const holesIn = (text: string): readonly string[] => [...text.matchAll(HOLE)].map(([, name = '']) => name);
const isData = (front: FrontMatter, hole: string): boolean => front.holes[hole]!.type !== 'text';

type LineOf = (path: readonly PropertyKey[]) => number;

function checkMessages(
  front: FrontMatter,
  sections: ReadonlyMap<string, PromptSection>,
  lineOf: LineOf,
  file: string,
): void {
  const placed = new Set<string>();
  for (const [m, message] of front.messages.entries()) {
    if (message.stable && m > 0 && !front.messages[m - 1]!.stable)
      throw validationError(
        file,
        lineOf(['messages', m]),
        'a stable message stands after one that is not; stable ones come first.',
      );
    if (message.role === 'system' && m > 0)
      throw validationError(file, lineOf(['messages', m]), 'only the first message can be of the system.');
    for (const [s, name] of message.sections.entries()) {
      const line = lineOf(['messages', m, 'sections', s]);
      if (!sections.has(name))
        throw validationError(
          file,
          line,
          `there is no section ${name} in the text; write "# ${name}", or mend its name.`,
        );
      if (placed.has(name)) throw validationError(file, line, `the section ${name} is placed a second time.`);
      placed.add(name);
    }
  }
  for (const { name, line } of sections.values()) {
    if (!placed.has(name))
      throw validationError(file, line, `the section ${name} is in none of the messages; place it, or remove it.`);
  }
}

function checkEviction(front: FrontMatter, lineOf: LineOf, file: string): void {
  for (const [i, name] of front.evict.entries()) {
    const line = lineOf(['evict', i]);
    const hole = front.holes[name];
    if (hole === undefined) throw validationError(file, line, `evict names ${name}, which is no hole.`);
    if (hole.type === 'text') throw validationError(file, line, `${name} is part of a sentence and cannot be evicted.`);
    if (front.evict.indexOf(name) < i) throw validationError(file, line, `evict names ${name} twice.`);
  }
}

/** Notes for each section which hole is its data. */
function withData(
  sections: ReadonlyMap<string, PromptSection>,
  front: FrontMatter,
): ReadonlyMap<string, PromptSection> {
  return new Map(
    [...sections].map(([name, section]) => [
      name,
      { ...section, data: section.lines.flatMap(holesIn).find((hole) => isData(front, hole)) ?? null },
    ]),
  );
}
