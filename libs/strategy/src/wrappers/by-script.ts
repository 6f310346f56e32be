import type { Strategy } from '@praxis/core';

/** Which of the two goes on, and where it stands. */
interface Chosen {
  readonly isScript: boolean;
  readonly inner: unknown;
}

/**
 * One strategy for subgoals that bring their steps along, and another for all others; the `opened` event decides. It has
 * the id and the version of the other one: what an older release began, which knew no scripts, goes on as it is (S9).
 */
export function byScript(script: Strategy<unknown>, other: Strategy<unknown>): Strategy<unknown> {
  const of = (state: unknown): Chosen => state as Chosen;
  const moved = (isScript: boolean, { state, effects }: ReturnType<Strategy<unknown>['begin']>) => ({
    state: { isScript, inner: state } satisfies Chosen,
    effects,
  });
  const chosen = (isScript: boolean): Strategy<unknown> => (isScript ? script : other);
  return {
    id: other.id,
    version: other.version,
    begin(opened) {
      const isScript = opened.script !== undefined;
      return moved(isScript, chosen(isScript).begin(opened));
    },
    on(state, event) {
      const { isScript, inner } = of(state);
      return moved(isScript, chosen(isScript).on(inner, event));
    },
    ...(other.progressKey && {
      progressKey: (state) => (of(state).isScript ? null : other.progressKey!(of(state).inner)),
    }),
  };
}
