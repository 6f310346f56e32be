import type { Check } from '@praxis/core';

/** A check in words. */
export function checkText(check: Check): string {
  if ('file' in check) {
    const words = check.contains.map((w) => JSON.stringify(w)).join(', ');
    return `${check.file} is there${words === '' ? '' : ` and contains ${words}`}`;
  }
  if ('json' in check) return `${check.json} fits its schema`;
  if ('sql' in check)
    return `${check.sql} gives ${typeof check.expect === 'string' ? check.expect : JSON.stringify(check.expect.value)}`;
  if ('expr' in check) return check.expr;
  if ('http' in check) return `${check.http} answers ${check.status.join(' or ')}`;
  if ('skill' in check) return `what ${check.skill} gives fits`;
  if ('judge' in check) return `a model judges: ${check.judge}`;
  return `a person says: ${check.person}`;
}
