// One thing to explore: a scenario with the shipped steps, or a variant until a scenario catches it.
import { Explorer, type Finding } from './explorer.js';
import { SCENARIOS } from './scenarios.js';
import { loadShippedSources } from './shipped-sources.js';
import { VARIANTS } from './variants.js';

export interface Job {
  readonly kind: 'scenario' | 'variant';
  readonly name: string;
  /** The binary of a variant whose kernel differs, in base64. */
  readonly kernel?: string;
}

export interface JobResult extends Omit<Finding, 'trace'> {
  readonly job: Job;
  readonly trace: readonly string[];
  readonly seconds: number;
}

export async function runJob(job: Job): Promise<JobResult> {
  const start = performance.now();
  const variant = job.kind === 'variant' ? VARIANTS.find(({ name }) => name === job.name)! : undefined;
  const sources = await loadShippedSources(variant?.edits, job.kernel);
  let finding: Finding | undefined;
  for (const name of variant?.scenarios ?? [job.name]) {
    finding = new Explorer(SCENARIOS[name]!.explore(sources)).run();
    if (finding.violation !== undefined) break;
  }
  return { job, ...finding!, seconds: (performance.now() - start) / 1000 };
}
