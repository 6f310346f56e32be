type Lines = readonly string[];

/** What a person asked for, in their own words, and what of it is about how. */
interface Asked {
  readonly request?: string;
  readonly constraints?: Lines;
}

/** What is known of the world and what may be done in it; each part may be missing. */
interface Known {
  readonly domain?: string;
  /** PDDL: the objects at least. */
  readonly problem?: string;
  /** Advice from the archive, best first. */
  readonly lessons?: Lines;
  readonly facts?: Lines;
}

/** What was done and what was refused, oldest first. */
interface Memory {
  readonly done?: Lines;
  readonly failures?: Lines;
}

/** What people answered, oldest first, and what was wrong before. */
interface Remarks {
  readonly answers?: Lines;
  readonly problems?: Lines;
}

/** What skills outside the world answered, oldest first: untrusted text, one line for each call. */
interface Results {
  readonly results?: Lines;
}

/** What a planner is told. */
interface PlannerHoles extends Known, Remarks, Results, Asked {
  readonly skills?: Lines;
  readonly agents: Lines;
  readonly goal: string;
}

/** What fills the holes of each shipped prompt; lists in which rank matters begin with the best. */
export interface PromptHoles {
  'meta-plan': PlannerHoles;
  'repair-plan': PlannerHoles & Memory & { readonly subgoals?: Lines; readonly reason: string };
  critique: Known &
    Asked & {
      readonly skills?: Lines;
      readonly agents: Lines;
      readonly agent: string;
      readonly goal: string;
      readonly subgoals: Lines;
      readonly plan?: Lines;
    };
  'next-action': Known &
    Memory &
    Remarks &
    Results &
    Asked & {
      readonly skills?: Lines;
      readonly agents?: Lines;
      readonly agent: string;
      readonly title: string;
      readonly goal: string;
      readonly plan?: Lines;
      readonly actions: Lines;
      /** Skills that may be called with arguments of the model's own, as `skillLine` writes them. */
      readonly calls?: Lines;
    };
  judge: Known & Memory & Results & Asked & { readonly goal: string; readonly candidates: Lines };
  'formal-goal': Pick<Known, 'problem' | 'facts'> &
    Remarks & { readonly domain: string; readonly scenarios?: Lines; readonly request: string };
  'check-judge': { readonly request?: string; readonly evidence?: Lines; readonly statement: string };
  'next-call': Remarks &
    Pick<Memory, 'failures'> &
    Results &
    Asked & {
      readonly title: string;
      /** What is true when the work is done, one line each. */
      readonly goal: Lines;
      readonly inputs?: Lines;
      readonly files?: Lines;
      readonly plan?: Lines;
      readonly lessons?: Lines;
    };
  'understand-request': Pick<Known, 'facts'> &
    Remarks & { readonly skills?: Lines; readonly inputs?: Lines; readonly request: string };
  'draft-plan': Remarks &
    Pick<Memory, 'failures'> &
    Asked & {
      readonly title: string;
      /** What is true when the work is done, one line each. */
      readonly goal: Lines;
      readonly inputs?: Lines;
      /** Steps that are done, with what they gave. */
      readonly done?: Lines;
      /** Skills as `signatureLine` writes them. */
      readonly skills: Lines;
      readonly lessons?: Lines;
    };
  'final-check': Pick<Known, 'problem' | 'facts'> & {
    readonly request?: string;
    readonly skills?: Lines;
    readonly goal: string;
    readonly steps?: Lines;
    readonly constraints: Lines;
  };
}

/** The prompts that are part of the product. */
export const PROMPT_NAMES = [
  'meta-plan',
  'repair-plan',
  'critique',
  'next-action',
  'judge',
  'formal-goal',
  'understand-request',
  'check-judge',
  'next-call',
  'draft-plan',
  'final-check',
] as const satisfies readonly (keyof PromptHoles)[];
export type PromptName = (typeof PROMPT_NAMES)[number];
