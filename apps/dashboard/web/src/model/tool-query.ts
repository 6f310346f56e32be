import type { Tool, Trust } from '../../../src/api.js';

export const TRUSTS: readonly Trust[] = ['active', 'candidate', 'rejected', 'retired'];

/** Which tools are looked at; it stands in the address. */
export interface ToolQuery {
  readonly trust: Trust | null;
  readonly space: string | null;
}

/** Reads the address; what it does not know it leaves out. */
export function readToolQuery(params: URLSearchParams): ToolQuery {
  return { trust: TRUSTS.find((t) => t === params.get('trust')) ?? null, space: params.get('space') };
}

/** The address of our page for a query. */
export function toolsHref({ trust, space }: ToolQuery): string {
  const params = new URLSearchParams({ ...(trust === null ? {} : { trust }), ...(space === null ? {} : { space }) });
  return params.size === 0 ? '/tools' : `/tools?${params.toString()}`;
}

/** The tools that fit, those learned last first. */
export function chooseTools(tools: readonly Tool[], { trust, space }: ToolQuery): readonly Tool[] {
  return tools
    .filter((t) => (space === null || t.space === space) && (trust === null || t.trust === trust))
    .sort((a, b) => b.createdAt - a.createdAt);
}
