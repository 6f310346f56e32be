import { toolSchema, type Tool, type ToolBody } from '@praxis/core';
import type * as pb from '../gen/praxis/v1/tool.js';
import { need, parse } from './parse.js';
import { trustCodec } from './enum-codecs.js';

function toBody(body: ToolBody): pb.ToolBody {
  switch (body.kind) {
    case 'hint':
      return { body: { $case: 'hint', value: body } };
    case 'guard':
      return { body: { $case: 'guard', value: body } };
    case 'macro':
      return { body: { $case: 'macro', value: body } };
  }
}

/** A tool for the wire. */
export function toTool({ createdAt, ...tool }: Tool): pb.Tool {
  return {
    ...tool,
    body: toBody(tool.body),
    trust: trustCodec.to(tool.trust),
    createdAtMs: createdAt,
    evidence: { ...tool.evidence, tried: tool.evidence.tried ?? [] },
  };
}

/** A tool from the wire. */
export function fromTool({ createdAtMs, ...message }: pb.Tool): Tool {
  const body = need('tool.body', message.body?.body);
  const { tried, ...evidence } = need('tool.evidence', message.evidence);
  return parse('tool', toolSchema, {
    ...message,
    body: { ...body.value, kind: body.$case },
    trust: trustCodec.from('tool.trust', message.trust),
    evidence: { ...evidence, ...(tried.length > 0 && { tried }) },
    createdAt: createdAtMs,
  });
}
