/** A request that is answered with an error, as OpenAI's protocol tells one. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';

  constructor(
    readonly status: number,
    message: string,
    readonly more: {
      readonly type?: string;
      readonly code?: string;
      readonly param?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
  }

  /** The body that tells it. */
  get body(): object {
    const {
      type = this.status < 500 ? 'invalid_request_error' : 'server_error',
      code = null,
      param = null,
    } = this.more;
    return { error: { message: this.message, type, param, code } };
  }
}
