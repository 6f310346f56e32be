import { filePath, type Json } from '@praxis/core';
import { compileSchema } from '../compile-schema.js';
import { findingOf, notEvaluated, type Checker, type CheckOf } from './checker.js';

/** The most bytes of a file that a check reads. */
const MOST_BYTES = 16 * 1024 * 1024;

export const fileChecker: Checker<CheckOf<'file'>> = {
  async check({ file, minBytes, mediaType, contains, schema }, { files, readBytes }) {
    if (files === undefined) return notEvaluated('this world has no files');
    const path = filePath(file);
    const ref = await files.find(path);
    if (ref === null) return findingOf([`There is no file ${path}.`]);
    const problems: string[] = [];
    if (ref.size < minBytes) problems.push(`${path} has ${ref.size} bytes, fewer than ${minBytes}.`);
    if (mediaType !== undefined && baseType(ref.mediaType) !== baseType(mediaType))
      problems.push(`${path} is ${ref.mediaType}, not ${mediaType}.`);
    if (contains.length === 0 && schema === undefined) return findingOf(problems);
    if (readBytes === undefined) return notEvaluated('no store of artifacts is there to read from');
    const { bytes, isWhole } = await readBytes(ref.$artifact, MOST_BYTES);
    if (!isWhole) return notEvaluated(`${path} is larger than ${MOST_BYTES} bytes, the most that a check reads`);
    return findingOf([
      ...problems,
      ...wrongIn(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes), { contains, schema }),
    ]);
  },
};

const baseType = (mediaType: string): string => mediaType.split(';')[0]!.trim().toLowerCase();

function wrongIn(
  path: string,
  text: string,
  { contains, schema }: Pick<CheckOf<'file'>, 'contains' | 'schema'>,
): readonly string[] {
  const absent = contains.filter((wanted) => !text.includes(wanted));
  const misfits = schema === undefined ? [] : compileSchema(schema)(JSON.parse(text) as Json);
  return [
    ...absent.map((wanted) => `${path} does not contain "${wanted}".`),
    ...misfits.map((wrong) => `${path} does not fit its schema: ${wrong}.`),
  ];
}
