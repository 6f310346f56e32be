import { PraxisError, isArtifactRef, nearestName, type Json, type Playbook, type PlaybookInput } from '@praxis/core';

/**
 * The inputs of a playbook from what a caller gives: texts become numbers, truth values and JSON where the playbook says
 * so, what is left out gets its default. Fails with `invalid`, and says which input, where one is missing, unknown or of
 * another type.
 */
export function bindInputs(
  { playbook: name, inputs }: Pick<Playbook, 'playbook' | 'inputs'>,
  given: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const stray = Object.keys(given).find((key) => !Object.hasOwn(inputs, key));
  if (stray !== undefined) {
    const near = nearestName(stray, Object.keys(inputs));
    const hint = near === null ? `It has ${Object.keys(inputs).join(', ') || 'none'}.` : `Did you mean ${near}?`;
    throw new PraxisError('invalid', `The playbook ${name} has no input ${stray}. ${hint}`);
  }
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, input]) => {
      const value = Object.hasOwn(given, key) ? given[key]! : input.default;
      if (value === undefined)
        throw new PraxisError(
          'invalid',
          `The playbook ${name} needs the input ${key}: --in ${key}=${exampleOf(input)}.`,
        );
      return [[key, typed(name, key, input, value)] as const];
    }),
  );
}

/** What a value of an input looks like on a command line. */
export const exampleOf = ({ type }: PlaybookInput): string =>
  ({
    string: 'TEXT',
    number: '1.5',
    integer: '3',
    boolean: 'true',
    file: 'FILE',
    files: 'FILE',
    url: 'https://example.com',
    mount: 'NAME',
    object: "'{}'",
    array: "'[]'",
  })[type];

function typed(playbook: string, key: string, { type }: PlaybookInput, value: Json): Json {
  const wrong = (): PraxisError =>
    new PraxisError('invalid', `The input ${key} of the playbook ${playbook} must be ${NOUNS[type]}.`);
  const read = typeof value === 'string' ? fromText(type, value) : value;
  if (read === undefined || !FITS[type](read)) throw wrong();
  return read;
}

/** A text as the type has it; undefined where it cannot be. */
function fromText(type: PlaybookInput['type'], text: string): Json | undefined {
  switch (type) {
    case 'number':
    case 'integer':
      return text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
    case 'boolean':
      return /^(true|yes)$/i.test(text) ? true : /^(false|no)$/i.test(text) ? false : undefined;
    case 'object':
    case 'array':
      try {
        return JSON.parse(text) as Json;
      } catch {
        return undefined;
      }
    default:
      return text;
  }
}

const isText = (value: Json): boolean => typeof value === 'string';
const isObject = (value: Json): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);

const FITS: Readonly<Record<PlaybookInput['type'], (value: Json) => boolean>> = {
  string: isText,
  mount: isText,
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: Number.isSafeInteger,
  boolean: (value) => typeof value === 'boolean',
  url: (value) => typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value),
  file: isArtifactRef,
  files: (value) => Array.isArray(value) && value.every(isArtifactRef),
  object: isObject,
  array: Array.isArray,
};

const NOUNS: Readonly<Record<PlaybookInput['type'], string>> = {
  string: 'a text',
  mount: 'the name of a mount',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  url: 'an address that begins with http:// or https://',
  file: 'a file',
  files: 'a list of files',
  object: 'a JSON object',
  array: 'a JSON list',
};
