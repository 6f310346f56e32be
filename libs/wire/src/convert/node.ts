import {
  nodeSpecSchema,
  type Engine,
  type NodeLoad,
  type NodeSpec,
  type NodeView,
  type ServedModel,
  type ToolUse,
} from '@praxis/core';
import * as pb from '../gen/praxis/v1/node.js';
import type { ListedNode, NodeStanding } from '../nodes-api.js';
import { present } from './absent.js';
import { need, parse } from './parse.js';
import { enumCodec } from './enum-codecs.js';

const engineCodec = enumCodec<Engine, pb.NodeEngine>({
  vllm: pb.NodeEngine.VLLM,
  sglang: pb.NodeEngine.SGLANG,
  llamacpp: pb.NodeEngine.LLAMACPP,
  tgi: pb.NodeEngine.TGI,
  ollama: pb.NodeEngine.OLLAMA,
  simulator: pb.NodeEngine.SIMULATOR,
  embedded: pb.NodeEngine.EMBEDDED,
  unknown: pb.NodeEngine.UNSPECIFIED,
});

const kindCodec = enumCodec<ServedModel['kind'], pb.ModelKind>({
  chat: pb.ModelKind.CHAT,
  embedding: pb.ModelKind.EMBEDDING,
  skill: pb.ModelKind.SKILL,
  policy: pb.ModelKind.POLICY,
});

const toolUseCodec = enumCodec<ToolUse, pb.ToolUse>({
  native: pb.ToolUse.NATIVE,
  none: pb.ToolUse.NONE,
  unknown: pb.ToolUse.UNSPECIFIED,
});

const originCodec = enumCodec<NodeView['origin'], pb.NodeOrigin>({
  settings: pb.NodeOrigin.SETTINGS,
  registered: pb.NodeOrigin.REGISTERED,
});

const standingCodec = enumCodec<NodeStanding, pb.NodeStanding>({
  unknown: pb.NodeStanding.UNKNOWN,
  up: pb.NodeStanding.UP,
  busy: pb.NodeStanding.BUSY,
  draining: pb.NodeStanding.DRAINING,
  silent: pb.NodeStanding.SILENT,
  down: pb.NodeStanding.DOWN,
});

/** A node's description for the wire. */
export function toNodeSpec({ serves, engine, slots, keyVariable, tools, ...spec }: NodeSpec): pb.NodeSpec {
  return {
    ...spec,
    engine: engineCodec.to(engine),
    serves: serves.map(toServedModel),
    tools: toolUseCodec.to(tools),
    ...present({ slots, keyVariable }),
  };
}

/** A node's description from the wire. */
export function fromNodeSpec(message: pb.NodeSpec | undefined): NodeSpec {
  const { serves, engine, slots, keyVariable, tools, ...spec } = need('spec', message);
  return parse('spec', nodeSpecSchema, {
    ...spec,
    engine: engineCodec.from('spec.engine', engine),
    serves: serves.map(fromServedModel),
    slots: slots ?? null,
    keyVariable: keyVariable ?? null,
    tools: toolUseCodec.from('spec.tools', tools),
  });
}

function toServedModel({ name, kind, contextTokens, price, tools }: ServedModel): pb.ServedModel {
  return {
    name,
    kind: kindCodec.to(kind),
    price: price ?? undefined,
    tools: toolUseCodec.to(tools),
    ...present({ contextTokens }),
  };
}

function fromServedModel({ name, kind, contextTokens, price, tools }: pb.ServedModel): unknown {
  return {
    name,
    kind: kind === pb.ModelKind.UNSPECIFIED ? 'chat' : kindCodec.from('spec.serves.kind', kind),
    contextTokens: contextTokens ?? null,
    price: price ?? null,
    tools: toolUseCodec.from('spec.serves.tools', tools),
  };
}

/** A node and how it stands, for the wire. */
export function toListedNode({
  spec,
  origin,
  standing,
  isDraining,
  load,
  firstTokenMs,
  seenAt,
  ...rest
}: ListedNode): pb.InferenceNode {
  const told = {
    spec: toNodeSpec(spec),
    origin: originCodec.to(origin),
    standing: standingCodec.to(standing),
    draining: isDraining,
    load: load ? toLoad(load) : undefined,
  };
  return { ...rest, ...told, ...present({ firstTokenMs, seenAtMs: seenAt }) };
}

/** A node and how it stands, from the wire. */
export function fromListedNode({
  spec,
  origin,
  standing,
  draining,
  load,
  firstTokenMs,
  seenAtMs,
  ...rest
}: pb.InferenceNode): ListedNode {
  const told = {
    spec: fromNodeSpec(spec),
    origin: originCodec.from('node.origin', origin),
    standing: standingCodec.from('node.standing', standing),
  };
  return {
    ...rest,
    ...told,
    isDraining: draining,
    load: load ? fromLoad(load) : null,
    firstTokenMs: firstTokenMs ?? null,
    seenAt: seenAtMs ?? null,
  };
}

function toLoad({ at, isUp, note, running, waiting, kvUse, models }: NodeLoad): pb.NodeLoad {
  return {
    atMs: at,
    up: isUp,
    note,
    models: models ? { names: models } : undefined,
    ...present({ running, waiting, kvUse }),
  };
}

function fromLoad({ atMs, up, note, running, waiting, kvUse, models }: pb.NodeLoad): NodeLoad {
  return {
    at: atMs,
    isUp: up,
    note,
    running: running ?? null,
    waiting: waiting ?? null,
    kvUse: kvUse ?? null,
    models: models?.names ?? null,
  };
}
