import type { InitialState } from '../ast.js';
import { itemOf, listOf, noMoreThan, numberIn, symbolOf } from './expect.js';
import { describeForm } from './form.js';
import type { Form, ListForm } from './form.js';
import { printTerm } from '../print.js';
import { readFluent } from './read-expression.js';
import { NO_VARIABLES, predicateOf, readArguments } from '../types/vocabulary.js';
import type { Reading } from '../types/vocabulary.js';

type Atom = InitialState['atoms'][number];

/** Reads `(:init …)`: atoms and the values of functions. `(not …)` is allowed, and says what is so anyway. */
export function readInit(reading: Reading, list: ListForm): InitialState {
  return new InitReader(reading).read(list);
}

class InitReader {
  readonly #atoms = new Map<string, Atom>();
  readonly #numbers = new Map<string, number>();
  /** Functions with a value that nothing declares. */
  readonly #undeclared = new Set<string>();

  constructor(readonly reading: Reading) {}

  read(list: ListForm): InitialState {
    const { source } = this.reading;
    for (const form of list.items.slice(1)) {
      const fact = listOf(source, form, 'a fact');
      const head = symbolOf(source, itemOf(source, fact, 0, 'a predicate'), 'a predicate');
      if (head.text === '=') {
        this.#readNumber(fact);
      } else if (head.text === 'not') {
        noMoreThan(source, fact, 2);
        this.#readAtom(listOf(source, itemOf(source, fact, 1, 'a fact'), 'a fact'));
      } else {
        const atom = this.#readAtom(fact);
        this.#atoms.set(printTerm(atom.predicate, atom.args), atom);
      }
    }
    return { atoms: [...this.#atoms.values()], numbers: this.#numbers };
  }

  #readAtom(list: ListForm): Atom {
    const { source, words } = this.reading;
    if (isTimed(list)) throw source.error(list.at, 'not supported: facts that become true at a time');
    const { name } = predicateOf(this.reading, list);
    if (words.derived.has(name)) {
      throw source.error(list.at, `\`${name}\` is derived by a rule, so it cannot be listed in :init`);
    }
    return { predicate: name, args: readArguments(this.reading, list, words.predicates.get(name)!, NO_VARIABLES) };
  }

  #readNumber(list: ListForm): void {
    const { source } = this.reading;
    noMoreThan(source, list, 3);
    const form = itemOf(source, list, 1, '"(" and a function');
    const valueForm = itemOf(source, list, 2, 'a number');
    if (this.#isUndeclared(form)) return;
    const target = readFluent(this.reading, form, NO_VARIABLES);
    const value = valueForm.kind === 'symbol' ? numberIn(valueForm.text) : null;
    if (value === null) throw source.error(valueForm.at, `found ${describeForm(valueForm)}, expected a number`);
    const key = printTerm(target.function, target.args);
    const before = this.#numbers.get(key);
    if (before !== undefined && before !== value) throw source.error(list.at, `\`${key}\` is given two values`);
    this.#numbers.set(key, value);
  }

  /** A value of a function that the domain does not declare is left out: nothing can read it. */
  #isUndeclared(form: Form): boolean {
    const { source, words } = this.reading;
    const head = form.kind === 'list' ? form.items[0] : undefined;
    if (head?.kind !== 'symbol' || words.functions.has(head.text) || numberIn(head.text) !== null) return false;
    if (!this.#undeclared.has(head.text)) {
      source.warn(head.at, `the domain declares no function \`${head.text}\`, so its values are left out`);
    }
    this.#undeclared.add(head.text);
    return true;
  }
}

/** `(at 5 (open door))` */
function isTimed(list: ListForm): boolean {
  const [head, time, fact] = list.items;
  return (
    head?.kind === 'symbol' &&
    head.text === 'at' &&
    time?.kind === 'symbol' &&
    numberIn(time.text) !== null &&
    fact?.kind === 'list'
  );
}
