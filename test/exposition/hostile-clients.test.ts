// Goal: whatever clients do, of the endpoint or of a handler in a server of the application, the process lives, its memory is
// bounded and others are answered. Method: raw sockets against real servers; the slow readers, and those that never finish
// asking, against one in a process of little memory.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import type { Scrape } from '../../lib/exposition/http/scrape-answers.js';
import { LOOK_MILLIS, LOOKS_MAX } from '../../lib/exposition/http/scrape-places.js';
import type { ScrapeServerOptions } from '../../lib/exposition/http/scrape-server.js';
import { ROOT } from '../support/source-tree.js';
import { ask } from './http-client.js';
import {
  closeAll,
  DOORS,
  GET,
  HANG_MILLIS,
  open,
  sockets,
  startCounted,
  statusOf,
  talk,
  until,
} from './raw-clients.js';
import type { Counted, Door } from './raw-clients.js';

/** A process of little memory with many series, behind a door that it opens itself. Prints its port; what is wrong follows. */
function programOf(door: string): string {
  const lib = (path: string): string => JSON.stringify(new URL(`../../lib/${path}`, import.meta.url).href);
  const opened =
    door === 'the endpoint'
      ? `const { url } = await startPrometheusEndpoint({ store, host: '127.0.0.1', port: 0 });
         console.log(new URL(url).port);`
      : `const server = createServer(prometheusHandler({ store }));
         server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  return `
    import { createServer } from 'node:http';
    import { startPrometheusEndpoint } from ${lib('exposition/prometheus-endpoint.ts')};
    import { prometheusHandler } from ${lib('exposition/prometheus-handler.ts')};
    import { createStore } from ${lib('otel/metric-store.ts')};
    process.on('unhandledRejection', reason => console.log('unhandled', reason));
    const store = createStore({ cardinalityLimit: 30_000 });
    const counter = store.getMeter('m').createCounter('attacked');
    for (let i = 0; i < 6000; i++) counter.add(i, { i: String(i), pad: 'x'.repeat(600) });
    ${opened}
    setInterval(() => counter.add(1, { i: '0' }), 5);
  `;
}

for (const [doorName, door] of Object.entries(DOORS)) describeDoor(doorName, door);

function describeDoor(doorName: string, door: Door): void {
  const startHere = (options: Partial<ScrapeServerOptions> = {}, length = Infinity): Promise<Counted> =>
    startCounted(options, length, door);

  describe(`hostile clients of ${doorName}`, () => {
    const rejections: unknown[] = [];
    const note = (reason: unknown): void => void rejections.push(reason);
    before(() => process.on('unhandledRejection', note));
    after(() => process.off('unhandledRejection', note));
    afterEach(async () => {
      await closeAll();
      expect(rejections.splice(0)).to.deep.equal([]);
    });

    describe('faults: slow-scrapes-oom', () => {
      it('should answer only so many at once, and say so to who waited in vain', async () => {
        const counted = await startHere({ scrapesMax: 3 });
        // They read, so nobody takes their places away.
        for (let index = 0; index < 3; index++) (await open(counted.port)).resume().write(GET);
        await until(() => counted.open === 3);
        const impatient = GET.replace('\r\n\r\n', '\r\nX-Prometheus-Scrape-Timeout-Seconds: 0.1\r\n\r\n');
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => talk(counted.port, impatient, /again/)),
        );
        for (const answer of answers)
          expect(answer)
            .to.match(/^HTTP\/1\.1 503 /)
            .and.to.match(/^Retry-After: 1\r$/m);
        expect(counted).to.include({ collections: 3, open: 3 });
        sockets[0]?.destroy();
        expect(await talk(counted.port, GET, /up\{/)).to.match(/^HTTP\/1\.1 200 /);
      });

      it('should answer all of many that come at once', async () => {
        const counted = await startHere({}, 3);
        const statuses = await Promise.all(Array.from({ length: 40 }, () => statusOf(counted.port)));
        expect(statuses).to.deep.equal(Array<number>(40).fill(200));
      });

      for (const gzip of ['', 'Accept-Encoding: gzip\r\n'])
        it(`should answer whole who comes beside 80 that read nothing${gzip && ', compressed'}`, async () => {
          let most = 0;
          const noise = randomBytes(65_536);
          const counted = await startHere({
            scrape: () =>
              Promise.resolve({
                *chunks(): Generator<Uint8Array> {
                  most = Math.max(most, ++counted.open);
                  try {
                    // More than sockets and gzip take in.
                    for (let index = 0; index < 200; index++) yield noise;
                  } finally {
                    counted.open--;
                  }
                },
              }),
          });
          const silent = await Promise.all(Array.from({ length: 80 }, () => open(counted.port)));
          for (const socket of silent) socket.pause().write(GET.replace('\r\n\r\n', `\r\n${gzip}\r\n`));
          await until(() => counted.open === 8);
          const url = `http://127.0.0.1:${counted.port}/metrics`;
          for (let round = 0; round < 3; round++) {
            const { status, body } = await ask(url);
            expect([status, body.length]).to.deep.equal([200, 200 * 65_536]);
          }
          expect(most).to.be.at.most(8);
        });

      it('should take no place away while nobody waits for one, nor before the client has his turn', async () => {
        let finish: () => void = () => undefined;
        const collected = new Promise<void>(resolve => (finish = resolve));
        const late = (): Promise<Scrape> => collected.then(() => ({ chunks: () => [Buffer.from('up 1\n')] }));
        const waiting = await startHere({ scrapesMax: 2, scrape: late });
        const asked = Array.from({ length: 6 }, () => statusOf(waiting.port));
        const silent = await startHere({ scrapesMax: 1 });
        (await open(silent.port)).pause().write(GET);
        await until(() => silent.open === 1);
        await new Promise(resolve => setTimeout(resolve, 3 * LOOKS_MAX * LOOK_MILLIS));
        expect(silent).to.include({ collections: 1, open: 1 });
        finish();
        expect(await Promise.all(asked)).to.deep.equal(Array<number>(6).fill(200));
        expect(await talk(silent.port, GET, /up\{/)).to.match(/^HTTP\/1\.1 200 /);
      });

      it('should cut off who takes too long, whether he reads a little or nothing', async () => {
        const counted = await startHere({ answerTimeoutMillis: 1000, scrapesMax: 2 });
        const [silent, slow] = [await open(counted.port), await open(counted.port)];
        silent.pause().write(GET);
        slow.pause().write(GET);
        const sips = setInterval(() => void (slow.read(100) ?? slow.read()), 20);
        await until(() => counted.open === 2);
        await until(() => counted.open === 0);
        clearInterval(sips);
        expect(await talk(counted.port, GET, /up\{/)).to.match(/^HTTP\/1\.1 200 /);
      });

      it('should live beside 80 clients that read nothing and 2,000 that never finish asking, and answer who comes', async function () {
        this.timeout(HANG_MILLIS * 4);
        const flags = [
          '--max-old-space-size=160',
          '--import',
          'tsx',
          '--input-type=module',
          '--eval',
          programOf(doorName),
        ];
        const child = spawn(process.execPath, flags, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
        child.setMaxListeners(100);
        try {
          const printed: string[] = [];
          createInterface(child.stdout).on('line', line => printed.push(line));
          await until(() => printed.length > 0);
          const port = Number(printed[0]);
          let answered = 0;
          for (let index = 0; index < 80 && child.exitCode === null && child.signalCode === null; index++) {
            const socket = await open(port);
            socket.write(GET);
            await new Promise(resolve => {
              socket.once('readable', resolve).once('close', resolve);
              child.once('exit', resolve);
            });
            if (String(socket.read(12) ?? '').endsWith('200')) answered++;
          }
          expect([child.exitCode, child.signalCode], 'how the process ended').to.deep.equal([null, null]);
          // Each took the place of one that did not read, and the memory is that of eight.
          expect(answered).to.equal(80);
          for (let index = 0; index < 2000; index += 100)
            for (const socket of await Promise.all(Array.from({ length: 100 }, () => open(port))))
              socket.resume().write('GET /metrics HTTP/1.1\r\nHost: loc');
          expect(await statusOf(port)).to.equal(200);
          expect([child.exitCode, child.signalCode], 'how the process ended').to.deep.equal([null, null]);
          sockets.splice(0).forEach(socket => socket.destroy());
          await until(async () => (await statusOf(port)) === 200);
          expect(printed).to.have.length(1);
        } finally {
          child.kill('SIGKILL');
        }
      });
    });

    it('should free the places of requests that wait behind others of a connection that closes', async () => {
      const counted = await startHere({ scrapesMax: 4 });
      for (let round = 0; round < 5; round++) {
        const socket = await open(counted.port);
        socket.pause().write(GET.repeat(20));
        await until(() => counted.open > 0);
        socket.destroy();
        await until(() => counted.open === 0);
      }
      for (let index = 1; index <= 4; index++) {
        (await open(counted.port)).pause().write(GET);
        await until(() => counted.open === index);
      }
    });

    it('should free the places of clients that go away while their text is collected', async () => {
      let finish: () => void = () => undefined;
      const collected = new Promise<void>(resolve => (finish = resolve));
      let asked = 0;
      const scrape = async (): Promise<Scrape> => {
        asked++;
        await collected;
        return { chunks: () => [Buffer.from('up 1\n')] };
      };
      const counted = await startHere({ scrape, scrapesMax: 2 });
      for (let index = 0; index < 2; index++) (await open(counted.port)).write(GET);
      await until(() => asked === 2);
      sockets.splice(0).forEach(socket => socket.destroy());
      const impatient = { 'x-prometheus-scrape-timeout-seconds': '0.1' };
      const { status } = await ask(`http://127.0.0.1:${counted.port}/metrics`, { headers: impatient });
      expect(status).to.equal(503);
      finish();
      await until(async () => (await statusOf(counted.port)) === 200);
    });

    it('should answer pipelined requests in their order', async () => {
      const counted = await startHere({}, 2);
      const answer = await talk(
        counted.port,
        GET.repeat(5) + GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'),
      );
      expect(answer.match(/HTTP\/1\.1 200 /g)).to.have.length(6);
      expect(answer.match(/^up\{i="0"\} 1$/gm)).to.have.length(6 * 4096);
    });

    it('should answer many more pipelined requests than there are places, and warn of nothing', async () => {
      const warnings: Error[] = [];
      const warned = (warning: Error): void => void warnings.push(warning);
      process.on('warning', warned);
      try {
        const counted = await startHere({ scrapesMax: 12 }, 1);
        const last = GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
        const answer = await talk(counted.port, GET.repeat(99) + last);
        expect(answer.match(/HTTP\/1\.1 200 /g)).to.have.length(100);
        expect(answer.match(/^up\{i="0"\} 1$/gm)).to.have.length(100 * 4096);
      } finally {
        process.off('warning', warned);
      }
      expect(warnings).to.deep.equal([]);
    });

    it('should answer who has ended his side of the connection', async () => {
      const { port } = await startHere({}, 1);
      const socket = await open(port);
      socket.end(GET);
      const [first] = (await once(socket, 'data')) as [Buffer];
      expect(String(first)).to.match(/^HTTP\/1\.1 200 /);
    });
  });
}

describe('hostile clients of the endpoint, which is a server of its own', () => {
  afterEach(closeAll);

  it('should answer the absolute form of a request', async () => {
    const { port } = await startCounted({}, 1);
    expect(await statusOf(port, `http://localhost:${port}/metrics`)).to.equal(200);
    expect(await statusOf(port, `HTTP://127.0.0.1/metrics?a=b`)).to.equal(200);
    expect(await statusOf(port, 'http://localhost/other')).to.equal(404);
    expect(await statusOf(port, 'http://localhost')).to.equal(404);
  });

  it('should not answer to the name of a web page that means this machine', async () => {
    const { port } = await startCounted({}, 1);
    const counted = await startCounted({ allowedHosts: ['metrics.example'] }, 1);
    expect(await statusOf(port, '/metrics', `evil.example:${port}`)).to.equal(403);
    // The absolute form counts, whatever Host says.
    expect(await statusOf(port, 'http://evil.example/metrics')).to.equal(403);
    expect(await statusOf(port, 'http://localhost/metrics', 'evil.example')).to.equal(200);
    expect(await statusOf(port, 'http://localhost@evil.example/metrics')).to.equal(403);
    expect(await statusOf(port, '/other', 'evil.example')).to.equal(403);
    expect(await statusOf(counted.port, '/metrics', 'Metrics.Example:80')).to.equal(200);
    expect(await statusOf(counted.port, '/metrics', '[::1]:80')).to.equal(200);
    expect(await talk(counted.port, 'GET /metrics HTTP/1.0\r\n\r\n')).to.match(/^HTTP\/1\.1 403 /);
    expect(await talk(counted.port, 'GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n')).to.match(/ 400 /);
    expect(await talk(counted.port, GET.replace('Host:', 'Host: localhost\r\nHost:'), /Host/)).to.match(
      / 400 /,
    );
    expect(await talk(counted.port, GET.replace('localhost', '"<b>'), /allowedHosts/)).to.contain('"\\"<b>"');
  });

  it('should stand what is no request for metrics', async () => {
    const counted = await startCounted({}, 1);
    const header = (name: string, value: string): string =>
      GET.replace('\r\n\r\n', `\r\n${name}: ${value}\r\n\r\n`);
    const rows: [what: string, sent: string, status: number][] = [
      ['garbage', '\0\u0001\u0002 what?\r\n\r\n', 400],
      ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03', 400],
      ['64 kB of headers', header('X-Padding', 'x'.repeat(65_536)), 431],
      [
        'an upgrade',
        GET.replace('\r\n\r\n', '\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n'),
        200,
      ],
      [
        'an HTTP/2 upgrade',
        header('Upgrade', 'h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, close'),
        200,
      ],
      ['HTTP/2 itself', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
      ['an expectation', header('Expect', '200-ok\r\nConnection: close'), 417],
      ['HEAD', header('Connection', 'close').replace('GET', 'HEAD'), 200],
      [
        'no acceptable format',
        header('Accept', 'image/png\r\nAccept-Encoding: *;q=0\r\nConnection: close'),
        200,
      ],
      ['OPTIONS *', header('Connection', 'close').replace('GET /metrics', 'OPTIONS *'), 404],
      ['a body', header('Content-Length', '5\r\nConnection: close') + 'abcde', 200],
      ['a bad chunk', header('Transfer-Encoding', 'chunked') + 'zz\r\n', 400],
      ['two lengths', header('Content-Length', '1\r\nContent-Length: 2'), 400],
    ];
    for (const [what, sent, status] of rows)
      expect(Number((await talk(counted.port, sent, /^HTTP.*\r\n\r\n/s)).slice(9, 12)), what).to.equal(
        status,
      );
    expect(await talk(counted.port, 'CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n')).to.equal('');
    expect(await statusOf(counted.port)).to.equal(200);
  });

  it('should close connections that ask for nothing', async function () {
    this.timeout(HANG_MILLIS * 2);
    const { port } = await startCounted({}, 1);
    const [silent, half] = [await open(port), await open(port)];
    half.write('GET /metrics HTTP/1.1\r\nHost: loc');
    silent.resume();
    half.resume();
    await Promise.all([once(silent, 'close'), once(half, 'close')]);
  });
});
