import type { Goal } from '../../../../src/api.js';
import { filesIn, isFile } from '../../model/artifacts.js';
import { goalChecks } from '../../model/check-words.js';
import type { RunModel } from '../../model/run-model.js';
import { argumentText } from '../../model/run-words.js';
import { LongText, Text } from '../../ui/text.js';
import { FileLinks } from '../result/file-list.js';

interface GoalProps {
  readonly run: string;
  readonly goal: Goal;
  readonly opened: RunModel['opened'];
}

/** What the goal was given, what it follows, and when it is done. */
export function GoalGiven({ run, goal, opened }: GoalProps) {
  const checks = goalChecks(goal, opened);
  return (
    <>
      {goal.playbook !== null && (
        <>
          <dt>Playbook</dt>
          <dd>
            <Text value={goal.playbook.playbook} />
          </dd>
        </>
      )}
      {Object.keys(goal.inputs).length > 0 && (
        <>
          <dt>Inputs</dt>
          <dd className="arguments">
            <Inputs run={run} inputs={goal.inputs} />
          </dd>
        </>
      )}
      {checks.length > 0 && (
        <>
          <dt>Done when</dt>
          <dd>
            <ul className="checks">
              {checks.map(({ name, words }, i) => (
                <li key={i}>
                  <LongText value={words} /> {name !== null && <Text className="quiet" value={name} />}
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {goal.result !== null && (
        <>
          <dt>Gives</dt>
          <dd>
            <LongText className="mono" value={argumentText(goal.result)} />
          </dd>
        </>
      )}
    </>
  );
}

function Inputs({ run, inputs }: { readonly run: string; readonly inputs: Goal['inputs'] }) {
  return Object.entries(inputs).map(([name, value]) => {
    const files = filesIn(value);
    const isFiles = isFile(value) || (Array.isArray(value) && value.length > 0 && value.every(isFile));
    return (
      <span key={name}>
        <Text className="quiet" value={name} /> {!isFiles && <LongText className="mono" value={argumentText(value)} />}
        {files.length > 0 && <FileLinks run={run} files={files} />}
      </span>
    );
  });
}
