import { diag, DiagLogLevel } from '@opentelemetry/api';
import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import { FileAnswers, SECURITY_HEADERS } from '../../../lib/exposition/page/file-answers.js';
import { ask, serve, type RunningServer } from '../http-client.js';

describe('FileAnswers', () => {
  const text = '<p>größe ✓</p>';
  const answers = new FileAnswers('text/html', text);
  const servers: RunningServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map(server => server.close())));

  const start = async (before: (response: ServerResponse) => void = () => undefined): Promise<string> => {
    const server = await serve((request, response) => {
      before(response);
      void answers.answer(request, response);
    });
    servers.push(server);
    return server.url;
  };

  it('should answer GET and HEAD with what is in no one else’s hands', async () => {
    const url = await start();
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, body } = await ask(url, { method });
      expect(status).to.equal(200);
      expect(body.toString()).to.equal(method === 'GET' ? text : '');
      expect(headers).to.include({
        'content-type': 'text/html; charset=utf-8',
        'content-length': String(Buffer.byteLength(text)),
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': SECURITY_HEADERS['Content-Security-Policy'],
      });
    }
  });

  it('should allow no code but its own, and nothing to be sent elsewhere', () => {
    const policy = Object.fromEntries(
      SECURITY_HEADERS['Content-Security-Policy'].split('; ').map(rule => rule.split(/ (.*)/s).slice(0, 2)),
    ) as Record<string, string>;
    expect(policy).to.deep.equal({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'img-src': 'data:',
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
  });

  it('should know no other method', async () => {
    const url = await start();
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await ask(url, { method });
      expect([status, headers.allow], method).to.deep.equal([405, 'GET, HEAD']);
    }
  });

  it('should leave a response alone that was answered, and one that may not go on', async () => {
    expect((await ask(await start(response => response.writeHead(204).end()))).status).to.equal(204);
    const refusing = await serve((request, response) => {
      void answers.answer(request, response, () => {
        response.writeHead(403).end('no');
        return false;
      });
    });
    servers.push(refusing);
    const { status, body } = await ask(refusing.url);
    expect([status, body.toString()]).to.deep.equal([403, 'no']);
  });

  it('should say what a response throws, and nothing else', async () => {
    const warnings: unknown[][] = [];
    const ignore = (): void => undefined;
    const logger = { error: ignore, info: ignore, debug: ignore, verbose: ignore };
    diag.setLogger({ ...logger, warn: (...all) => void warnings.push(all) }, DiagLogLevel.WARN);
    try {
      const broken = {
        writeHead: () => {
          throw new Error('gone');
        },
      };
      await answers.answer({ method: 'GET' } as never, broken as never);
      expect(warnings.map(String).join()).to.contain('gone');
    } finally {
      diag.disable();
    }
  });
});
