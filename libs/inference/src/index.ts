export * from './node-trouble.js';
export * from './pool/node-job.js';
export * from './pool/choose.js';
export * from './pool/node-pool.js';
export { refuseUnsafeUrl } from './safe-url.js';
export { firstUnsafe, unsafeHost, type AddressRules } from './client/node-address.js';
export { openNodeNetwork, type NodeNetwork } from './client/node-network.js';
export { createNodePool } from './pool/create-node-pool.js';
export { followRegistry, nodesOf, type FollowOptions } from './pool/follow-registry.js';
export { httpGet, httpGetOver, type HttpGet, type Page } from './probes/http-get.js';
export { readModelList, type ModelList } from './probes/model-list.js';
export { NodeProbe, type ProbeParts } from './probes/node-probe.js';
export { watchNodes, type WatchOptions } from './probes/watch-nodes.js';
export { CHOOSER_WEIGHTS, weightedChooser, type ChooserWeights } from './pool/weighted-chooser.js';
export * from './pool/pool-clock.js';
export * from './prompts/answers.js';
export * from './prompts/prompt-holes.js';
export * from './prompts/prompt-set.js';
export type { RenderedPrompt } from './prompts/render-prompt.js';
export * from './prompts/block-lines.js';
export { shapeText, signatureLine } from './prompts/skill-signature.js';
export { toldProblems, type Correction } from './prompts/correction.js';
export { shownProblem, type ProblemView } from './prompts/shown-problem.js';
export { SkillCatalogue, type SkillQuery } from './prompts/catalogue.js';
export * from './prompts/candidates-from-answers.js';
export * from './prompts/proposal-from-answer.js';
export { readAction, type ReadAction } from './prompts/read-action.js';
export * from './prompts/read-literals.js';
export * from './client/dialect.js';
export * from './client/node-client.js';
export * from './client/node-endpoint.js';
export * from './client/raw-answer.js';
export { ClientByEngine } from './embedded/client-by-engine.js';
export { EmbeddedClient, type EmbeddedOptions } from './embedded/embedded-client.js';
export { openLlama } from './embedded/load-llama.js';
export { SchemaCheck, schemaCheck } from './client/schema-check.js';
export { settleAnswer, type Settled } from './client/settle-answer.js';
export { CHARS_PER_TOKEN, inputTokens, textTokens } from './client/token-estimate.js';
export type { ModelChains } from './models/chain.js';
export { openModels, type ModelsOptions } from './models/open-models.js';
export { BLOCK_CHARS, BLOCK_TOKENS, prefixHashes } from './models/prefix.js';
export { recordedModels } from './models/recorded-models.js';
export { fileSink, recordingModels, type LineSink } from './models/recording-models.js';
export * from './prompts/pinned-prompts.js';
export {
  PromptRunner,
  noModel,
  type PromptRunnerOptions,
  type ModelResult,
  type ModelRequest,
} from './model-calls/prompt-runner.js';
export type { SkillRequest, SkillResult } from './model-calls/skill-request.js';
export * from './tool-calls/skill-choice.js';
export { skillSchema, SCHEMA_CHARS, SCHEMA_DEPTH } from './tool-calls/skill-schema.js';
export { nearestName } from './tool-calls/nearest-name.js';
export type { ModelAccess } from './model-calls/model-access.js';
export { estimateJudge, judgeCheck, type JudgeRequest, type Judgement } from './judging/judge-check.js';

export { parseNodes } from './nodes-file.js';
