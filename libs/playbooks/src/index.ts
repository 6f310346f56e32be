export { bindInputs, exampleOf } from './bind-inputs.js';
export { playbookProblems, type PlaybookProblem } from './check-playbook.js';
export { choosePlaybook, type Choice } from './choose-playbook.js';
export { compilePlaybook, goalOfPlaybook, titleOfPlaybook, type CompileFrame } from './compile-playbook.js';
export {
  findPlaybook,
  listPlaybooks,
  shippedPlaybooks,
  type BrokenPlaybook,
  type FoundPlaybook,
} from './find-playbooks.js';
export { readPlaybook } from './read-playbook.js';
export { SALES_SAMPLE } from './sample-files.js';
