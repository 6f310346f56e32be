import type { Outputs } from '../../../../src/api.js';
import { filesOf } from '../../model/artifacts.js';
import { previewOf } from '../../model/value-shape.js';
import { Text } from '../../ui/text.js';
import { FileLinks } from './file-list.js';
import { Taint } from './taint.js';

/** What a subgoal left to others, in short. */
export function OutputPreviews({ run, outputs }: { readonly run: string; readonly outputs: Outputs }) {
  return Object.entries(outputs).map(([name, output]) => {
    const files = filesOf(output);
    return (
      <div key={name} className="facts-row">
        <dt>
          Gave <Text value={name} />
        </dt>
        <dd className="output">
          <Text className="mono" value={previewOf(output.value)} />
          {files.length > 0 && <FileLinks run={run} files={files} />}
          <Taint taint={output.taint} />
        </dd>
      </div>
    );
  });
}
