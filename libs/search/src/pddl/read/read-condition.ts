import type { Domain, Formula, TypedName } from '../ast.js';
import { readOneList } from './form.js';
import { readFormula } from './read-formula.js';
import { Source } from '../source.js';
import { NO_VARIABLES, vocabularyOf } from '../types/vocabulary.js';

/** Reads a goal description over the domain's constants and these objects; `name` is what errors call the text. */
export function parseCondition(
  text: string,
  domain: Domain,
  objects: readonly TypedName[],
  name = 'condition',
): Formula {
  const source = new Source(name, text);
  const list = readOneList(source, 'a condition such as (at ball kitchen)');
  return readFormula({ source, words: vocabularyOf(domain, objects) }, list, NO_VARIABLES);
}
