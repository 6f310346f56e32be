import { checkHistory, LAWS } from './check-history.js';
import { EVENTS, RUN, SUBGOAL, goodHistory } from './good-history.js';

const { run, subgoal } = EVENTS;
const good = goodHistory();
const without = (events: readonly object[], type: string): readonly object[] =>
  events.filter((e) => (e as { type: string }).type !== type);
const change = (events: readonly object[], type: string, changes: object): readonly object[] =>
  events.map((e) => ((e as { type: string }).type === type ? { ...e, ...changes } : e));
const broken = (history: Parameters<typeof checkHistory>[0]): ReadonlySet<string> =>
  new Set(checkHistory(history).map((v) => v.law));
const mail = good.arrivals.at(-1)!;
const stamp = good.arrivals[2]!;

it('finds nothing wrong with a run in which all went well', () => {
  expect(checkHistory(good)).toEqual([]);
});

const SPOILT: readonly (readonly [law: string, worry: string, history: ReturnType<typeof goodHistory>])[] = [
  ['every acknowledged goal ends', 'a goal is acknowledged and forgotten', goodHistory({ streams: new Map() })],
  ['every acknowledged goal ends', 'a goal is never taken', goodHistory({ wasTaken: false, streams: new Map() })],
  ['every acknowledged goal ends', 'a run hangs', goodHistory({ run: without(run, 'ended') })],
  [
    'every acknowledged goal ends',
    'a run gives up what can be done',
    goodHistory({ run: change(run, 'ended', { outcome: 'failed' }) }),
  ],
  [
    'no acknowledged step is lost',
    'a client was told of what is no longer there',
    goodHistory({ told: [{ stream: `subgoal/${SUBGOAL}`, position: 90, type: 'observed' }] }),
  ],
  [
    'no acknowledged step is lost',
    'a client was told of something else',
    goodHistory({ told: [{ stream: `run/${RUN}`, position: 2, type: 'settled' }] }),
  ],
  [
    'no acknowledged step is lost',
    'the journal calls done what nobody was asked to do',
    goodHistory({ arrivals: [], wanted: [] }),
  ],
  [
    'no acknowledged step is lost',
    'a goal is done without what it wanted',
    goodHistory({ wanted: [...good.wanted, { deed: 'bill', item: 'item-1-1-1' }] }),
  ],
  [
    'no keyed effect is applied twice',
    'a step is decided anew although its effect came about',
    goodHistory({ arrivals: [...good.arrivals, { ...stamp, key: 'another' }] }),
  ],
  [
    'no probed effect is applied twice',
    'nobody asks whether it was done',
    goodHistory({ arrivals: [...good.arrivals, { ...stamp, deed: 'bill' }, { ...stamp, deed: 'bill' }] }),
  ],
  [
    "no unkeyed irreversible effect is attempted twice without a person's word",
    'it is done once more than people said',
    goodHistory({ arrivals: [...good.arrivals, mail, mail] }),
  ],
  [
    "no unkeyed irreversible effect is attempted twice without a person's word",
    'it is done again although a person said that it happened',
    goodHistory({
      arrivals: [...good.arrivals, mail],
      words: [{ deed: 'mail', item: mail.item, verdict: 'happened' }],
    }),
  ],
  [
    'each stream has one writer at a time',
    'two writers share a position',
    goodHistory({
      streams: new Map(
        [...good.streams].map(([s, events]) => [s, events.map((e, i) => (i === 3 ? { ...e, position: 2 } : e))]),
      ),
    }),
  ],
  [
    'each stream has one writer at a time',
    'time goes back',
    goodHistory({
      streams: new Map(
        [...good.streams].map(([s, events]) => [s, events.map((e, i) => (i === 3 ? { ...e, at: 0 } : e))]),
      ),
    }),
  ],
  [
    'each stream has one writer at a time',
    'a subgoal is opened by two executors',
    goodHistory({ subgoal: [subgoal[0]!, ...subgoal] }),
  ],
  [
    'each stream has one writer at a time',
    'a step is decided twice',
    goodHistory({ subgoal: [...subgoal.slice(0, 2), ...subgoal.slice(1)] }),
  ],
  [
    'each stream has one writer at a time',
    'a step is observed twice',
    goodHistory({ subgoal: [...subgoal.slice(0, 3), ...subgoal.slice(2)] }),
  ],
  [
    'each stream has one writer at a time',
    'a step is observed that nobody decided',
    goodHistory({ subgoal: without(subgoal, 'decided') }),
  ],
  [
    'each stream has one writer at a time',
    'a step changes its key',
    goodHistory({
      subgoal: subgoal.map((e, i) => ((e as { type: string }).type === 'tried' ? { ...e, key: `k${String(i)}` } : e)),
    }),
  ],
  [
    'each stream has one writer at a time',
    'a subgoal goes on after its end',
    goodHistory({ subgoal: [...subgoal, subgoal[1]!] }),
  ],
  ['each stream has one writer at a time', 'a run ends twice', goodHistory({ run: [...run, run.at(-1)!] })],
  [
    'each stream has one writer at a time',
    'an attempt is dispatched twice',
    goodHistory({ run: [...run.slice(0, 4), ...run.slice(3)] }),
  ],
  [
    'budgets are conserved',
    'more is handed out than there is',
    goodHistory({
      run: change(run, 'dispatched', { allowance: { steps: 51, calls: null, tokens: null, money: null, risk: null } }),
    }),
  ],
  [
    'budgets are conserved',
    'a grant comes out of nothing',
    goodHistory({
      run: change(run, 'answered', {
        answer: { verdict: 'grant', by: 'planner', grant: { steps: 11, calls: 0, tokens: 0, money: 0, risk: 0 } },
      }),
    }),
  ],
  [
    'budgets are conserved',
    'a subgoal is settled for less than it took',
    goodHistory({ run: change(run, 'settled', { steps: 2 }) }),
  ],
  [
    'budgets are conserved',
    'the account of a subgoal does not add up',
    goodHistory({ run: change(run, 'settled', { spent: { steps: 3, calls: 1, tokens: 0, money: 0, risk: 0 } }) }),
  ],
  [
    'budgets are conserved',
    'a subgoal takes more than it was allowed',
    goodHistory({
      subgoal: change(subgoal, 'opened', {
        allowance: { steps: 2, calls: null, tokens: null, money: null, risk: null },
      }),
    }),
  ],
  [
    'read models equal the folded journal',
    'the list shows a run as running that has ended',
    goodHistory({ models: { ...good.models, runs: [{ ...good.models.runs[0], status: 'running' }] } }),
  ],
  [
    'read models equal the folded journal',
    'a run is missing from the list',
    goodHistory({ models: { ...good.models, runs: [] } }),
  ],
  [
    'read models equal the folded journal',
    'a step is counted twice',
    goodHistory({ models: { ...good.models, subgoals: [{ ...good.models.subgoals[0], steps: 4 }] } }),
  ],
  [
    'read models equal the folded journal',
    'a question stays open that was answered',
    goodHistory({ models: { ...good.models, questions: [{ ...good.models.questions[0], verdict: null }] } }),
  ],
  [
    'read models equal the folded journal',
    'a question is there that nobody asked',
    goodHistory({
      models: { ...good.models, questions: [...good.models.questions, { id: 'q-2', kind: 'approval', verdict: null }] },
    }),
  ],
];

describe('checkHistory', () => {
  it.each(SPOILT)('%s: it notices when %s', (law, _worry, history) => {
    expect([...broken(history)]).toContain(law);
  });

  it('has a spoilt history for every law', () => {
    expect(new Set(SPOILT.map(([law]) => law))).toEqual(new Set(LAWS.map((law) => law.name)));
  });
});
