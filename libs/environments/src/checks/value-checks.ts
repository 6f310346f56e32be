import { canonical, type Json } from '@praxis/core';
import { evaluate } from '@praxis/expressions';
import { compileSchema } from '../compile-schema.js';
import { findingOf, notEvaluated, shown, type Checker, type CheckOf } from './checker.js';

export const jsonChecker: Checker<CheckOf<'json'>> = {
  check({ json, schema }, { resolve }) {
    const found = resolve(json);
    if ('missing' in found) return notEvaluated(found.missing);
    return findingOf(compileSchema(schema)(found.value).map((wrong) => `${json} does not fit its schema: ${wrong}.`));
  },
};

export const expressionChecker: Checker<CheckOf<'expr'>> = {
  check({ expr }, { variables = {} }) {
    const value = evaluate(expr, variables);
    if (typeof value !== 'boolean') return notEvaluated(`its value is ${shown(value)}, neither true nor false`);
    return findingOf(value ? [] : [`${expr} is false.`]);
  },
};

export const sqlChecker: Checker<CheckOf<'sql'>> = {
  async check({ sql, expect }, { query }) {
    if (query === undefined) return notEvaluated('there are no tables to query');
    const rows = await query(sql);
    if (expect === 'rows') return findingOf(rows.length > 0 ? [] : [`${sql} gives no rows.`]);
    if (expect === 'no-rows')
      return findingOf(rows.length === 0 ? [] : [`${sql} gives ${rows.length} rows; it should give none.`]);
    const cells = rows.flatMap((row): readonly Json[] => Object.values(row));
    if (cells.length !== 1) return findingOf([`${sql} gives ${cells.length} values, not the one that is expected.`]);
    const isSame = canonical(cells[0]!) === canonical(expect.value);
    return findingOf(isSame ? [] : [`${sql} gives ${shown(cells[0]!)}, not ${shown(expect.value)}.`]);
  },
};
