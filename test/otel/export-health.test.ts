import { diag, DiagLogLevel } from '@opentelemetry/api';
import { expect } from 'chai';
import { ExportHealth } from '../../lib/otel/export-health.js';

describe('ExportHealth', () => {
  let said: string[];
  beforeEach(() => {
    said = [];
    const ignore = (): void => undefined;
    const say =
      (level: string) =>
      (...words: unknown[]): void =>
        void said.push([level, ...words].map(String).join(' '));
    diag.setLogger(
      { error: say('error'), warn: say('warn'), info: say('info'), debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
    );
  });
  afterEach(() => diag.disable());

  it('says an hour of failures in two lines, the first with its reason', () => {
    const health = new ExportHealth();
    for (let round = 0; round < 60; round++) health.arrived();
    for (let round = 0; round < 60; round++) health.failed(new Error(`reason ${round}`));
    for (let round = 0; round < 60; round++) health.arrived();
    expect(said).to.have.length(2);
    expect(said[0]).to.match(/^error .*reason 0/);
    expect(said[1]).to.match(/^info .*60/);
  });

  it('says once that deltas are given up, and how often when exports arrive again', () => {
    const health = new ExportHealth();
    health.failed(new Error('down'));
    for (let round = 0; round < 7; round++) health.gaveUp(`reason ${round}`);
    health.arrived();
    health.failed(new Error('down'));
    health.gaveUp('another');
    expect(said.map(text => text.split(' ')[0])).to.deep.equal(['error', 'error', 'info', 'error', 'error']);
    expect(said[1]).to.include('reason 0');
    expect(said[2]).to.match(/7$/);
  });
});
