import type { Engine } from '@praxis/core';

/** What serving engines understand by the same protocol. */
export interface Dialect {
  /**
   * How a schema for the answer is told: as OpenAI does, or as TGI, which knows `{type: 'json_object', value: SCHEMA}`
   * in all its versions and refuses the nested form in most.
   */
  readonly format: 'json_schema' | 'json_object_value';
  /** Whether a schema for the answer and tools may stand in one request. */
  readonly formatWithTools: boolean;
  /**
   * How one certain tool is asked for: by its name, or, where a name is read as `auto` (llama.cpp) or ignored (Ollama),
   * as the only tool there is.
   */
  readonly namedTool: 'by-name' | 'only-tool';
  /** Whether `tool_choice: none` keeps it from calling tools; else they are not sent at all. */
  readonly obeysNone: boolean;
  /**
   * Whether it gives token ids when asked by `return_token_ids`. Never asked of engines that may refuse unknown fields.
   */
  readonly tokenIds: boolean;
}

const OPENAI: Dialect = {
  format: 'json_schema',
  formatWithTools: true,
  namedTool: 'by-name',
  obeysNone: true,
  tokenIds: false,
};
const VLLM: Dialect = { ...OPENAI, tokenIds: true };

/** The differences between engines that a request has to mind. */
export const DIALECTS: Readonly<Record<Engine, Dialect>> = {
  vllm: VLLM,
  simulator: VLLM,
  sglang: OPENAI,
  llamacpp: { ...OPENAI, namedTool: 'only-tool' },
  tgi: { ...OPENAI, format: 'json_object_value', formatWithTools: false },
  ollama: { ...OPENAI, namedTool: 'only-tool', obeysNone: false },
  embedded: OPENAI,
  unknown: OPENAI,
};
