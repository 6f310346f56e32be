import { printTerm } from '../pddl/print.js';

/** An action with the objects it is done to. */
export interface GroundAction {
  readonly action: string;
  readonly args: readonly string[];
}

/** `(move truck1 depot market)` */
export function printAction({ action, args }: GroundAction): string {
  return printTerm(action, args);
}
