/** What the instant node always answers: an action that is always legal here. */
export const ALWAYS_LEGAL = { skill: 'wait', args: {} } as const;

const ANSWER = JSON.stringify({
  thought: 'The van has to be filled before the long road, and nothing else is left to do in this town.',
  action: '(wait)',
  question: '',
});

/** Characters of a piece: about a token. */
const PIECE = 4;

/** The answer as servers stream it: a chunk for each token, then the count of tokens. */
export function cannedStream(): string {
  const pieces = ANSWER.match(new RegExp(`.{1,${PIECE}}`, 'gs')) ?? [];
  const chunk = (delta: object, finish: string | null = null): object => ({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'instant',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const usage = {
    id: 'c',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'instant',
    choices: [],
    usage: { prompt_tokens: 1500, completion_tokens: pieces.length, total_tokens: 1500 + pieces.length },
  };
  const chunks = [
    chunk({ role: 'assistant' }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    usage,
  ];
  return `${chunks.map((c) => `data: ${JSON.stringify(c)}\n\n`).join('')}data: [DONE]\n\n`;
}
