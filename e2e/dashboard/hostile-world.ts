import {
  snapshotsOf,
  type Action,
  type Observation,
  type OpenRequest,
  type World,
  type WorldInfo,
  type WorldSession,
} from '@praxis/core';

/** Text that would run, lie about its direction or drown a page that took it for anything but text. */
export const HOSTILE = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}\u202Egpj.exe\u202C`;

/** A line of a megabyte. */
const DROWNING = `${HOSTILE} ${'drown '.repeat(170_000)}`;

/** How many refusals drown; the others are merely hostile. */
const DROWNED = 2;

/** A world that behaves like another one and says everything in the most hostile words it can. */
export class HostileWorld implements World {
  #refusals = 0;

  constructor(
    private readonly world: World,
    private readonly name: string,
  ) {}

  async describe(): Promise<WorldInfo> {
    const info = await this.world.describe();
    return {
      ...info,
      name: this.name,
      summary: HOSTILE,
      skills: info.skills.map((s) => ({ ...s, summary: HOSTILE })),
      scenarios: info.scenarios.map((s) => ({ ...s, title: HOSTILE })),
    };
  }

  async open(request: OpenRequest): Promise<WorldSession> {
    return this.spoil(await this.world.open(request));
  }

  async resume(sessionId: string): Promise<WorldSession> {
    return this.spoil(await this.world.resume(sessionId));
  }

  private spoil(session: WorldSession): WorldSession {
    return {
      id: session.id,
      briefing: () => session.briefing(),
      observe: () => session.observe(),
      act: async (action: Action, key: string): Promise<Observation> => {
        const seen = await session.act(action, key);
        return seen.result.ok
          ? seen
          : { ...seen, result: { ...seen.result, message: this.#refusals++ < DROWNED ? DROWNING : HOSTILE } };
      },
      legal: () => session.legal!(),
      check: (condition) => session.check(condition),
      snapshots: {
        ...snapshotsOf(session),
        clone: async (snapshot, seed) => this.spoil(await snapshotsOf(session).clone(snapshot, seed)),
      },
      close: () => session.close(),
    };
  }
}
