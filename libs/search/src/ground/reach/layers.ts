import { PraxisError } from '@praxis/core';

import type { GroundAxiom } from '../ground-action.js';
import { appendTo } from './lists-by-key.js';

/**
 * Orders axioms in layers: a rule stands in a layer at or after those of the atoms it needs, and strictly after those
 * of the atoms whose negation it needs.
 */
export function layerAxioms(
  axioms: readonly GroundAxiom[],
  text: (literal: number) => string,
): readonly (readonly GroundAxiom[])[] {
  const rules = new Map<number, GroundAxiom[]>();
  for (const axiom of axioms) appendTo(rules, axiom.head, axiom);
  const layerOf = new Map<number, number>();
  const layers: GroundAxiom[][] = [];
  for (const component of components(rules)) {
    const members = new Set(component);
    const layer = layerOfComponent(members, rules, layerOf, text);
    for (const atom of component) {
      layerOf.set(atom, layer);
      while (layers.length <= layer) layers.push([]);
      layers[layer]!.push(...rules.get(atom)!);
    }
  }
  return layers;
}

function layerOfComponent(
  members: ReadonlySet<number>,
  rules: ReadonlyMap<number, readonly GroundAxiom[]>,
  layerOf: ReadonlyMap<number, number>,
  text: (literal: number) => string,
): number {
  let layer = 0;
  for (const atom of members) {
    for (const { condition } of rules.get(atom)!) {
      for (const literal of condition.literals) {
        const isNegative = literal % 2 === 1;
        if (isNegative && members.has(literal >> 1)) {
          throw new PraxisError(
            'invalid',
            `The derived fact ${text(2 * atom)} depends on its own negation; rewrite its rules without the cycle.`,
          );
        }
        layer = Math.max(layer, (layerOf.get(literal >> 1) ?? 0) + (isNegative && layerOf.has(literal >> 1) ? 1 : 0));
      }
    }
  }
  return layer;
}

/** Atoms that depend on each other, after those they depend on (Tarjan's algorithm with a stack of its own). */
function components(rules: ReadonlyMap<number, readonly GroundAxiom[]>): readonly (readonly number[])[] {
  const needs = (atom: number): number[] =>
    rules.get(atom)!.flatMap(({ condition }) => condition.literals.map((l) => l >> 1).filter((a) => rules.has(a)));
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const found: number[][] = [];
  const enter = (atom: number): { atom: number; needs: number[]; next: number } => {
    order.set(atom, order.size);
    low.set(atom, order.get(atom)!);
    open.push(atom);
    isOpen.add(atom);
    return { atom, needs: needs(atom), next: 0 };
  };
  const lower = (atom: number, value: number): void => void low.set(atom, Math.min(low.get(atom)!, value));
  for (const root of rules.keys()) {
    const path = order.has(root) ? [] : [enter(root)];
    while (path.length > 0) {
      const frame = path.at(-1)!;
      const need = frame.needs[frame.next++];
      if (need === undefined) {
        path.pop();
        if (path.length > 0) lower(path.at(-1)!.atom, low.get(frame.atom)!);
        if (low.get(frame.atom) === order.get(frame.atom)) found.push(close(frame.atom, open, isOpen));
      } else if (!order.has(need)) path.push(enter(need));
      else if (isOpen.has(need)) lower(frame.atom, order.get(need)!);
    }
  }
  return found;
}

function close(root: number, open: number[], isOpen: Set<number>): number[] {
  const component: number[] = [];
  for (;;) {
    const atom = open.pop()!;
    isOpen.delete(atom);
    component.push(atom);
    if (atom === root) return component;
  }
}
