// Stands in for the ports that a container engine publishes: takes connections at each host:hostPort to to:port.
import { connect, createServer } from 'node:net';

const ports = JSON.parse(process.argv[2]);
await Promise.all(
  ports.map(({ host, hostPort, to, port }) => {
    const server = createServer((from) => {
      const there = connect(port, to);
      // A side that breaks off takes the other one along; a container that is away refuses.
      from
        .on('error', () => there.destroy())
        .pipe(there)
        .on('error', () => from.destroy())
        .pipe(from);
    });
    return new Promise((resolve, reject) => server.on('error', reject).listen(hostPort, host, resolve));
  }),
);
process.stdout.write('open\n');
