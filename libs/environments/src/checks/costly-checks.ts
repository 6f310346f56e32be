import { artifactRefSchema, type Json } from '@praxis/core';
import { compileSchema } from '../compile-schema.js';
import { findingOf, notEvaluated, type Checker, type CheckOf } from './checker.js';

export const httpChecker: Checker<CheckOf<'http'>> = {
  async check({ http, status, contains }, { fetch }) {
    if (fetch === undefined) return notEvaluated('no HTTP request can be made here');
    const answer = await fetch(http);
    const problems = contains.filter((text) => !answer.body.includes(text));
    return findingOf([
      ...(status.includes(answer.status) ? [] : [`${http} answers ${answer.status}, not ${status.join(' or ')}.`]),
      ...problems.map((text) => `${http} does not contain "${text}".`),
    ]);
  },
};

export const skillChecker: Checker<CheckOf<'skill'>> = {
  async check({ skill, with: args, schema }, { call }) {
    if (call === undefined) return notEvaluated('no skill can be called here');
    const result = await call({ skill, args });
    if (!result.ok) return notEvaluated(`${skill} fails: ${result.message}`);
    if (schema === undefined) return { holds: true };
    const value = result.output?.value ?? null;
    return findingOf(compileSchema(schema)(value).map((wrong) => `What ${skill} gives does not fit: ${wrong}.`));
  },
};

/** Bytes of one text that a model is shown. */
const MOST_SHOWN = 64 * 1024;

export const judgeChecker: Checker<CheckOf<'judge'>> = {
  async check({ judge: question, of, votes, passAt }, { judge, resolve, readBytes }) {
    if (judge === undefined) return notEvaluated('there is no model to judge');
    const texts: string[] = [];
    for (const reference of of) {
      const found = resolve(reference);
      if ('missing' in found) return notEvaluated(found.missing);
      const file = artifactRefSchema.safeParse(found.value);
      if (!file.success) texts.push(asText(found.value));
      else if (readBytes === undefined) return notEvaluated('no store of artifacts is there to read from');
      else texts.push(new TextDecoder().decode((await readBytes(file.data.$artifact, MOST_SHOWN)).bytes));
    }
    const scores = await judge(question, texts, votes);
    if (scores.length === 0 || scores.some((score) => !(score >= 0 && score <= 1)))
      return notEvaluated('the model gave no scores from 0 to 1');
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    return findingOf(
      mean >= passAt ? [] : [`A model judges "${question}" with ${mean.toFixed(2)}, less than ${passAt}.`],
    );
  },
};

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));

export const personChecker: Checker<CheckOf<'person'>> = {
  check: ({ person }) => notEvaluated(`it waits for a person to answer "${person}"`),
};
