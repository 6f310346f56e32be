import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request for a reminder that came in. */
export interface Reminder {
  readonly customer: string;
  readonly key: string;
}

/** What a page of the shop links to, and how each link answers. */
const LINKS: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  '/good': (response) => response.end('good'),
  '/dead': (response) => response.writeHead(404).end(),
  '/broken': (response) => response.writeHead(500).end(),
  '/moved': (response) => response.writeHead(302, { location: '/good' }).end(),
  '/circle': (response) => response.writeHead(302, { location: '/circle' }).end(),
  '/slow': (response) => setTimeout(() => response.end('slow'), 500),
};

/**
 * A shop with overdue invoices: `GET /invoices`, and `POST /reminders`, which does what it is asked once per
 * `Idempotency-Key`. It has a page with links as well.
 */
export class Shop {
  /** Every request for a reminder, in order. */
  readonly requests: Reminder[] = [];
  /** Reminders that went out, in order. */
  readonly sent: string[] = [];
  /** How many of the next requests for a reminder of a customer are refused. */
  readonly refusals = new Map<string, number>();
  /** Reminders wait at the door, none gets an answer, once so many have gone out; null where they do not. */
  holdsAfter: number | null = null;
  readonly #keys = new Set<string>();
  readonly #customers: readonly string[];

  private constructor(
    private readonly server: Server,
    customers: number,
  ) {
    this.#customers = Array.from({ length: customers }, (_, i) => `customer-${i + 1}`);
  }

  static async open(customers: number): Promise<Shop> {
    const server = createServer((request, response) => void shop.#take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const shop: Shop = new Shop(server, customers);
    return shop;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get customers(): readonly string[] {
    return this.#customers;
  }

  /** The file that declares the shop's skills. */
  get skills(): string {
    return JSON.stringify({
      skills: [
        {
          name: 'list-overdue',
          summary: 'lists the invoices that are overdue',
          output: { type: 'object', required: ['invoices'] },
          http: { method: 'GET', url: `http://${this.host}/invoices`, query: { status: 'overdue' } },
        },
        {
          name: 'list-debtors',
          summary: 'lists the names of customers with an overdue invoice',
          ensures: ['(have ?debtors)', '(debtors ?debtors)'],
          output: { type: 'array', items: { type: 'string' } },
          http: {
            method: 'GET',
            url: `http://${this.host}/invoices`,
            query: { status: 'overdue' },
            select: 'invoices[].customer',
          },
        },
        {
          name: 'remind',
          summary: 'sends a customer a reminder',
          parameters: [{ name: 'customer', type: 'string' }],
          requires: ['(debtors ?list)', '(each ?customer ?list)'],
          ensures: ['(reminded ?list)'],
          effect: 'irreversible',
          keyed: true,
          http: { method: 'POST', url: `http://${this.host}/reminders`, body: 'json' },
        },
      ],
    });
  }

  /** Forgets what happened. */
  reset(): void {
    this.requests.length = 0;
    this.sent.length = 0;
    this.refusals.clear();
    this.#keys.clear();
    this.holdsAfter = null;
  }

  async close(): Promise<void> {
    this.holdsAfter = null;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, 'http://shop');
    const link = LINKS[pathname];
    if (link) return void link(response);
    if (pathname === '/page') return void response.setHeader('content-type', 'text/html').end(this.#page());
    if (pathname === '/invoices' && searchParams.get('status') === 'overdue')
      return json(response, 200, {
        invoices: this.#customers.map((customer, i) => ({ id: `inv-${i + 1}`, customer })),
      });
    if (pathname === '/reminders') return this.#remind(request, response);
    response.writeHead(404).end();
  }

  /** Links that are there twice, or lead to no web page, are not asked. */
  #page(): string {
    const links = [...Object.keys(LINKS), '/good#again', 'mailto:shop@example.com'];
    return `<title>Shop</title>${links.map((to) => `<a href="${to}">${to}</a>`).join('\n')}`;
  }

  async #remind(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { customer } = JSON.parse(await text(request)) as { readonly customer: string };
    const key = String(request.headers['idempotency-key']);
    this.requests.push({ customer, key });
    const refusals = this.refusals.get(customer) ?? 0;
    this.refusals.set(customer, refusals - 1);
    if (refusals > 0) return json(response, 422, { error: 'not today' });
    while (this.holdsAfter !== null && this.sent.length >= this.holdsAfter)
      await new Promise((resolve) => setTimeout(resolve, 20));
    if (!this.#keys.has(key)) this.sent.push(customer);
    this.#keys.add(key);
    json(response, 200, { sent: true });
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
