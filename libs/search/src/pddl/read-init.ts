import type { InitialState } from './ast.js';
import { itemOf, listOf, noMoreThan, numberIn, symbolOf } from './expect.js';
import { describeForm } from './form.js';
import type { Form, ListForm } from './form.js';
import { printTerm } from './print.js';
import { readFluent } from './read-expression.js';
import { NO_VARIABLES, predicateOf, readArguments } from './vocabulary.js';
import type { Reading } from './vocabulary.js';

type Atom = InitialState['atoms'][number];

/** Reads `(:init …)`: atoms and the values of functions. `(not …)` is allowed, and says what is so anyway. */
export function readInit(reading: Reading, list: ListForm): InitialState {
  const { source } = reading;
  const atoms = new Map<string, Atom>();
  const numbers = new Map<string, number>();
  for (const form of list.items.slice(1)) {
    const fact = listOf(source, form, 'a fact');
    const head = symbolOf(source, itemOf(source, fact, 0, 'a predicate'), 'a predicate');
    if (head.text === '=') {
      readNumber(reading, fact, numbers);
    } else if (head.text === 'not') {
      noMoreThan(source, fact, 2);
      readAtom(reading, listOf(source, itemOf(source, fact, 1, 'a fact'), 'a fact'));
    } else {
      const atom = readAtom(reading, fact);
      atoms.set(printTerm(atom.predicate, atom.args), atom);
    }
  }
  return { atoms: [...atoms.values()], numbers };
}

function readAtom(reading: Reading, list: ListForm): Atom {
  const { source, words } = reading;
  if (isTimed(list)) throw source.error(list.at, 'not supported: facts that become true at a time');
  const declared = predicateOf(reading, list);
  if (words.derived.has(declared.name)) throw source.error(list.at, `\`${declared.name}\` is derived by a rule, so it cannot be listed in :init`);
  return { predicate: declared.name, args: readArguments(reading, list, declared, NO_VARIABLES) };
}

/** `(at 5 (open door))` */
function isTimed(list: ListForm): boolean {
  const [head, time, fact] = list.items;
  return head?.kind === 'symbol' && head.text === 'at' && time?.kind === 'symbol' && numberIn(time.text) !== null && fact?.kind === 'list';
}

function readNumber(reading: Reading, list: ListForm, numbers: Map<string, number>): void {
  const { source } = reading;
  noMoreThan(source, list, 3);
  const target = readFluent(reading, itemOf(source, list, 1, '"(" and a function'), NO_VARIABLES);
  const form = itemOf(source, list, 2, 'a number');
  const value = valueOf(form);
  if (value === null) throw source.error(form.at, `found ${describeForm(form)}, expected a number`);
  const key = printTerm(target.function, target.args);
  if (numbers.has(key) && numbers.get(key) !== value) throw source.error(list.at, `\`${key}\` is given two values`);
  numbers.set(key, value);
}

function valueOf(form: Form): number | null {
  return form.kind === 'symbol' ? numberIn(form.text) : null;
}
