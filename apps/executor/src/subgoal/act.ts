import { actionText, type Observation, type Skill } from '@praxis/core';
import { brief, leaf, measure } from '@praxis/platform';

/** Carries an action out, as a tool call of the trace, and measures how long the world took. */
export function act(skill: Skill, call: Parameters<Skill['run']>[0]): Promise<Observation> {
  const { name, effect } = skill.manifest;
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': call.key,
    'praxis.action': brief(actionText(call.action)),
    'praxis.effect': effect,
  };
  const began = performance.now();
  return leaf(`execute_tool ${name}`, attributes, async (note) => {
    const observation = await skill.run(call);
    const outcome = observation.result.ok ? 'ok' : observation.result.code;
    note({ 'praxis.outcome': outcome, ...(outcome !== 'ok' && outcome !== 'stale' && { 'error.type': outcome }) });
    measure.step(effect, outcome, performance.now() - began);
    return observation;
  });
}
