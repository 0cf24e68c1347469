// Goal: what is no page, or none that may be read, is refused with the reason, in time.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ExitCode } from '../../lib/cli/exit-code.js';
import { isUrl } from '../../lib/cli/prometheus-source.js';
import { runInMemory } from './run-in-memory.js';

describe('the source of a Prometheus text', () => {
  let server: Server;
  let answer: RequestListener;
  let url: string;
  beforeEach(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const refusalOf = async (place: string, ...options: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runInMemory(['cardinality', place, ...options]);
    expect([exitCode, stdout]).to.deep.equal([ExitCode.failed, '']);
    return stderr;
  };

  it('should send the headers, and follow redirects within the host', async () => {
    const seen: unknown[] = [];
    answer = ({ url: path, headers }, response) => {
      seen.push([path, headers.authorization, headers['x-a']]);
      if (path === '/') response.writeHead(302, { location: '/metrics' }).end();
      else response.end('up 1\n');
    };
    const outcome = await runInMemory([
      'cardinality',
      url,
      '--header',
      'Authorization: Bearer x',
      '--header',
      'X-A:b:c',
    ]);
    expect(outcome).to.include({ exitCode: ExitCode.ok, stderr: '' });
    expect(seen).to.deep.equal([
      ['/', 'Bearer x', 'b:c'],
      ['/metrics', 'Bearer x', 'b:c'],
    ]);
  });

  it('should ask for a text that is not compressed, of which it would not see that it is cut', async () => {
    let accepted: unknown;
    answer = ({ headers }, response) => {
      accepted = headers['accept-encoding'];
      response.end('up 1\n');
    };
    expect((await runInMemory(['cardinality', url])).exitCode).to.equal(ExitCode.ok);
    expect(accepted).to.equal('identity');
  });

  it('should not go to another host, nor round in circles', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://localhost:1/metrics' }).end();
    expect(await refusalOf(url)).to.contain('redirects to another host, http://localhost:1');
    answer = (_, response) => response.writeHead(302, { location: '/' }).end();
    expect(await refusalOf(url)).to.contain('redirects more than 5 times');
  });

  it('should say what is missing where it is not let in, and where there is nothing', async () => {
    answer = (_, response) => response.writeHead(401).end('who?');
    expect(await refusalOf(url)).to.contain(
      `${url}: answered 401: it wants to know who asks, which --header`,
    );
    answer = (_, response) => response.writeHead(404).end();
    expect(await refusalOf(url)).to.contain('answered 404: is the path right?');
  });

  it('should refuse what is no Prometheus text, and what has no metric in it', async () => {
    answer = (_, response) => response.end('<!DOCTYPE html>\n<html>');
    expect(await refusalOf(url)).to.contain(
      `${url}: line 1 is no Prometheus text: expected the name of a metric: <!DOCTYPE html>`,
    );
    answer = (_, response) => response.end('');
    expect(await refusalOf(url)).to.contain('no metric in it');
    answer = (_, response) => response.writeHead(204).end();
    expect(await refusalOf(url)).to.contain('no metric in it');
  });

  it('should refuse OpenMetrics of which the end is missing, or comes too early, and no other text for it', async () => {
    const of = (type: string | undefined, text: string): void => {
      answer = (_, response) => {
        response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(text);
      };
    };
    const open = '# TYPE jobs counter\njobs_total 1\n';
    const missing = `${url}: the last line is not "# EOF": something of this OpenMetrics text is missing`;
    for (const type of ['application/openmetrics-text', 'Application/OpenMetrics-Text; version=1.0.0'])
      for (const text of [open, '', `${open}# EOFF\n`, `${open}# EOF\nup 1\n`]) {
        of(type, text);
        expect(await refusalOf(url), text).to.contain(missing);
      }
    const accepted = [
      ['application/openmetrics-text', `${open}# EOF\n`],
      ['text/plain; version=0.0.4', open],
      ['text/html', open],
    ] as const;
    for (const [type, text] of accepted) {
      of(type, text);
      expect(await runInMemory(['cardinality', url]), type).to.include({ exitCode: ExitCode.ok, stderr: '' });
    }
  });

  it('should give up who does not answer, and who does not come to an end', async () => {
    answer = () => undefined;
    expect(await refusalOf(url, '--timeout', '100ms')).to.contain('no whole answer within 0.1 s (--timeout)');
    answer = (_, response) => response.write('up 1\n');
    expect(await refusalOf(url, '--timeout', '100ms')).to.contain('no whole answer within 0.1 s (--timeout)');
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>(resolve => (isClosed = resolve));
    answer = (_, response) => {
      response.on('close', isClosed);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await refusalOf(url)).to.contain('line 1 is longer than 1048576 bytes');
    await closed;
  });

  it('should say why a connection or a file does not open', async () => {
    server.close();
    expect(await refusalOf(url)).to.contain('ECONNREFUSED');
    expect(await refusalOf('localhost:9464/metrics')).to.contain(
      'for a URL, write http://localhost:9464/metrics',
    );
    expect(await refusalOf('/nowhere')).to.contain('ENOENT');
  });

  it('should tell URLs from files', () => {
    expect(['http://a', 'HTTPS://a/b', 'a', '-', 'http', 'file:///a'].map(isUrl)).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
