// With OpenTelemetry's own package: recipes/register.mjs. Here: who has it, in which order, and a package that fails.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diag, DiagLogLevel, type MeterProvider } from '@opentelemetry/api';
import { expect } from 'chai';
import { RuntimeInstrumentation } from '../../lib/register/runtime-instrumentation.js';

const NAME = '@opentelemetry/instrumentation-runtime-node';

/** Asks for its meter as instrumentations do: by the provider that it is given. */
const RECORDING = `exports.RuntimeNodeInstrumentation = class {
  setMeterProvider(provider) { this.meter = provider.getMeter('${NAME}'); }
  disable() { this.meter.createCounter('disabled'); }
};`;

describe('RuntimeInstrumentation', () => {
  const cwd = process.cwd();
  let folder: string;
  let done: string[];
  let runtime: RuntimeInstrumentation;
  const provider = {
    getMeter: (name: string) => {
      runtime.noteMeter(name);
      done.push(name);
      return { createCounter: (what: string) => done.push(what) };
    },
  } as unknown as MeterProvider;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'otel-argo-metrics-')));
    process.chdir(folder);
    done = [];
    runtime = new RuntimeInstrumentation();
  });
  afterEach(() => {
    process.chdir(cwd);
    rmSync(folder, { recursive: true });
  });

  function install(code: string): void {
    const path = join(folder, 'node_modules', NAME);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name: NAME, main: 'main.cjs' }));
    writeFileSync(join(path, 'main.cjs'), code);
  }

  it('should be turned on where it is installed, until the application has one', () => {
    install(RECORDING);
    provider.getMeter('app');
    runtime.turnOn(provider);
    provider.getMeter('other');
    expect(done).to.deep.equal(['app', NAME, 'other']);
    provider.getMeter(NAME);
    provider.getMeter(NAME);
    expect(done.slice(3)).to.deep.equal(['disabled', NAME, NAME]);
  });

  it('should leave it to an application that has one before', () => {
    install(RECORDING);
    provider.getMeter(NAME);
    runtime.turnOn(provider);
    expect(done).to.deep.equal([NAME]);
  });

  it('should do nothing where it is not installed, and say that one cannot be turned on', () => {
    const said: string[] = [];
    const say = (text: string): void => void said.push(text);
    diag.setLogger(
      { error: say, warn: say, info: say, debug: say, verbose: say },
      { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
    );
    try {
      runtime.turnOn(provider);
      expect(said).to.deep.equal([]);
      install('throw new Error("broken")');
      runtime.turnOn(provider);
      expect(said.join()).to.match(/runtime-node cannot be turned on: Error: broken/);
    } finally {
      diag.disable();
    }
  });
});
