export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  readonly name: string | undefined;
}

export interface Program {
  readonly name: string;
  readonly kind: 'worker' | 'server' | 'served' | 'program';
  readonly shows: string | undefined;
  /** What the document's command gives Node before the name. */
  readonly flags?: readonly string[];
}

export function codeBlocks(markdown: string): CodeBlock[];
export function programsOf(markdown: string): Program[];
export function writeFiles(markdown: string, folder: string): void;
export function checkProgram(folder: string, program: Program): Promise<void>;
export function pageOf(
  folder: string,
  name: string,
  options: {
    args?: readonly string[];
    flags?: readonly string[];
    port?: number;
    isWanted: (page: string) => boolean;
  },
): Promise<string>;
