import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cannedStream } from './canned-answer.js';

// A process of its own, so that its work does not count as ours: answers every request at once with the same stream.
const body = Buffer.from(cannedStream());
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request
    .resume()
    .on('end', () =>
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': body.length }).end(body),
    );
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
